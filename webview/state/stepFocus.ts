import { signal } from '@preact/signals';
import { rangeShowing, type StepRange, settledRange, zoomedRange } from './stepRange';

/** The recorded step that is `by` recorded steps after another step; null where every step is recorded. */
type Neighbour = (step: number, by: number) => Promise<number> | null;

/** The focus of the user in a run: the visible steps, the selected step, and the step under the pointer. */
export class StepFocus {
  /** The visible steps; null for the whole run, as it grows. */
  readonly zoom = signal<StepRange | null>(null);
  /** The step that the user has selected; null for the last one. */
  readonly cursor = signal<number | null>(null);
  /** The step under the pointer, while there is one. */
  readonly hover = signal<number | null>(null);
  readonly #steps: () => number;
  readonly #neighbour: Neighbour;

  /**
   * @param steps  a function that returns the current number of steps
   * @param neighbour  where not every step is recorded
   */
  constructor(steps: () => number, neighbour: Neighbour = () => null) {
    this.#steps = steps;
    this.#neighbour = neighbour;
  }

  /** The number of steps that can be shown. */
  get steps(): number {
    return this.#steps();
  }

  /** The first and last visible step. */
  get range(): StepRange {
    return this.zoom.value ?? [1, Math.max(2, this.steps)];
  }

  /** The step whose values are shown: that of the pointer, else the selected one, else the last. */
  get step(): number {
    return Math.max(
      1,
      Math.min(this.hover.value ?? this.cursor.value ?? this.steps, Math.max(1, this.steps)),
    );
  }

  /** Moves the cursor; without one, from the last step. @param by  a number of steps, or of recorded ones; negative: back */
  moveBy(by: number): void {
    if (this.steps === 0) return;
    const from = this.cursor.value ?? this.steps;
    const recorded = this.#neighbour(from, by);
    if (recorded === null) this.moveCursor(from + by);
    else
      recorded.then(
        (step) => this.moveCursor(step),
        // The run has been removed.
        () => {},
      );
  }

  moveCursor(step: number | null): void {
    if (step === null) {
      this.cursor.value = null;
      return;
    }
    const settled = Math.max(1, Math.min(Math.round(step), Math.max(1, this.steps)));
    this.cursor.value = settled;
    const zoom = this.zoom.value;
    if (zoom !== null) this.setZoom(rangeShowing(zoom, settled, this.steps));
  }

  setZoom(range: StepRange | null): void {
    const next = range === null ? null : settledRange(range, this.steps);
    const now = this.zoom.value;
    if (next !== null && now !== null && next[0] === now[0] && next[1] === now[1]) return;
    this.zoom.value = next;
  }

  /** Zooms about the current step if it is visible, else about the middle. */
  zoomBy(factor: number): void {
    const { range, step } = this;
    const centre = step >= range[0] && step <= range[1] ? step : (range[0] + range[1]) / 2;
    this.setZoom(zoomedRange(range, centre, factor, this.steps));
  }

  /** Shows the whole run again, with the last step selected. */
  reset(): void {
    this.zoom.value = null;
    this.cursor.value = null;
    this.hover.value = null;
  }
}
