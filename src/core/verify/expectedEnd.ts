import { type Batches, batchesOf } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { Objective } from '../objective';
import type { RunObserver } from '../runLoop';
import type { StepView } from '../update';

/** The points of a run whose loss is measured, in its last tenth. */
const points = 16;
const lastShare = 0.1;
/** The draws for each point: together at most half as many evaluations as the run has steps. */
const fewestDraws = 4;
const mostDraws = 64;

/** Whether each step has a loss function of its own, and there is none over all samples. */
export function hasLossPerStep(config: RunConfig, isContextual: boolean): boolean {
  return isContextual && config.samples === null && config.validation === null;
}

/** The losses at the end of a run whose loss differs from step to step. */
export interface LossesAtEnd {
  /** Means at 16 places of the end, in the order of the steps. */
  readonly means: readonly number[];
  /** Whether the loss draws random numbers. Otherwise the functions of the steps are what they are, and so are the losses. */
  readonly isRandom: boolean;
  /** The number of steps from which the places are taken, up to the last one. */
  readonly steps: number;
}

/**
 * The losses at the end of a run, for a loss that differs from step to step.
 *
 * Where it draws random numbers, a single value, and even a mean over some steps, may be a lucky draw. The expected loss is measured
 * at 16 points of the last tenth of the run, each with draws of its own that no step has seen. Two runs with equally many
 * steps are measured with the same draws, so their differences can be compared.
 *
 * Otherwise the loss that counts is that of each step, before the step: the point after it has adapted to this loss function, and
 * will be measured by the next one.
 */
export class ExpectedEnd implements RunObserver {
  readonly #config: RunConfig;
  readonly #batches: Batches;
  readonly #every: number;
  /** The last points, in a ring. */
  readonly #last: Float64Array[] = [];
  #count = 0;
  /** The losses of the last steps, in a ring: that of step t has the index (t − 1) mod its length. */
  readonly #losses: Float64Array;
  #t = 0;

  constructor(config: RunConfig) {
    this.#config = config;
    this.#batches = batchesOf(config.samples, config.batch, config.seed);
    this.#every = Math.max(1, Math.floor((lastShare * config.steps) / points));
    this.#losses = new Float64Array(points * this.#every);
  }

  onStep({ t, params, loss }: StepView): void {
    this.#t = t;
    this.#losses[(t - 1) % this.#losses.length] = loss;
    if ((this.#config.steps - t) % this.#every === 0)
      this.#last[this.#count++ % points] = Float64Array.from(params);
  }

  /** null if the run has fewer than 16 steps, the loss throws, or a value is not finite. */
  async losses(objective: Pick<Objective, 'value'>): Promise<LossesAtEnd | null> {
    const first = this.#count > points ? this.#count % points : 0;
    const inOrder = [...this.#last.slice(first), ...this.#last.slice(0, first)];
    if (inOrder.length < points || this.#t < this.#losses.length) return null;
    const steps = this.#losses.length;
    try {
      const drawn = await this.#drawnMeans(objective, inOrder);
      const means = drawn ?? this.#meansOfSteps();
      return means.every(Number.isFinite) ? { means, isRandom: drawn !== null, steps } : null;
    } catch {
      return null;
    }
  }

  /** The mean loss over the draws at each point; null if the value is the same with two draws at each of them. */
  async #drawnMeans(
    objective: Pick<Objective, 'value'>,
    at: readonly Float64Array[],
  ): Promise<number[] | null> {
    const { steps, seed } = this.#config;
    const draws = Math.max(fewestDraws, Math.min(mostDraws, Math.floor(steps / (2 * points))));
    const sums = new Array<number>(points).fill(0);
    const firstValues: number[] = [];
    let isRandom = false;
    for (let k = 1; k <= draws; k++) {
      for (const [i, params] of at.entries()) {
        const t = Math.max(1, steps - (points - 1 - i) * this.#every);
        const value = await objective.value(params, contextAt(seed + k, this.#batches, t, this.#batches.all));
        if (k === 1) firstValues.push(value);
        isRandom ||= !Object.is(value, firstValues[i]);
        sums[i]! += value;
      }
      if (k === 2 && !isRandom) return null;
    }
    return sums.map((sum) => sum / draws);
  }

  #meansOfSteps(): number[] {
    const { length } = this.#losses;
    const inOrder = Array.from({ length }, (_, i) => this.#losses[(this.#t + i) % length]!);
    return Array.from({ length: points }, (_, i) =>
      meanOf(inOrder.slice(i * this.#every, (i + 1) * this.#every)),
    );
  }
}

/** The number of standard errors that a difference must exceed. */
const beyondNoise = 3;

/**
 * Whether one expected loss is below another one by more than chance explains: the mean of the differences between the
 * points is more than three standard errors below 0.
 */
export function isExpectedLower(one: LossesAtEnd, other: LossesAtEnd): boolean {
  const differences = one.means.map((value, i) => value - other.means[i]!);
  return meanOf(differences) < -beyondNoise * errorOf(differences);
}

/** The standard error of the expected loss; 0 where the loss draws no random numbers. */
export function standardErrorOf({ means, isRandom }: LossesAtEnd): number {
  return isRandom ? errorOf(means) : 0;
}

/** The standard error of the mean of independent values. */
function errorOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length * (values.length - 1)));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
