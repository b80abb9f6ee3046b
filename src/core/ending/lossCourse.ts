import type { EpochView, RunObserver } from '../runLoop';
import type { StepView } from '../update';
import { type DecayingOscillation, decayingOscillation } from './decayingOscillation';

/** The most blocks that are kept. When they are full, pairs of blocks are joined. */
const mostBlocks = 200;
/** The end of a run: this share of its blocks. */
const tailShare = 0.2;
const fewestInTail = 4;

/** The loss over the last fifth of a run. */
export interface Tail {
  /** The decrease per step at the end, where the losses are on a straight line or a parabola; negative if the loss rose. */
  readonly fallAtEnd: number;
  /**
   * The decrease per step at the end as it is stated; null where the loss is without noise, and its last values agree on none: it
   * oscillates, or recovers from a rise.
   */
  readonly rate: number | null;
  /** The number of steps of a block. */
  readonly blockSteps: number;
  /** The mean, the lowest and the highest of the block means. */
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  /** The standard error of the mean if its n losses are independent: their standard deviation divided by √n. */
  readonly standardError: number;
  /** The decrease per step of a line that is fitted to the block means; negative if the loss rose. */
  readonly fallPerStep: number;
  /** The standard deviation of `fallPerStep`. */
  readonly fallError: number;
  /**
   * Whether the slope of that line is more than the residuals explain: its t statistic is above 3, and it falls at the end. Where
   * means count as losses, also more than the losses within the blocks explain: a few means may be on a line by chance. A loss
   * without noise that became lower in each block falls, too, however much its slope changes.
   */
  readonly isFalling: boolean;
  /** The decrease per step from the last block but one to the last. */
  readonly lastBlockFall: number;
  /** Whether each block mean is below the one before. */
  readonly isDescending: boolean;
  /**
   * The decrease from the middle third to the last third, divided by that from the first third to the middle one;
   * infinite if only the later one is positive. A loss that approaches a value geometrically has a ratio below 1.
   */
  readonly ratio: number;
  /** The number of steps from the first to the last block. */
  readonly steps: number;
  /** The standard deviation of a single loss from that line; of a mean, where means count as losses, at least what the single losses explain: a few means may be on a line by chance. */
  readonly spread: number;
}

/** What the course consists of. */
export interface CourseUnit {
  /** More than 1: the losses after each epoch of so many steps, instead of those of the steps. */
  readonly stepsPerEpoch: number;
  /**
   * The number of consecutive losses of which the mean counts as one loss: more than 1 if the loss function
   * differs from step to step.
   */
  readonly averaged: number;
  /** Whether all losses are values of one function, without noise. */
  readonly isExact: boolean;
}

/**
 * The course of a run's loss, in at most 200 blocks of equal length, with the mean of each. Losses that are
 * not finite are skipped.
 */
export class LossCourse implements RunObserver {
  readonly #unit: CourseUnit;
  /** The losses of which the mean counts as the next one. */
  #next = new Moments();
  readonly #sums = new Float64Array(mostBlocks);
  /** The squared deviations of the single losses in each block from their mean, added up. */
  readonly #squares = new Float64Array(mostBlocks);
  #blocks = 0;
  #perBlock = 1;
  #inBlock = 0;
  #start = Number.NaN;
  #least = Number.POSITIVE_INFINITY;
  #leastBefore = Number.POSITIVE_INFINITY;
  #last = Number.NaN;
  #count = 0;
  #peak = { loss: Number.NEGATIVE_INFINITY, t: 0 };

  constructor(unit: CourseUnit) {
    this.#unit = unit;
  }

