import { type Direction, turned } from '../ascent';
import type { RunConfig } from '../config/runConfig';
import { endsOf, largestChange, leastChange } from '../kernels/passes';
import { seededRandom } from '../numerics/random';
import type { StepView } from '../update';
import { type BandName, bandLevels } from './bandNames';
import { layoutDirection, type StepLayout } from './layout';
import { quantilesOf } from './quantiles';
import { StepCoordinates } from './stepCoordinates';
import { blockStarts, rootMeanSquare } from './vectorSample';

/** The largest number of coordinates whose quantiles are exact. Of more, as many are sampled. */
const sampledCoordinates = 4096;
/** The number of coordinates whose least and largest values are read in a run, all sampled steps together: about two seconds. */
const coordinatesPerRun = 2 ** 28;
const mostSteps = 256;
/**
 * Above this number of coordinates, the bands of a step take as long as the update. They are computed at no more than an eighth of
 * the steps there, but at 8 in a run that has as many.
 */
const wideAbove = 2 ** 16;
const fewestOfWide = 8;
/** Separates the choice of coordinates from the other random numbers of a run. */
const bandStream = 0xba2d;

/**
 * Computes the bands of a run: quantiles over all coordinates, at every k-th step and the last planned one. Above 4,096
 * coordinates, the quantiles are those of a seeded sample with one coordinate from each of 4,096 equal parts of the vector; the
 * least and the largest parameter, gradient and update are exact. Those of derived quantities are of the sample too: their formulas
 * take about 1 µs per coordinate, longer than a step takes.
 *
 * k is a power of two, as is the number of steps from one row of a long trace to the next, so that a trace keeps samples.
 */
export class BandRecorder {
  readonly #layout: StepLayout;
  readonly #coordinates: StepCoordinates;
  readonly #lastStep: number;
  readonly #every: number;
  /** Ascending. */
  readonly #sample: Uint32Array;
  /** The sample, followed by more coordinates of groups that have few in it. */
  readonly #read: Uint32Array;
  /** For each group, the places of its coordinates in `#read`. */
  readonly #members: readonly (readonly number[])[];
  /** The index in the sample of the first coordinate of each block, and the length of the sample. */
  readonly #blockStarts: readonly number[];
  readonly #values: readonly Float64Array[];
  /**
   * The medians of abs(value) of each block of coordinates at the last sampled step: shape [bands, blocks]. Above 4,096
   * coordinates, of the 64 that are sampled in each block.
   */
  blocks = new Float64Array(0);
  /**
   * The root mean square of each group at the last sampled step: shape [bands, groups]. Above 4,096 coordinates, of those that are
   * sampled in it, at least 16 if it has as many.
   */
  groups = new Float64Array(0);

  constructor(layout: StepLayout, config: RunConfig) {
    const { dim, bands = [], blocks = 1 } = layout;
    this.#layout = layout;
    this.#coordinates = new StepCoordinates(layout, config);
    this.#lastStep = config.steps;
    const samples = Math.min(
      mostSteps,
      Math.max(1, Math.floor(coordinatesPerRun / dim)),
      dim > wideAbove ? Math.max(fewestOfWide, config.steps / 8) : config.steps,
    );
    this.#every = 2 ** Math.max(0, Math.ceil(Math.log2(config.steps / samples)));
    this.#sample = sampleOf(dim, config.seed);
    this.#blockStarts = blockStarts(dim, blocks).map((start) => firstFrom(this.#sample, start));
    const groups = layout.groups ?? [];
    this.#read = Uint32Array.from([...this.#sample, ...besideSample(this.#sample, groups)]);
    this.#members = membersOf(this.#read, groups);
    this.#values = bands.map(() => new Float64Array(this.#read.length));
  }

  /** Whether the bands of a step are computed. */
  isDue(t: number): boolean {
    return (t - 1) % this.#every === 0 || t === this.#lastStep;
  }

