/** The window is divided into this many blocks, two halves. */
const blocks = 20;
/** A shorter half says nothing about its variance. */
const fewestInHalf = 5;
/** The mean gradient is that of at least so many steps. */
const fewestSteps = 20;
/** The variance counts as at least this share of the squared mean: a coordinate without noise must not hide the others. */
const leastVariance = 1e-2;
/** Chance exceeds these in one of 400 runs: with the nine degrees of freedom of a half, and the nineteen of the window. */
const significantInHalf = 3.5;
const significant = 3.5;
/** What the whole window shows has not vanished in its second half, where it is at least so many standard errors. */
const left = 2;
const clear = 2;

/** A mean gradient at the end of a window that chance does not explain. */
export interface Drift {
  /** The number of the last steps whose mean gradient it is. */
  readonly steps: number;
  /** Whether it is that of one coordinate, or that along the direction of the mean gradient in equally many steps before. */
  readonly of: 'coordinate' | 'direction';
  /** Its size divided by its standard error. */
  readonly errors: number;
  /**
   * The decrease per step of the mean loss in the second half, to first order: −ḡ·Δ̄, the mean gradient of every other block times
   * the mean step of the blocks between them, so that the noise of a gradient does not count as a decrease by its own step. Only of
   * coordinates whose mean gradient was more than twice its standard error: the others add their noise.
   */
  readonly fallPerStep: number;
  /** Whether `fallPerStep` was measured, see `measuredDrift`; absent: it is that to first order. */
  readonly isMeasured?: true;
}

/**
 * Whether the mean gradient over a window of steps is 0, where each step has a loss function of its own. At a minimum of the mean loss,
 * gradients differ by chance and their mean tends to 0; while the parameters are on their way, it does not.
 *
 * The window is divided into 20 blocks, whose means contain the correlation of consecutive gradients. Two tests:
 *
 *   The first half gives a direction d, with the components mean/variance, and the second half one number for each block, d·g, whose
 *   mean is compared with its standard error. Both halves have noise of their own, so the number of coordinates does not matter.
 *   The mean of each coordinate over the whole window, t² > t₀² + 2 ln(dim), if the second half still agrees. It recognises weaker
 *   gradients of few coordinates.
 */
export class GradientDrift {
  readonly #dim: number;
  readonly #perBlock: number;
  /** The mean gradients and the mean steps of the last blocks, in a ring. */
  readonly #grads: Float64Array[] = [];
  readonly #moves: Float64Array[] = [];
  #inBlock = 0;
  #count = 0;

  /** @param window  the number of steps; at least 40 are used */
  constructor(dim: number, window: number) {
    this.#dim = dim;
    this.#perBlock = Math.ceil(Math.max(window, 2 * fewestSteps) / blocks);
  }

