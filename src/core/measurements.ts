/** Values that are measured during a run by additional evaluations of the loss. */
export interface MeasuredValues {
  /** a·λmax(P⁻¹H), see `StabilityGauge`; NaN if the optimizer has no stability limit. */
  readonly stability: number;
  /**
   * The expected rise of the loss after the stability limit is passed, see `expectedRebound`; infinite if
   * unbounded.
   */
  readonly rebound: number;
}

export type MeasuredName = keyof MeasuredValues;

/** Values that were measured at one step. */
export interface Measurement extends MeasuredValues {
  /** The step, 1-based. */
  readonly t: number;
}

/**
 * The measurements of one run. Probes post them with their step, and recorders read them by step. A value
 * holds from its step until the next measurement. Only the latest one is stored, so it must be read before
 * the next one is posted, in `RunObserver.afterStep`.
 */
export class Measurements {
  #latest: Measurement | null = null;

  /** @param measurement  its step must not be before that of the previous one */
  post(measurement: Measurement): void {
    this.#latest = measurement;
  }

  /** Ends the validity of the last value: from step t on nothing is measured. */
  endAt(t: number): void {
    if (this.#latest !== null && !Number.isNaN(this.#latest.stability))
      this.#latest = { ...this.#latest, t, stability: Number.NaN };
  }

  /** The value that holds at step t; NaN if nothing has been measured. */
  at(t: number, name: MeasuredName): number {
    const latest = this.#latest;
    return latest !== null && latest.t <= t ? latest[name] : Number.NaN;
  }
}