  /** Writes the bands of a step into `target` from `offset` on, 7 numbers each; NaN at the steps that are not due. */
  write(step: StepView, target: Float64Array, offset: number): void {
    const { dim, bands = [] } = this.#layout;
    const width = bandLevels.length;
    if (!this.isDue(step.t)) {
      target.fill(Number.NaN, offset, offset + width * bands.length);
      return;
    }
    for (let k = 0; k < this.#read.length; k++) {
      this.#coordinates.read(step, this.#read[k]!);
      for (let b = 0; b < bands.length; b++) this.#values[b]![k] = this.#coordinates.value(bands[b]!);
    }
    this.blocks = Float64Array.from(this.#values.flatMap((values) => this.#blocksOf(values)));
    this.groups = Float64Array.from(this.#values.flatMap((values) => this.#groupsOf(values)));
    for (let b = 0; b < bands.length; b++) {
      const band = quantilesOf(this.#values[b]!.subarray(0, this.#sample.length), bandLevels);
      const ends = dim > this.#sample.length ? this.#endsOf(bands[b]!, step) : null;
      if (ends) [band[0], band[width - 1]] = ends;
      target.set(band, offset + b * width);
    }
  }

  /** The medians of abs(value) in each block. Does not change `values`, unlike `quantilesOf`. */
  #blocksOf(values: Float64Array): number[] {
    const starts = this.#blockStarts;
    return Array.from({ length: starts.length - 1 }, (_, block) => {
      const sizes = values.slice(starts[block]!, starts[block + 1]!).map(Math.abs);
      return quantilesOf(sizes, [0.5])[0]!;
    });
  }

  #groupsOf(values: Float64Array): number[] {
    return this.#members.map((places) =>
      rootMeanSquare(
        Float64Array.from(places, (k) => values[k]!),
        null,
      ),
    );
  }

  /** The least and the largest value over all coordinates; null of a derived quantity, and if all values are NaN. */
  #endsOf(name: BandName, { params, before, grad }: StepView): [number, number] | null {
    const direction = layoutDirection(this.#layout);
    switch (name) {
      case 'params':
        return endsOf(params);
      case 'grad':
        return turnedEnds(endsOf(grad), direction);
      case 'absUpdate':
        return endsOfChange(params, before);
      default:
        return null;
    }
  }
}

/** The number of coordinates of a group that are read, if it has as many. */
const groupSample = 16;

/** Evenly spread coordinates of the groups that have few in a sample. */
function besideSample(sample: Uint32Array, starts: readonly number[]): number[] {
  const sampled = new Set(sample);
  return starts.slice(0, -1).flatMap((from, g) => {
    const size = starts[g + 1]! - from;
    const count = Math.min(size, groupSample);
    const spread = Array.from({ length: count }, (_, k) => from + Math.floor(((k + 0.5) * size) / count));
    const inSample = firstFrom(sample, starts[g + 1]!) - firstFrom(sample, from);
    return inSample >= count ? [] : spread.filter((coordinate) => !sampled.has(coordinate));
  });
}

function membersOf(coordinates: Uint32Array, starts: readonly number[]): number[][] {
  const members: number[][] = starts.slice(0, -1).map(() => []);
  for (const [k, coordinate] of coordinates.entries()) {
    const g = starts.findIndex((start) => start > coordinate) - 1;
    if (g >= 0) members[g]!.push(k);
  }
  return members;
}

function endsOfChange(params: Float64Array, before: Float64Array): [number, number] | null {
  const least = leastChange(params, before);
  return Number.isFinite(least) ? [least, largestChange(params, before)] : null;
}

function turnedEnds(ends: [number, number] | null, direction: Direction): [number, number] | null {
  return ends && direction === -1 ? [turned(ends[1], direction), turned(ends[0], direction)] : ends;
}

function sampleOf(dim: number, seed: number): Uint32Array {
  if (dim <= sampledCoordinates) return Uint32Array.from({ length: dim }, (_, i) => i);
  const random = seededRandom(seed, bandStream);
  const part = dim / sampledCoordinates;
  return Uint32Array.from({ length: sampledCoordinates }, (_, k) => {
    const from = Math.ceil(k * part);
    return from + Math.floor(random() * (Math.ceil((k + 1) * part) - from));
  });
}

/** The index of the first number that is at least `least`; the length if there is none. */
function firstFrom(ascending: Uint32Array, least: number): number {
  let index = 0;
  while (index < ascending.length && ascending[index]! < least) index++;
  return index;
}