  /**
   * @param grad  shape [dim]; not modified
   * @param before  theta_{t−1}; shape [dim]; not modified
   * @param params  theta_t; shape [dim]; not modified
   */
  push(grad: Float64Array, before: Float64Array, params: Float64Array): void {
    const at = this.#count % blocks;
    this.#grads[at] ??= new Float64Array(this.#dim);
    this.#moves[at] ??= new Float64Array(this.#dim);
    const [sum, move] = [this.#grads[at], this.#moves[at]];
    if (this.#inBlock === 0) {
      sum.fill(0);
      move.fill(0);
    }
    for (let i = 0; i < grad.length; i++) {
      sum[i]! += grad[i]! / this.#perBlock;
      move[i]! += (params[i]! - before[i]!) / this.#perBlock;
    }
    if (++this.#inBlock < this.#perBlock) return;
    this.#inBlock = 0;
    this.#count++;
  }

  /**
   * The point at the beginning of the second half of the window, with the number of steps since then.
   *
   * @param params  theta_T, shape [dim]; not modified
   */
  halfwayTo(params: Float64Array): { readonly point: Float64Array; readonly steps: number } {
    const since = this.#lastBlocks().slice(-blocks / 2);
    const unfinished = this.#inBlock > 0 ? [this.#count % blocks] : [];
    const point = params.map(
      (theta, i) =>
        theta - [...since, ...unfinished].reduce((sum, k) => sum + this.#perBlock * this.#moves[k]![i]!, 0),
    );
    return { point, steps: since.length * this.#perBlock + this.#inBlock };
  }

  /** Begins a new window. */
  reset(): void {
    this.#inBlock = 0;
    this.#count = 0;
  }

  /** null if the gradient is 0 as far as its noise allows to tell, or the steps are too few to tell. */
  get value(): Drift | null {
    const order = this.#lastBlocks();
    const half = order.length >> 1;
    if (half < fewestInHalf) return null;
    const whole = order.slice(-2 * half);
    const second = order.slice(-half);
    const before = this.#errorsAlong(this.#directionOf(whole.slice(0, half)), second);
    const steps = half * this.#perBlock;
    const fallPerStep = () => this.#fallIn(second, this.#clearIn(whole));
    if (before > significantInHalf)
      return { steps, of: 'direction', errors: before, fallPerStep: fallPerStep() };
    const { i, errors } = this.#largestIn(whole);
    if (!(errors ** 2 > significant ** 2 + 2 * Math.log(this.#dim))) return null;
    const direction = new Float64Array(this.#dim);
    direction[i] = this.#momentsIn(whole, i).mean;
    if (!(this.#errorsAlong(direction, second) > left)) return null;
    return { steps: 2 * steps, of: 'coordinate', errors, fallPerStep: fallPerStep() };
  }

  /** The numbers of the last full blocks in the ring, the oldest first. */
  #lastBlocks(): number[] {
    const full = Math.min(this.#count, this.#inBlock === 0 ? blocks : blocks - 1);
    return Array.from({ length: full }, (_, k) => (this.#count - full + k) % blocks);
  }

  #directionOf(of: readonly number[]): Float64Array {
    return Float64Array.from({ length: this.#dim }, (_, i) => {
      const { mean, variance } = this.#momentsIn(of, i);
      const least = Math.max(variance, leastVariance * mean ** 2);
      return least > 0 ? mean / least : 0;
    });
  }

  #errorsAlong(direction: Float64Array, of: readonly number[]): number {
    const { mean, variance } = momentsOf(of.map((k) => dot(direction, this.#grads[k]!)));
    return mean / Math.sqrt(variance / of.length);
  }

  /** The coordinate whose mean gradient is the most standard errors from 0. */
  #largestIn(of: readonly number[]): { readonly i: number; readonly errors: number } {
    let [at, errors] = [0, 0];
    for (let i = 0; i < this.#dim; i++) {
      const own = this.#errorsIn(of, i);
      if (own > errors) [at, errors] = [i, own];
    }
    return { i: at, errors };
  }

  #clearIn(of: readonly number[]): number[] {
    return Array.from({ length: this.#dim }, (_, i) => i).filter((i) => this.#errorsIn(of, i) > clear);
  }

  #errorsIn(of: readonly number[], i: number): number {
    const { mean, variance } = this.#momentsIn(of, i);
    return mean === 0 ? 0 : Math.abs(mean) / Math.sqrt(variance / of.length);
  }

  #momentsIn(of: readonly number[], i: number) {
    return momentsOf(of.map((k) => this.#grads[k]![i]!));
  }

  #fallIn(of: readonly number[], coordinates: readonly number[]): number {
    const [even, odd] = [0, 1].map((rest) => of.filter((_, n) => n % 2 === rest)) as [number[], number[]];
    const mean = (all: readonly Float64Array[], over: readonly number[], i: number) =>
      over.reduce((sum, k) => sum + all[k]![i]! / over.length, 0);
    return coordinates.reduce((sum, i) => {
      const one = mean(this.#grads, even, i) * mean(this.#moves, odd, i);
      const other = mean(this.#grads, odd, i) * mean(this.#moves, even, i);
      return sum - (one + other) / 2;
    }, 0);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
