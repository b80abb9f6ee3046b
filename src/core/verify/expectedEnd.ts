import { type Batches, batchesOf } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { Objective } from '../objective';
import type { RunObserver } from '../runLoop';
import type { StepView } from '../update';

/** The points of a run whose expected loss is measured, in its last tenth. */
const points = 16;
const lastShare = 0.1;
/** The draws for each point: together at most half as many evaluations as the run has steps. */
const fewestDraws = 4;
const mostDraws = 64;

/** Whether each step has a loss function of its own, and there is none over all samples. */
export function hasLossPerStep(config: RunConfig, isContextual: boolean): boolean {
  return isContextual && config.samples === null && config.validation === null;
}

/**
 * The expected loss at the end of a run, for a loss that differs from step to step: a single value, and even a mean over some
 * steps, may be a lucky draw. Measured at 16 points of the last tenth of the run, each with draws of its own that no step has
 * seen. Two runs with equally many steps are measured with the same draws, so their differences can be compared.
 */
export class ExpectedEnd implements RunObserver {
  readonly #config: RunConfig;
  readonly #batches: Batches;
  readonly #every: number;
  /** The last points, in a ring. */
  readonly #last: Float64Array[] = [];
  #count = 0;

  constructor(config: RunConfig) {
    this.#config = config;
    this.#batches = batchesOf(config.samples, config.batch, config.seed);
    this.#every = Math.max(1, Math.floor((lastShare * config.steps) / points));
  }

  onStep({ t, params }: StepView): void {
    if ((this.#config.steps - t) % this.#every === 0)
      this.#last[this.#count++ % points] = Float64Array.from(params);
  }

  /** The mean loss at each of the last points, in the order of the steps; null if the loss throws or a value is not finite. */
  async means(objective: Pick<Objective, 'value'>): Promise<readonly number[] | null> {
    const first = this.#count > points ? this.#count % points : 0;
    const inOrder = [...this.#last.slice(first), ...this.#last.slice(0, first)];
    return inOrder.length < points ? null : this.#meansAt(objective, inOrder);
  }

  /** The mean loss at one point with all draws of `means`. */
  async meanAt(objective: Pick<Objective, 'value'>, params: Float64Array): Promise<number> {
    const means = await this.#meansAt(objective, new Array(points).fill(params));
    return means ? meanOf(means) : Number.NaN;
  }

  async #meansAt(objective: Pick<Objective, 'value'>, at: readonly Float64Array[]): Promise<number[] | null> {
    const { steps, seed } = this.#config;
    const draws = Math.max(fewestDraws, Math.min(mostDraws, Math.floor(steps / (2 * points))));
    const means: number[] = [];
    try {
      for (const [i, params] of at.entries()) {
        const t = Math.max(1, steps - (points - 1 - i) * this.#every);
        let sum = 0;
        for (let k = 1; k <= draws; k++)
          sum += await objective.value(params, contextAt(seed + k, this.#batches, t, this.#batches.all));
        means.push(sum / draws);
      }
    } catch {
      return null;
    }
    return means.every(Number.isFinite) ? means : null;
  }
}

/** The number of standard errors that a difference must exceed. */
const beyondNoise = 3;

/**
 * Whether one expected loss is below another one by more than chance explains: the mean of the differences between the
 * points is more than three standard errors below 0.
 */
export function isExpectedLower(one: readonly number[], other: readonly number[]): boolean {
  const differences = one.map((value, i) => value - other[i]!);
  const mean = meanOf(differences);
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = Math.sqrt(squares / (differences.length * (differences.length - 1)));
  return mean < -beyondNoise * error;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
