/** What is measured beside a run, by evaluating the loss again. */
export interface MeasuredValues {
  /** a·λmax(P⁻¹H), see `StabilityGauge`; NaN where the optimizer has no limit to hold it against. */
  readonly stability: number;
  /** How far the loss may jump if the stability passes its limit, see `expectedRebound`; infinite where nothing bounds it. */
  readonly rebound: number;
}

export type MeasuredName = keyof MeasuredValues;

/** Values that were measured at one step. */
export interface Measurement extends MeasuredValues {
  /** The step, 1-based. */
  readonly t: number;
}

/**
 * The measurements of one run: probes post them by step, and whoever records the run reads them by step. A value holds from
 * its own step on until the next measurement. Only the latest is kept, so a step is to be read before a later one is posted:
 * `RunObserver.afterStep` is the place.
 */
export class Measurements {
  #latest: Measurement | null = null;

  /** @param measurement  of a step not before the last one posted */
  post(measurement: Measurement): void {
    this.#latest = measurement;
  }

  /** From step t on nothing is measured: the last value does not hold any longer. */
  endAt(t: number): void {
    if (this.#latest !== null && !Number.isNaN(this.#latest.stability))
      this.#latest = { ...this.#latest, t, stability: Number.NaN };
  }

  /** The value that holds at step t; NaN where nothing has been measured. */
  at(t: number, name: MeasuredName): number {
    const latest = this.#latest;
    return latest !== null && latest.t <= t ? latest[name] : Number.NaN;
  }
}
