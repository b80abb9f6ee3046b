import type { StepView } from '../../../update';
import type { Moves } from '../../terms/moves';
import { RunningMedian } from '../../terms/runningMedian';
import { type GradientChange, GradientHalves, GradientRange } from './gradientChange';

const blocks = 10;

/** The movement of the coordinates within a window of ten blocks. */
export class Travel {
  readonly gradient: GradientChange;
  /** Σ lr over the steps. */
  lr = 0;
  /** Σ abs(g Δ) over steps and coordinates: the largest possible change of the loss in the window, to first order. */
  total = 0;
  readonly #moves: Moves;
  readonly #length: number;
  readonly #works: Float64Array;
  readonly #blockWorks = new RunningMedian(blocks);
  /** theta at the start of the window. `#pathBefore` are the path lengths of `Moves` at that step. */
  readonly #start: Float64Array;
  readonly #pathBefore: Float64Array;
  #now: Float64Array | null = null;
  #inBlock = 0;

  /**
   * @param length   steps of a window, a multiple of ten
   * @param isNoisy  whether the gradients come from mini-batches
   */
  constructor(dim: number, length: number, isNoisy: boolean, moves: Moves) {
    this.gradient = isNoisy ? new GradientHalves(dim, length) : new GradientRange();
    this.#moves = moves;
    this.#length = length;
    this.#works = new Float64Array(length / blocks);
    this.#start = new Float64Array(dim);
    this.#pathBefore = new Float64Array(dim);
  }

  /**
   * An estimate of `total` that a few large steps do not determine: P times the median over blocks of the median step.
   */
  get work(): number {
    return this.#length * this.#blockWorks.median();
  }

  /** Σ Δ of a coordinate. */
  netOf(i: number): number {
    return this.#now![i]! - this.#start[i]!;
  }

  /** Σ abs(Δ) of a coordinate. */
  pathOf(i: number): number {
    return this.#moves.path[i]! - this.#pathBefore[i]!;
  }

  /** Whether Σᵢ abs(Σ Δᵢ) < ½ Σᵢ Σ abs(Δᵢ). */
  get isBackAndForth(): boolean {
    let [distance, path] = [0, 0];
    for (let i = 0; i < this.#start.length; i++) {
      distance += Math.abs(this.netOf(i));
      path += this.pathOf(i);
    }
    return distance < path / 2;
  }

  /** Called after `Moves` has received the step. */
  onStep({ grad, before, params, lr, clipFactor }: StepView): void {
    if (this.#now === null) this.#start.set(before);
    // The buffer of the run, which contains theta_t.
    this.#now = params;
    this.gradient.onStep(grad);
    const works = this.#works;
    // The loss changes by its own gradient, not by the clipped one.
    const work = this.#moves.stepWork / clipFactor;
    works[this.#inBlock++] = work;
    this.lr += lr;
    this.total += work;
    if (this.#inBlock < works.length) return;
    this.#inBlock = 0;
    works.sort();
    // NaN cannot be sorted; a run with NaN has other findings.
    const median = works[works.length >> 1]!;
    this.#blockWorks.push(Number.isNaN(median) ? Number.POSITIVE_INFINITY : median);
  }

  /** Starts the next window. */
  reset(): void {
    if (this.#now) this.#start.set(this.#now);
    this.#pathBefore.set(this.#moves.path);
    this.gradient.reset();
    this.lr = 0;
    this.total = 0;
    this.#inBlock = 0;
  }
}

/** The coordinate whose movement in the window changed the loss most: the largest abs(g · net). */
export function leadingCoordinate(travel: Travel, grad: Float64Array): number {
  let leader = 0;
  let most = -1;
  for (let i = 0; i < grad.length; i++) {
    const gain = Math.abs(grad[i]! * travel.netOf(i));
    if (gain > most) {
      most = gain;
      leader = i;
    }
  }
  return leader;
}
