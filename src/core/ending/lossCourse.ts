import type { EpochView, RunObserver } from '../runLoop';
import type { StepView } from '../update';

/** The most blocks that are kept. When they are full, pairs of blocks are joined. */
const mostBlocks = 200;
/** The end of a run: this share of its blocks. */
const tailShare = 0.2;
const fewestInTail = 4;

/** The loss over the last fifth of a run. */
export interface Tail {
  /** The decrease per step at the end, where the losses are on a straight line or a parabola; negative if the loss rose. */
  readonly fallAtEnd: number;
  /** The number of steps of a block. */
  readonly blockSteps: number;
  /** The mean, the lowest and the highest of the block means, and the standard error of the mean if they are independent. */
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  readonly standardError: number;
  /** The decrease per step of a line that is fitted to the block means; negative if the loss rose. */
  readonly fallPerStep: number;
  /** Whether the slope of that line is more than the residuals explain: its t statistic is above 3, and it falls at the end. */
  readonly isFalling: boolean;
  /**
   * The decrease from the middle third to the last third, divided by that from the first third to the middle one;
   * infinite if only the later one is positive. A loss that approaches a value geometrically has a ratio below 1.
   */
  readonly ratio: number;
  /** The number of steps from the first to the last block. */
  readonly steps: number;
  /** The standard deviation of a single loss from that line; of a mean, where means count as losses. */
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
}

/**
 * The course of a run's loss, in at most 200 blocks of equal length, with the mean of each. Losses that are
 * not finite are skipped.
 */
export class LossCourse implements RunObserver {
  readonly #unit: CourseUnit;
  #sum = 0;
  #count = 0;
  readonly #sums = new Float64Array(mostBlocks);
  #blocks = 0;
  #perBlock = 1;
  #inBlock = 0;
  #start = Number.NaN;
  #least = Number.POSITIVE_INFINITY;
  #last = Number.NaN;
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

  /** The highest finite loss of a step, and the step. */
  get peak(): { readonly loss: number; readonly t: number } {
    return this.#peak;
  }

  /** The last loss; NaN if none was finite. */
  get last(): number {
    return this.#last;
  }

  /** null if the run was too short for a trend. */
  get tail(): Tail | null {
    const full = this.#inBlock === this.#perBlock ? this.#blocks : this.#blocks - 1;
    if (full <= fewestInTail) return null;
    const count = Math.max(fewestInTail, Math.ceil(tailShare * full));
    const means = this.#sums.slice(full - count, full).map((sum) => sum / this.#perBlock);
    const { stepsPerEpoch, averaged } = this.#unit;
    const stepsPerBlock = this.#perBlock * stepsPerEpoch * averaged;
    const { slope, deviation, residual } = lineThrough(means);
    const fallAtEnd = -slopeAtEnd(means) / stepsPerBlock;
    const third = Math.floor(count / 3);
    const [early, middle, late] = [3, 2, 1].map((back) =>
      meanOf(means.slice(count - back * third, count - (back - 1) * third)),
    ) as [number, number, number];
    const [before, after] = [early - middle, middle - late];
    return {
      fallAtEnd,
      mean: meanOf(means),
      lowest: Math.min(...means),
      highest: Math.max(...means),
      standardError: residual / Math.sqrt(count),
      blockSteps: stepsPerBlock,
      fallPerStep: -slope / stepsPerBlock,
      isFalling: -slope > 3 * deviation && fallAtEnd > 0,
      ratio: before > 0 ? after / before : after > 0 ? Number.POSITIVE_INFINITY : 0,
      steps: (count - 1) * stepsPerBlock,
      spread: residual * Math.sqrt(this.#perBlock),
    };
  }

  #push(loss: number): void {
    if (!Number.isFinite(loss)) return;
    this.#sum += loss;
    this.#count++;
    if (Number.isNaN(this.#start)) this.#start = loss;
    if (this.#count < this.#unit.averaged) return;
    const mean = this.#sum / this.#count;
    if (this.#blocks === 0) this.#start = mean;
    this.#least = Math.min(this.#least, mean);
    this.#last = mean;
    this.#append(mean);
    this.#sum = 0;
    this.#count = 0;
  }

  #append(loss: number): void {
    if (this.#inBlock === this.#perBlock || this.#blocks === 0) {
      if (this.#blocks === mostBlocks) this.#joinPairs();
      this.#blocks++;
      this.#inBlock = 0;
    }
    this.#sums[this.#blocks - 1]! += loss;
    this.#inBlock++;
  }

  #joinPairs(): void {
    const half = mostBlocks / 2;
    for (let i = 0; i < half; i++) this.#sums[i] = this.#sums[2 * i]! + this.#sums[2 * i + 1]!;
    this.#sums.fill(0, half);
    this.#blocks = half;
    this.#perBlock *= 2;
  }
}

/** Fewer blocks than this are not halved. */
const fewestToHalve = 8;

/**
 * The slope at the last value. The line is fitted to the last half of the values as long as they are curved, and a
 * parabola to a few curved ones.
 */
function slopeAtEnd(values: Float64Array): number {
  const count = values.length;
  const { slope, bend, isCurved } = parabolaThrough(values);
  if (!isCurved) return slope;
  if (count >= fewestToHalve) return slopeAtEnd(values.slice(count >> 1));
  // A curve that flattens does not turn back.
  const atEnd = slope + bend * (count - 1);
  return atEnd * slope > 0 ? atEnd : values[count - 1]! - values[count - 2]!;
}

/**
 * The least-squares parabola through values at 0, 1, …: its slope in the middle, its second coefficient, and whether the t
 * statistic of that one is above 3.
 */
function parabolaThrough(values: Float64Array): { slope: number; bend: number; isCurved: boolean } {
  const count = values.length;
  const { slope, mean } = lineThrough(values);
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
  const deviation = Math.sqrt(squares / (count - 3) / along);
  return { slope, bend, isCurved: Math.abs(bend) > 3 * deviation };
}

interface Line {
  readonly mean: number;
  readonly slope: number;
  /** The standard deviation of the slope. */
  readonly deviation: number;
  /** The standard deviation of a value from the line. */
  readonly residual: number;
}

/** The least-squares line through values at 0, 1, …. */
function lineThrough(values: Float64Array): Line {
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
  return { mean, slope, deviation: residual / Math.sqrt(along), residual };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
