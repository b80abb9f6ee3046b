import { signal } from '@preact/signals';
import type { HostApi } from '../../src/protocol/panel';
import type { StepRange } from './stepRange';

/** The computation of the history of a coordinate that was not recorded: one at a time. */
export class Picking {
  /** null while no history is computed. */
  readonly coordinate = signal<number | null>(null);
  readonly #host: () => HostApi;

  constructor(host: () => HostApi) {
    this.#host = host;
  }

  /**
   * @param range  the steps; null for all
   * @returns whether the history is there now; rejects with one sentence if it cannot be computed
   */
  async fillIn(runId: string, coordinate: number, range: StepRange | null): Promise<boolean> {
    this.coordinate.value = coordinate;
    try {
      await this.#host().fillIn(runId, coordinate, range);
      return this.coordinate.value === coordinate;
    } catch (error) {
      // The user has cancelled it, or picked another one.
      if (this.coordinate.value !== coordinate) return false;
      throw error;
    } finally {
      if (this.coordinate.value === coordinate) this.coordinate.value = null;
    }
  }

  cancel(): void {
    this.coordinate.value = null;
    this.#host().stopFillIn();
  }
}
