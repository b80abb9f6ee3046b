import type { Expectation } from './config/runConfig';
import { formatNumber } from './numerics/format';
import type { RunOutcome } from './run';
import { extraPlace, recordPlaces, type StepLayout } from './trace/layout';

/** A loss of the run, and the t of the point it belongs to: 0 is the start. */
export interface LossAt {
  readonly loss: number;
  readonly t: number;
}

/** What became of an expectation. */
export interface ExpectationResult {
  readonly met: boolean;
  /** The least loss within the expected steps; null if there was no number. */
  readonly reached: LossAt | null;
  /** The first point whose loss was low enough; null if there was none. */
  readonly metAt: number | null;
}

/**
 * Holds a run against what is expected of it: met if
 *
 *   L(theta_t) < loss   for some t <= steps, the start and the final point included
 *
 * where L is the loss that the run watches: its own or, with mini-batches, that over all samples (the validation loss where
 * there is one), which is known at the ends of epochs. `steps` defaults to those of the run. A NaN meets nothing.
 */
export class ExpectationWatch {
  readonly #expectation: Expectation;
  readonly #watched: number;
  readonly #stepsPerEpoch: number;
  #reached: LossAt | null = null;
  #metAt: number | null = null;

  /** @param stepsPerEpoch  1 without mini-batches */
  constructor(expectation: Expectation, layout: StepLayout, stepsPerEpoch: number) {
    this.#expectation = expectation;
    this.#watched = extraPlace(layout, 'watched');
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  /** Takes the record that stands in `data` at `offset`. Records come in order of t. */
  onRecord(data: Float64Array, offset: number): void {
    const t = data[offset + recordPlaces.t]!;
    if (this.#watched < 0) this.#offer(t - 1, data[offset + recordPlaces.loss]!);
    // Within an epoch the watched loss is still that of its beginning.
    else this.#offer(t - (t % this.#stepsPerEpoch), data[offset + this.#watched]!);
  }

  /** @param outcome  null if the run did not come to an end of its own; then what was recorded decides */
  result(outcome: Pick<RunOutcome, 'steps' | 'final' | 'best'> | null): ExpectationResult {
    if (outcome) {
      this.#offer(outcome.best.t, outcome.best.loss);
      if (this.#watched < 0) this.#offer(outcome.steps, outcome.final.loss);
    }
    return { met: this.#metAt !== null, reached: this.#reached, metAt: this.#metAt };
  }

  #offer(t: number, loss: number): void {
    const { loss: limit, steps } = this.#expectation;
    if (Number.isNaN(loss) || (steps !== null && t > steps)) return;
    if (this.#reached === null || loss < this.#reached.loss) this.#reached = { loss, t };
    if (this.#metAt === null && loss < limit) this.#metAt = t;
  }
}

/** "expected loss < 1e-8 within 5000 steps: reached 3e-9 at step 1200 ✓" */
export function expectationWords(expectation: Expectation, { met, reached }: ExpectationResult): string {
  const { loss, steps } = expectation;
  const within = steps === null ? '' : ` within ${steps} steps`;
  const sign = met ? '✓' : '✗';
  if (!reached)
    return `expected loss < ${formatNumber(loss)}${within}: the loss was NaN at every step ${sign}`;
  // As many digits as it takes to tell the two apart.
  const digits =
    [3, 6, 17].find((each) => formatNumber(reached.loss, each) !== formatNumber(loss, each)) ?? 17;
  const number = (value: number) => formatNumber(value, digits);
  return `expected loss < ${number(loss)}${within}: reached ${number(reached.loss)} at step ${reached.t} ${sign}`;
}
