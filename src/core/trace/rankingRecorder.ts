import type { RunConfig } from '../config/runConfig';
import {
  addDescent,
  findAbove,
  findBelow,
  findChangeAbove,
  findRatioBelow,
  findZero,
} from '../kernels/passes';
import { vectorBeside } from '../kernels/vectorMemory';
import type { StepView } from '../update';
import type { StepLayout } from './layout';
import { StepCoordinates } from './stepCoordinates';
import { type Rank, type Ranking, type RankName, rankedCoordinates, rankNames } from './vectorSample';

/** The number of coordinates that are ranked in a run, all ranked steps together: it bounds the time for rankings of a large run. */
const coordinatesPerRun = 2 ** 23;
const fewestRankings = 8;
/** With more coordinates that must be left out, finding the others by their keys would take longer than to look at all. */
const rankedByKey = 10_000;
const mostRankings = 128;

/**
 * Ranks all coordinates of a run by why they matter. Every step costs one pass over the vectors, because two ranks are about all steps
 * so far; a ranking costs another. The best of a rank are found by a key that orders coordinates like the quantity; only theirs
 * is computed by the formulas of the optimizer. The order of |mHat|/sqrt(vHat) is that of m²/v, except for NAdam, whose mHat contains
 * the gradient: there the candidates are those of m²/v.
 */
export class RankingRecorder {
  readonly #coordinates: StepCoordinates;
  readonly #layout: StepLayout;
  readonly #lastStep: number;
  readonly #every: number;
  /** Σ −g·update, shape [dim]; null before the first step. */
  #contribution: Float64Array | null = null;
  /** The coordinates whose gradient was 0 at every step so far, ascending; null before the first step. */
  #dead: Uint32Array | null = null;

  constructor(layout: StepLayout, config: RunConfig) {
    this.#layout = layout;
    this.#coordinates = new StepCoordinates(layout, config);
    this.#lastStep = config.steps;
    const rankings = Math.min(mostRankings, Math.max(fewestRankings, coordinatesPerRun / layout.dim));
    this.#every = 2 ** Math.max(0, Math.ceil(Math.log2(config.steps / rankings)));
  }

