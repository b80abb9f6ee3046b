import { signal } from '@preact/signals';

/** Which update is explained: that of a coordinate at the step cursor. */
export class Explaining {
  /** The coordinate whose update is explained; null while no explanation is shown. */
  readonly coordinate = signal<number | null>(null);
  #last: number | null = null;

  /** @param coordinate  if absent: the one that was explained last, else the first shown one */
  open(coordinate: number | undefined, shown: readonly number[]): void {
    const next = coordinate ?? (this.#last !== null && shown.includes(this.#last) ? this.#last : shown[0]);
    if (next === undefined) return;
    this.#last = next;
    this.coordinate.value = next;
  }

  close(): void {
    this.coordinate.value = null;
  }
}
