import type { StepView } from '../../../update';
import { RunningMedian } from '../../terms/runningMedian';
import { type GradientChange, GradientHalves, GradientRange } from './gradientChange';

const blocks = 10;

/** What the coordinates did within a window of ten blocks. */
export class Travel {
  /** Σ Δ by coordinate. */
  readonly net: Float64Array;
  /** Σ abs(Δ) by coordinate. */
  readonly path: Float64Array;
  /** Largest abs(g) by coordinate, over the whole run. */
  readonly peakGrad: Float64Array;
  readonly gradient: GradientChange;
  /** Σ lr over the steps. */
  lr = 0;
  readonly #length: number;
  readonly #works: Float64Array;
  readonly #blockWorks = new RunningMedian(blocks);
  #inBlock = 0;

  /**
   * @param length   steps of a window, a multiple of ten
   * @param isNoisy  whether gradients are those of mini-batches
   */
  constructor(dim: number, length: number, isNoisy: boolean) {
    this.net = new Float64Array(dim);
    this.path = new Float64Array(dim);
    this.peakGrad = new Float64Array(dim);
    this.gradient = isNoisy ? new GradientHalves(dim, length) : new GradientRange(dim);
    this.#length = length;
    this.#works = new Float64Array(length / blocks);
  }

  /**
   * Σ abs(g Δ) over steps and coordinates: what the moves of the window were worth to first order, up or down. P times
   * the median over blocks of the median step, so that bursts do not stand for the window.
   */
  get work(): number {
    return this.#length * this.#blockWorks.median();
  }

  onStep({ grad, before, params, lr }: StepView): void {
    const { net, path, peakGrad } = this;
    this.gradient.onStep(grad);
    let work = 0;
    for (let i = 0; i < net.length; i++) {
      const g = grad[i]!;
      const size = Math.abs(g);
      const delta = params[i]! - before[i]!;
      const distance = Math.abs(delta);
      work += size * distance;
      if (size > peakGrad[i]!) peakGrad[i] = size;
      net[i] = net[i]! + delta;
      path[i] = path[i]! + distance;
    }
    const works = this.#works;
    works[this.#inBlock++] = work;
    this.lr += lr;
    if (this.#inBlock < works.length) return;
    this.#inBlock = 0;
    works.sort();
    // A NaN has no place in an order; such a run has other findings.
    const median = works[works.length >> 1]!;
    this.#blockWorks.push(Number.isNaN(median) ? Number.POSITIVE_INFINITY : median);
  }

  /** Starts the next window. */
  reset(): void {
    this.net.fill(0);
    this.path.fill(0);
    this.gradient.reset();
    this.lr = 0;
    this.#inBlock = 0;
  }
}

/** The coordinate that the window's moves gained most on: the largest abs(g · net). */
export function leadingCoordinate({ net }: Travel, grad: Float64Array): number {
  let leader = 0;
  let most = -1;
  for (let i = 0; i < grad.length; i++) {
    const gain = Math.abs(grad[i]! * net[i]!);
    if (gain > most) {
      most = gain;
      leader = i;
    }
  }
  return leader;
}
