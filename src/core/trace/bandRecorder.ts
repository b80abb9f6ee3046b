import { turned } from '../ascent';
import type { RunConfig } from '../config/runConfig';
import { parameterGroupsOf } from '../groups';
import { seededRandom } from '../numerics/random';
import type { StepView } from '../update';
import { type BandName, bandLevels } from './bandNames';
import { blankCoordinate, type CoordinateFormulas, formulasOf, groupFormulasOf } from './coordinateFormulas';
import { layoutDirection, type StepLayout } from './layout';
import { quantilesOf } from './quantiles';

/** The largest number of coordinates whose quantiles are exact. Of more, as many are sampled. */
const sampledCoordinates = 4096;
/** The number of coordinates whose least and largest values are read in a run, all sampled steps together: about two seconds. */
const coordinatesPerRun = 2 ** 28;
const mostSteps = 256;
/** Separates the choice of coordinates from the other random numbers of a run. */
const bandStream = 0xba2d;

/**
 * Computes the bands of a run: quantiles over all coordinates, at every k-th step and the last planned one. Above 4,096
 * coordinates, the quantiles are those of a seeded sample with one coordinate from each of 4,096 equal parts of the vector; the
 * least and the largest parameter, gradient and update are exact. Those of derived quantities are of the sample too: their formulas
 * take about 1 µs per coordinate, longer than a step takes.
 */
export class BandRecorder {
  readonly #layout: StepLayout;
  readonly #phases: readonly CoordinateFormulas[];
  readonly #groups: { readonly formulas: readonly CoordinateFormulas[]; readonly of: Uint32Array } | null;
  readonly #isCycled: boolean;
  readonly #lastStep: number;
  readonly #every: number;
  /** Ascending. */
  readonly #sample: Uint32Array;
  readonly #values: readonly Float64Array[];
  readonly #at = blankCoordinate();

  constructor(layout: StepLayout, config: RunConfig) {
    const { dim, bands = [] } = layout;
    this.#layout = layout;
    this.#phases = formulasOf(config);
    const groups = parameterGroupsOf(config, dim);
    const formulas = groupFormulasOf(config);
    this.#groups = groups && formulas && { formulas, of: groups.of };
    this.#isCycled = layout.extras.includes('beta');
    this.#lastStep = config.steps;
    const samples = Math.min(mostSteps, Math.max(1, Math.floor(coordinatesPerRun / dim)));
    this.#every = Math.ceil(config.steps / samples);
    this.#sample = sampleOf(dim, config.seed);
    this.#values = bands.map(() => new Float64Array(this.#sample.length));
  }

  /** Writes the bands of a step into `target` from `offset` on, 7 numbers each; NaN at the other steps. */
  write(step: StepView, target: Float64Array, offset: number): void {
    const { dim, bands = [] } = this.#layout;
    const width = bandLevels.length;
    if ((step.t - 1) % this.#every !== 0 && step.t !== this.#lastStep) {
      target.fill(Number.NaN, offset, offset + width * bands.length);
      return;
    }
    for (let k = 0; k < this.#sample.length; k++) {
      const { formulas } = this.#read(step, this.#sample[k]!);
      for (let b = 0; b < bands.length; b++)
        this.#values[b]![k] = formulas[bands[b]!]?.(this.#at) ?? Number.NaN;
    }
    for (let b = 0; b < bands.length; b++) {
      const band = quantilesOf(this.#values[b]!, bandLevels);
      const ends = dim > this.#sample.length ? this.#endsOf(bands[b]!, step) : null;
      if (ends) [band[0], band[width - 1]] = ends;
      target.set(band, offset + b * width);
    }
  }

  /** The least and the largest value over all coordinates; null of a derived quantity, and if all values are NaN. */
  #endsOf(name: BandName, { params, before, grad }: StepView): [number, number] | null {
    const direction = layoutDirection(this.#layout);
    switch (name) {
      case 'params':
        return endsOf(params.length, (i) => params[i]!);
      case 'grad':
        return endsOf(grad.length, (i) => turned(grad[i]!, direction));
      case 'absUpdate':
        return endsOf(params.length, (i) => Math.abs(params[i]! - before[i]!));
      default:
        return null;
    }
  }

  /** Reads a coordinate; returns its formulas. */
  #read(step: StepView, i: number): CoordinateFormulas {
    const at = this.#at;
    const { stateNames } = this.#layout;
    const isGrouped = this.#groups !== null && step.phase === 0;
    const own = isGrouped ? this.#groups.formulas[this.#groups.of[i]!]! : this.#phases[step.phase]!;
    at.t = step.age;
    at.lr = step.lr;
    at.beta = this.#isCycled ? step.beta : own.beta;
    at.muProduct = step.muProduct;
    at.params = step.params[i]!;
    at.grad = step.grad[i]!;
    at.update = step.params[i]! - step.before[i]!;
    for (let k = 0; k < stateNames.length; k++) at[stateNames[k]!] = step.state[k]![i]!;
    return own;
  }
}

function endsOf(count: number, at: (i: number) => number): [number, number] | null {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = at(i);
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return least <= largest ? [least, largest] : null;
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