  /** Must be called with every step. */
  add({ grad, params, before }: StepView): void {
    this.#contribution ??= vectorBeside(grad);
    addDescent(this.#contribution, grad, params, before);
    this.#dead = this.#dead ? withoutGradient(this.#dead, grad) : zerosOf(grad);
  }

  /** The ranking after the step that was added last; null at the steps that are not ranked. */
  ranking(step: StepView): Ranking | null {
    const { t } = step;
    if ((t - 1) % this.#every !== 0 && t !== this.#lastStep) return null;
    const found = this.#best(step, this.#contribution!);
    const ranks = rankNames.flatMap((name) => {
      const rank = this.#rankOf(name, found[name], step);
      return rank.coordinates.length > 0 ? [rank] : [];
    });
    return { ranks, dead: this.#dead!.length };
  }

  #best(step: StepView, contribution: Float64Array): { readonly [N in RankName]: readonly number[] } {
    const { params, before } = step;
    const largest = new Top();
    largest.offerAll(
      (above, from) => findChangeAbove(params, before, above, from),
      (i) => Math.abs(params[i]! - before[i]!),
    );
    const contributing = new Top();
    contributing.offerAll(
      (above, from) => findAbove(contribution, above, from),
      (i) => contribution[i]!,
    );
    return {
      largestUpdate: largest.coordinates,
      contribution: contributing.coordinates,
      ...this.#ofDivisor(step),
      dead: [...this.#dead!.subarray(0, rankedCoordinates)],
    };
  }

  /** The ranks of the coordinates that had a gradient, by the state of the optimizer. */
  #ofDivisor(step: StepView): { readonly [N in 'epsDominated' | 'lowestSnr']: number[] } {
    const { stateNames } = this.#layout;
    const stateOf = (name: string) => step.state[stateNames.indexOf(name as (typeof stateNames)[number])];
    const [m, v, gAvg] = [stateOf('m'), stateOf('v'), stateOf('gAvg')];
    const divisor = stateOf('vMax') ?? v ?? stateOf('u') ?? stateOf('sum');
    if (!divisor) return { epsDominated: [], lowestSnr: [] };
    const groups = this.#coordinates.groupsOf(step);
    if (groups || gAvg || this.#dead!.length > rankedByKey)
      return this.#ofEachGroup(groups, divisor, { m, v, gAvg });
    const dead = new Set(this.#dead!);
    const isDead = (i: number) => dead.has(i);
    const eps = new Top();
    eps.offerAll(
      (above, from) => findBelow(divisor, -above, from),
      (i) => (isDead(i) ? Number.NEGATIVE_INFINITY : -divisor[i]!),
    );
    const noise = new Top();
    if (m && v)
      noise.offerAll(
        (above, from) => findRatioBelow(m, v, -above, from),
        (i) => (isDead(i) ? Number.NEGATIVE_INFINITY : -(m[i]! * m[i]!) / v[i]!),
      );
    return { epsDominated: eps.coordinates, lowestSnr: noise.coordinates };
  }

  /** The same where coordinates are left out, or belong to parameter groups, which may differ in eps and beta2. */
  #ofEachGroup(
    groups: Uint32Array | null,
    divisor: Float64Array,
    { m, v, gAvg }: { readonly [S in 'm' | 'v' | 'gAvg']: Float64Array | undefined },
  ): { readonly [N in 'epsDominated' | 'lowestSnr']: number[] } {
    const dead = this.#dead!;
    let passed = 0;
    const eps: Top[] = [];
    const noise: Top[] = [];
    for (let i = 0; i < divisor.length; i++) {
      if (dead[passed] === i) {
        passed++;
        continue;
      }
      const group = groups ? groups[i]! : 0;
      eps[group] ??= new Top();
      const average = gAvg ? gAvg[i]! : 0;
      const square = average * average - divisor[i]!;
      // Nearly no key is above the least one, so that is asked here, where it costs no call.
      if (square > eps[group].least) eps[group].offer(square, i);
      if (!m || !v) continue;
      noise[group] ??= new Top();
      const snr = -(m[i]! * m[i]!) / v[i]!;
      if (snr > noise[group].least) noise[group].offer(snr, i);
    }
    return {
      epsDominated: eps.flatMap((top) => top.coordinates),
      lowestSnr: noise.flatMap((top) => top.coordinates),
    };
  }

  #rankOf(name: RankName, candidates: readonly number[], step: StepView): Rank {
    const valued = candidates
      .map((coordinate) => ({ coordinate, value: this.#valueOf(name, coordinate, step) }))
      // A contribution of 0 or less, and an update of 0, are not reasons why a coordinate matters.
      .filter(({ value }) => (name === 'dead' ? true : name === 'lowestSnr' ? value >= 0 : value > 0));
    if (name === 'lowestSnr') valued.sort((a, b) => a.value - b.value);
    else if (name !== 'dead') valued.sort((a, b) => b.value - a.value);
    const best = valued.slice(0, rankedCoordinates);
    return {
      name,
      coordinates: best.map(({ coordinate }) => coordinate),
      values: best.map(({ value }) => value),
    };
  }

  #valueOf(name: RankName, i: number, step: StepView): number {
    switch (name) {
      case 'largestUpdate':
        return Math.abs(step.params[i]! - step.before[i]!);
      case 'contribution':
        return this.#contribution![i]!;
      case 'dead':
        return step.params[i]!;
      case 'epsDominated':
        this.#coordinates.read(step, i);
        return this.#coordinates.value('epsShare');
      case 'lowestSnr':
        this.#coordinates.read(step, i);
        return this.#coordinates.value('snr');
      default:
        return name satisfies never;
    }
  }
}

function zerosOf(grad: Float64Array): Uint32Array {
  const zeros: number[] = [];
  for (let i = findZero(grad, 0); i >= 0; i = findZero(grad, i + 1)) zeros.push(i);
  return Uint32Array.from(zeros);
}

function withoutGradient(coordinates: Uint32Array, grad: Float64Array): Uint32Array {
  let count = 0;
  for (let k = 0; k < coordinates.length; k++) {
    const i = coordinates[k]!;
    if (grad[i] === 0) coordinates[count++] = i;
  }
  return count === coordinates.length ? coordinates : coordinates.subarray(0, count);
}

/** The coordinates with the largest keys, largest first. Of equal keys, the earlier coordinate comes first. */
class Top {
  readonly coordinates: number[] = [];
  readonly #keys: number[] = [];
  /** A key must be larger to count: the last one of a full list. */
  least = Number.NEGATIVE_INFINITY;

  /**
   * Offers all coordinates.
   *
   * @param next  the first coordinate from `from` on with a key above `above`; −1 if there is none
   */
  offerAll(next: (above: number, from: number) => number, keyOf: (coordinate: number) => number): void {
    for (let i = next(this.least, 0); i >= 0; i = next(this.least, i + 1)) this.offer(keyOf(i), i);
  }

  offer(key: number, coordinate: number): void {
    if (!(key > this.least)) return;
    let at = this.#keys.length;
    while (at > 0 && this.#keys[at - 1]! < key) at--;
    this.#keys.splice(at, 0, key);
    this.coordinates.splice(at, 0, coordinate);
    if (this.#keys.length > rankedCoordinates) {
      this.#keys.pop();
      this.coordinates.pop();
    }
    if (this.#keys.length === rankedCoordinates) this.least = this.#keys[rankedCoordinates - 1]!;
  }
}