  onStep({ t, loss, watched }: StepView): void {
    if (loss > this.#peak.loss && loss < Number.POSITIVE_INFINITY) this.#peak = { loss, t };
    if (this.#unit.stepsPerEpoch === 1) this.#push(loss);
    // Until the end of the first epoch, the watched loss is that of the start.
    else if (t === 1) this.#push(watched);
  }

  onEpoch({ watched }: EpochView): void {
    if (this.#unit.stepsPerEpoch > 1) this.#push(watched);
  }

  /** The first loss; NaN if none was finite. */
  get start(): number {
    return this.#start;
  }
  /** The lowest loss; infinite if none was finite. */
  get least(): number {
    return this.#least;
  }

  /**
   * The decrease from the middle of the run to the lowest loss after it, both as means of blocks; 0 without a decrease, and NaN if
   * the run was too short.
   */
  get lateDecrease(): number {
    const half = this.#blocks >> 1;
    if (half < fewestInTail) return Number.NaN;
    const means = this.#sums.slice(half, this.#blocks).map((sum, i) => {
      const isLast = half + i === this.#blocks - 1;
      return sum / (isLast ? this.#inBlock : this.#perBlock);
    });
    return means[0]! - Math.min(...means);
  }

  /** The number of losses, or of means that count as losses. */
  get count(): number {
    return this.#count;
  }

  /** The lowest loss before a last one: the last loss of the course may itself be that one. */
  leastBefore(last: number): number {
    return this.#last === last ? this.#leastBefore : this.#least;
  }

  /** The highest finite loss of a step, and the step. */
  get peak(): { readonly loss: number; readonly t: number } {
    return this.#peak;
  }

  /** The last loss; NaN if none was finite. */
  get last(): number {
    return this.#last;
  }

  /**
   * Whether an exact loss oscillates with a decaying envelope; null if it does not.
   *
   * @param low  the loss of the minimum, or the lowest that is known
   */
  decayingOscillation(low: number): DecayingOscillation | null {
    if (!this.#unit.isExact) return null;
    const full = this.#inBlock === this.#perBlock ? this.#blocks : this.#blocks - 1;
    const means = this.#sums.slice(0, Math.max(0, full)).map((sum) => sum / this.#perBlock);
    return decayingOscillation(means, this.#perBlock, low);
  }

  /** null if the run was too short for a trend. */
  get tail(): Tail | null {
    const full = this.#inBlock === this.#perBlock ? this.#blocks : this.#blocks - 1;
    if (full <= fewestInTail) return null;
    const count = Math.max(fewestInTail, Math.ceil(tailShare * full));
    const means = this.#sums.slice(full - count, full).map((sum) => sum / this.#perBlock);
    const { stepsPerEpoch, averaged } = this.#unit;
    const stepsPerBlock = this.#perBlock * stepsPerEpoch * averaged;
    const squares = this.#squares.slice(full - count, full);
    const perBlock = this.#perBlock * averaged;
    const within = squares.reduce((sum, each) => sum + each, 0);
    const single = Math.sqrt(within / (count * (perBlock - 1)));
    const noise = averaged > 1 ? single / Math.sqrt(perBlock) : 0;
    const { slope, deviation, residual } = lineThrough(means, noise);
    const fallAtEnd = -slopeAtEnd(means, noise) / stepsPerBlock;
    const mean = meanOf(means);
    const all = within + perBlock * means.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    const losses = count * perBlock;
    const third = Math.floor(count / 3);
    const [early, middle, late] = [3, 2, 1].map((back) =>
      meanOf(means.slice(count - back * third, count - (back - 1) * third)),
    ) as [number, number, number];
    const [before, after] = [early - middle, middle - late];
    return {
      fallAtEnd,
      rate: this.#unit.isExact ? steadyFall(means, stepsPerBlock) : fallAtEnd,
      mean,
      lowest: Math.min(...means),
      highest: Math.max(...means),
      standardError: Math.sqrt(all / (losses - 1) / losses),
      blockSteps: stepsPerBlock,
      fallPerStep: -slope / stepsPerBlock,
      fallError: deviation / stepsPerBlock,
      isFalling: (-slope > 3 * deviation || (this.#unit.isExact && isDescending(means))) && fallAtEnd > 0,
      isDescending: isDescending(means),
      lastBlockFall: (means[count - 2]! - means[count - 1]!) / stepsPerBlock,
      ratio: before > 0 ? after / before : after > 0 ? Number.POSITIVE_INFINITY : 0,
      steps: (count - 1) * stepsPerBlock,
      spread: Math.max(residual, noise) * Math.sqrt(this.#perBlock),
    };
  }

  #push(loss: number): void {
    if (!Number.isFinite(loss)) return;
    this.#next.push(loss);
    if (Number.isNaN(this.#start)) this.#start = loss;
    if (this.#next.count < this.#unit.averaged) return;
    const { mean, squares } = this.#next;
    if (this.#blocks === 0) this.#start = mean;
    this.#leastBefore = this.#least;
    this.#least = Math.min(this.#least, mean);
    this.#last = mean;
    this.#count++;
    this.#append(mean, squares);
    this.#next = new Moments();
  }

  #append(loss: number, squares: number): void {
    if (this.#inBlock === this.#perBlock || this.#blocks === 0) {
      if (this.#blocks === mostBlocks) this.#joinPairs();
      this.#blocks++;
      this.#inBlock = 0;
    }
    const block = this.#blocks - 1;
    const before = this.#inBlock;
    const apart = before === 0 ? 0 : loss - this.#sums[block]! / before;
    this.#squares[block]! += squares + ((this.#unit.averaged * before) / (before + 1)) * apart ** 2;
    this.#sums[block]! += loss;
    this.#inBlock++;
  }

  #joinPairs(): void {
    const half = mostBlocks / 2;
    const perBlock = this.#perBlock * this.#unit.averaged;
    for (let i = 0; i < half; i++) {
      const [one, other] = [this.#sums[2 * i]!, this.#sums[2 * i + 1]!];
      const apart = (one - other) / this.#perBlock;
      this.#squares[i] = this.#squares[2 * i]! + this.#squares[2 * i + 1]! + (perBlock / 2) * apart ** 2;
      this.#sums[i] = one + other;
    }
    this.#sums.fill(0, half);
    this.#squares.fill(0, half);
    this.#blocks = half;
    this.#perBlock *= 2;
  }
}

/** Blocks of the last tenth of a run, of which this share must fall. */
const mostOfThem = 0.8;
/** Rates agree if none is more than this many times another. */
const alike = 1.5;

/** Whether rates are positive and agree. */
export function doAgree(rates: readonly number[]): boolean {
  const least = Math.min(...rates);
  return least > 0 && Math.max(...rates) <= alike * least;
}

/**
 * The decrease per step over the last half of the values, a tenth of the run: the median of the successive differences, if the lines
 * through that half and through its last half agree with it, and most differences are decreases. Otherwise null.
 */
function steadyFall(means: Float64Array, stepsPerBlock: number): number | null {
  const late = means.slice(-Math.max(fewestInTail, Math.ceil(means.length / 2)));
  const falls = [...late.slice(1)].map((each, i) => late[i]! - each);
  if (falls.filter((fall) => fall > 0).length < mostOfThem * falls.length) return null;
  const median = falls.toSorted((a, b) => a - b)[falls.length >> 1]!;
  const lines = late.length < fewestToHalve ? [late] : [late, late.slice(late.length >> 1)];
  const rates = [median, ...lines.map((each) => -lineThrough(each, 0).slope)];
  return doAgree(rates) ? median / stepsPerBlock : null;
}

/** The mean of some values, and their squared deviations from it, added up (Welford's recursion). */
class Moments {
  count = 0;
  mean = 0;
  squares = 0;

  push(value: number): void {
    this.count++;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.squares += before * (value - this.mean);
  }
}

/** Fewer blocks than this are not halved. */
const fewestToHalve = 8;

/**
 * The slope at the last value. The line is fitted to the last half of the values as long as they are curved, and a
 * parabola to a few curved ones.
 *
 * @param noise  the standard error of a value
 */
function slopeAtEnd(values: Float64Array, noise: number): number {
  const count = values.length;
  const { slope, bend, isCurved } = parabolaThrough(values, noise);
  if (!isCurved) return slope;
  if (count >= fewestToHalve) return slopeAtEnd(values.slice(count >> 1), noise);
  // A curve that flattens does not turn back.
  const atEnd = slope + bend * (count - 1);
  return atEnd * slope > 0 ? atEnd : values[count - 1]! - values[count - 2]!;
}

/**
 * The least-squares parabola through values at 0, 1, …: its slope in the middle, its second coefficient, and whether the t
 * statistic of that one is above 3.
 */
function parabolaThrough(
  values: Float64Array,
  noise: number,
): { slope: number; bend: number; isCurved: boolean } {
  const count = values.length;
  const { slope, mean } = lineThrough(values, noise);
  const middle = (count - 1) / 2;
  const offset = (count ** 2 - 1) / 12;
  // (i − middle)² − offset is orthogonal to 1 and to i.
  const square = (i: number) => (i - middle) ** 2 - offset;
  let [across, along] = [0, 0];
  values.forEach((value, i) => {
    across += value * square(i);
    along += square(i) ** 2;
  });
  const bend = across / along;
  const squares = values.reduce(
    (sum, value, i) => sum + (value - mean - slope * (i - middle) - bend * square(i)) ** 2,
    0,
  );
  const deviation = Math.max(Math.sqrt(squares / (count - 3)), noise) / Math.sqrt(along);
  return { slope, bend, isCurved: Math.abs(bend) > 3 * deviation };
}

interface Line {
  readonly mean: number;
  readonly slope: number;
  /** The standard deviation of the slope: from the residuals, at least from the standard error of a value. */
  readonly deviation: number;
  /** The standard deviation of a value from the line. */
  readonly residual: number;
}

/** The least-squares line through values at 0, 1, …. */
function lineThrough(values: Float64Array, noise: number): Line {
  const count = values.length;
  const middle = (count - 1) / 2;
  const mean = meanOf(values);
  let [across, along] = [0, 0];
  values.forEach((value, i) => {
    across += (value - mean) * (i - middle);
    along += (i - middle) ** 2;
  });
  const slope = across / along;
  const squares = values.reduce((sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2, 0);
  const residual = Math.sqrt(squares / (count - 2));
  return { mean, slope, deviation: Math.max(residual, noise) / Math.sqrt(along), residual };
}

function isDescending(values: Float64Array): boolean {
  return values.every((value, i) => i === 0 || value < values[i - 1]!);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
