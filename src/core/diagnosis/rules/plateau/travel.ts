import type { StepView } from '../../../run';

/** What the coordinates did within a window. */
export class Travel {
  /** Σ Δ by coordinate. */
  readonly net: Float64Array;
  /** Σ abs(Δ) by coordinate. */
  readonly path: Float64Array;
  /** The gradient of the step before the window. */
  readonly firstGrad: Float64Array;
  /** Largest abs(g) by coordinate, over the whole run. */
  readonly peakGrad: Float64Array;
  /** Σ abs(g Δ) over steps and coordinates: what the moves were worth to first order, up or down. */
  work = 0;
  /** Σ lr over the steps. */
  lr = 0;
  #hasFirst = false;

  constructor(dim: number) {
    this.net = new Float64Array(dim);
    this.path = new Float64Array(dim);
    this.firstGrad = new Float64Array(dim);
    this.peakGrad = new Float64Array(dim);
  }

  onStep({ grad, before, params, lr }: StepView): void {
    const { net, path, peakGrad } = this;
    if (!this.#hasFirst) {
      this.firstGrad.set(grad);
      this.#hasFirst = true;
    }
    let work = 0;
    for (let i = 0; i < net.length; i++) {
      const delta = params[i]! - before[i]!;
      const size = Math.abs(grad[i]!);
      work += size * Math.abs(delta);
      if (size > peakGrad[i]!) peakGrad[i] = size;
      net[i] = net[i]! + delta;
      path[i] = path[i]! + Math.abs(delta);
    }
    this.work += work;
    this.lr += lr;
  }

  /** Starts the next window after the step whose gradient is given. */
  reset(grad: Float64Array): void {
    this.net.fill(0);
    this.path.fill(0);
    this.firstGrad.set(grad);
    this.work = 0;
    this.lr = 0;
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
