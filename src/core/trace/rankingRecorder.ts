import type { RunConfig } from '../config/runConfig';
import type { StepView } from '../update';
import type { StepLayout } from './layout';
import { StepCoordinates } from './stepCoordinates';
import { type Rank, type Ranking, type RankName, rankedCoordinates, rankNames } from './vectorSample';

/** The number of coordinates that are ranked in a run, all ranked steps together: it bounds the time for rankings of a large run. */
const coordinatesPerRun = 2 ** 23;
const fewestRankings = 8;
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
  /** Σ −g·update, shape [dim]. */
  readonly #contribution: Float64Array;
  /** 1 if the gradient was not 0 at some step, shape [dim]. */
  readonly #isAlive: Uint8Array;

  constructor(layout: StepLayout, config: RunConfig) {
    const { dim } = layout;
    this.#layout = layout;
    this.#coordinates = new StepCoordinates(layout, config);
    this.#lastStep = config.steps;
    const rankings = Math.min(mostRankings, Math.max(fewestRankings, coordinatesPerRun / dim));
    this.#every = 2 ** Math.max(0, Math.ceil(Math.log2(config.steps / rankings)));
    this.#contribution = new Float64Array(dim);
    this.#isAlive = new Uint8Array(dim);
  }

  /** Must be called with every step. */
  add({ grad, params, before }: StepView): void {
    const contribution = this.#contribution;
    const isAlive = this.#isAlive;
    for (let i = 0; i < grad.length; i++) {
      const g = grad[i]!;
      if (g === 0) continue;
      isAlive[i] = 1;
      contribution[i]! -= g * (params[i]! - before[i]!);
    }
  }

  /** The ranking after the step that was added last; null at the steps that are not ranked. */
  ranking(step: StepView): Ranking | null {
    const { t } = step;
    if ((t - 1) % this.#every !== 0 && t !== this.#lastStep) return null;
    const found = this.#best(step);
    const ranks = rankNames.flatMap((name) => {
      const rank = this.#rankOf(name, found[name], step);
      return rank.coordinates.length > 0 ? [rank] : [];
    });
    return { ranks, dead: found.deadCount };
  }

  #best(step: StepView) {
    const { params, before, state } = step;
    const { stateNames } = this.#layout;
    const isAlive = this.#isAlive;
    const contribution = this.#contribution;
    const stateOf = (name: string) => state[stateNames.indexOf(name as (typeof stateNames)[number])];
    const [m, v, gAvg] = [stateOf('m'), stateOf('v'), stateOf('gAvg')];
    const divisor = stateOf('vMax') ?? v ?? stateOf('u') ?? stateOf('sum');
    const groups = this.#coordinates.groupsOf(step);
    const largest = new Top();
    const contributing = new Top();
    // The order within a group is that of the key; groups may differ in eps and beta2.
    const eps: Top[] = [];
    const noise: Top[] = [];
    const dead: number[] = [];
    let deadCount = 0;
    // Nearly no key is above the least one, so that is asked here, where it costs no call.
    for (let i = 0; i < params.length; i++) {
      const size = Math.abs(params[i]! - before[i]!);
      if (size > largest.least) largest.offer(size, i);
      const part = contribution[i]!;
      if (part > contributing.least) contributing.offer(part, i);
      if (isAlive[i] === 0) {
        deadCount++;
        if (dead.length < rankedCoordinates) dead.push(i);
        continue;
      }
      if (!divisor) continue;
      const group = groups ? groups[i]! : 0;
      let top = eps[group];
      if (top === undefined) eps[group] = top = new Top();
      const average = gAvg ? gAvg[i]! : 0;
      const square = average * average - divisor[i]!;
      if (square > top.least) top.offer(square, i);
      if (!m || !v) continue;
      top = noise[group];
      if (top === undefined) noise[group] = top = new Top();
      const snr = -(m[i]! * m[i]!) / v[i]!;
      if (snr > top.least) top.offer(snr, i);
    }
    return {
      largestUpdate: largest.coordinates,
      contribution: contributing.coordinates,
      epsDominated: eps.flatMap((top) => top.coordinates),
      lowestSnr: noise.flatMap((top) => top.coordinates),
      dead,
      deadCount,
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
        return this.#contribution[i]!;
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

/** The coordinates with the largest keys, largest first. Of equal keys, the earlier coordinate comes first. */
class Top {
  readonly coordinates: number[] = [];
  readonly #keys: number[] = [];
  /** A key must be larger to count: the last one of a full list. */
  least = Number.NEGATIVE_INFINITY;

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
