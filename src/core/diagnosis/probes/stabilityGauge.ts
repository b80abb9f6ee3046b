import type { RunConfig } from '../../config/runConfig';
import { type HessianProduct, hessianAt, type Spectrum, spectrumEnds } from '../../curvature';
import { allowance } from '../../gradient/allowance';
import type { Measurements } from '../../measurements';
import { maxAbs, norm2 } from '../../numerics/norms';
import { type Random, seededRandom } from '../../numerics/random';
import { optimizerAt } from '../../phases';
import type { StepView } from '../../update';
import { CoordinateReader } from '../terms/coordinateReader';
import { expectedRebound } from '../terms/rebound';
import { leading } from '../words';
import { affordableEvery, type Probe, type Probing } from './probe';

/** The curvature at one step, divided by the optimizer's preconditioner. */
export interface StabilitySample {
  readonly t: number;
  /** a·λmax(P⁻¹H): dimensionless. */
  readonly value: number;
  /**
   * Steps on a quadratic do not grow as long as `value` is below this limit; infinite if there is no limit.
   */
  readonly limit: number;
  /**
   * The share of the gradient along `flattest` that the longest stable step removes, once the momentum has built up; infinite if
   * there is no limit. With groups, that of the group with the lowest limit.
   */
  readonly longestReduction: number;
  /** Largest and smallest eigenvalue of P⁻¹H, in units of 1/a. */
  readonly largest: number;
  readonly smallest: number;
  /** Whether the whole spectrum was computed, so that both eigenvalues are exact. */
  readonly isWhole: boolean;
  /**
   * Whether values of the loss confirm negative curvature along `flattest`: on average, the loss is lower on
   * both sides.
   */
  readonly isCurvedDown: boolean;
  /**
   * The decrease of the loss to its lowest value along `flattest`, at distances of up to max(1, ‖θ‖∞); 0 if it is not
   * curved downward there.
   */
  readonly escapeGain: number;
  /**
   * abs(g·d / dᵀHd) / max(1, ‖θ‖∞) along `flattest`: the relative distance to the point where the slope is 0.
   */
  readonly ridgeAway: number;
  /**
   * dᵀHd and dᵀPd, the curvature and the preconditioner along the sharpest direction d = P^(−½)u, ‖d‖ = 1.
   */
  readonly curvature: number;
  readonly preconditioner: number;
  /** The expected rebound of the loss after the limit is crossed; see `expectedRebound`. */
  readonly rebound: number;
  /** Unit vectors in θ for the largest and smallest eigenvalue, shape [dim]. */
  readonly sharpest: Float64Array;
  readonly flattest: Float64Array;
}

/** Up to this dim the whole spectrum is computed. */
const wholeUpTo = 8;
/**
 * In larger dimensions: the numbers of Hessian-vector products of the first sample and of later samples.
 * Later samples start from the last eigenvectors.
 */
const productsAtFirst = 12;
const productsLater = 8;
/** Above this share of the limit, the gauge samples more often, up to this factor, within the allowance. */
const near = 0.7;
const closer = 6;
const stream = 0xc0de;
/** How many times as long the difference is that tells a curvature from a kink. */
const kinkDistance = 8;
/** P of a coordinate that does not move: √P⁻¹ is 0 in effect, and P⁻¹ is still a number. */
const immovable = 1e300;
/** The distances at which the loss along a direction of negative curvature is evaluated, relative to max(1, ‖θ‖∞). */
const escapeDistances = [0.01, 0.03, 0.1, 0.3, 1];

/** Number of steps between samples. Half of the allowance is reserved for samples near the limit. */
export function samplingEvery(steps: number, dim: number): number {
  return affordableEvery(steps, dim, costAt(dim), 0.5);
}

/** The smallest number of steps between samples near the limit. */
export function closerEvery(every: number): number {
  return Math.ceil(every / closer);
}

/** Gradient evaluations of one sample. */
function costAt(dim: number): number {
  return 2 * (dim <= wholeUpTo ? dim : productsLater);
}

/**
 * Samples the preconditioned sharpness and the stability limit of the optimizer (Cohen et al.,
 * arXiv:2207.14484):
 *
 *   a·λmax(P⁻¹(H + l2·I))   compared with the limit
 *
 * (multiplied by the clip factor where the gradient was clipped). H is the Hessian of the loss at theta_{t−1}
 * on the batch of step t, from differences of the gradient; P and a are those of step t. It samples more
 * often near the limit. A value above the limit that comes from a kink is no sample. Up to 8 coordinates the result has a relative error of about ε^⅔. Above that it is a
 * lower bound from the Lanczos method, which starts from the last eigenvectors plus a random vector of the
 * same length.
 */
export class StabilityGauge implements Probe {
  /** The last sample; null before the first sample. */
  latest: StabilitySample | null = null;
  readonly #config: RunConfig;
  readonly #probing: Probing;
  readonly #measurements: Measurements;
  readonly #reader: CoordinateReader;
  readonly #random: Random;
  readonly #every: number;
  readonly #cost: number;
  #spent = 0;
  readonly #scale: Float64Array;
  /** theta_{t−1} of the first sample. */
  #start: Float64Array | null = null;
  /** Infinite if the allowance does not pay for the first sample: a short run of very many coordinates. */
  #next = 1;
  /** Start vector of the next Lanczos iteration: the last eigenvectors, in the coordinates scaled by √P. */
  #near: Float64Array | null = null;

  /**
   * @param measurements  receives the samples
   * @param every         steps between samples; absent: chosen so that samples cost at most 10 % more
   *   gradients
   */
  constructor(config: RunConfig, probing: Probing, measurements: Measurements, every?: number) {
    const { dim } = probing.objective;
    this.#config = config;
    this.#probing = probing;
    this.#measurements = measurements;
    this.#reader = new CoordinateReader(config, dim);
    this.#random = seededRandom(config.seed, stream);
    this.#cost = costAt(dim);
    this.#every = every ?? samplingEvery(config.steps, dim);
    this.#scale = new Float64Array(dim);
    if (2 * productsAtFirst > allowance(config.steps, dim)) this.#next = Number.POSITIVE_INFINITY;
  }

  isDue({ t }: StepView): boolean {
    return t >= this.#next;
  }

  /** Takes a sample and posts it. Steps that are not finite are skipped. */
  async look(step: StepView): Promise<void> {
    this.#next = step.t + this.#every;
    const stepSize = this.#readPreconditioner(step);
    if (!Number.isFinite(step.loss) || !Number.isFinite(step.gradNorm) || !(stepSize > 0)) return;
    const l2 = this.#l2(step);
    const formulas = this.#reader.allFormulas(step);
    const { objective } = this.#probing;
    const { dim } = objective;
    const plain = hessianAt(objective, step.before, this.#probing.open(step.t));
    const product: HessianProduct = formulas.every((each) => each.l2 === 0)
      ? plain
      : async (v) => (await plain(v)).map((each, i) => each + l2(i) * v[i]!);
    const isWhole = dim <= wholeUpTo;
    const ends = await this.#spectrum(step, product);
    if (!Number.isFinite(ends.largest) || !Number.isFinite(ends.smallest)) return;
    this.#near = ends.largestVector.map(
      // Add a random part of the same length, because another direction may have become the sharpest one.
      (each, i) => each + 0.5 * ends.smallestVector[i]! + (this.#random() - 0.5) * Math.sqrt(12 / dim),
    );
    const sharpest = this.#directionOf(ends.largestVector);
    const preconditioner = sharpest.reduce((sum, d, i) => sum + d * d * this.#scale[i]!, 0);
    const before = this.latest;
    const flattest = this.#directionOf(ends.smallestVector);
    const slope = flattest.reduce((sum, d, i) => sum + d * (step.grad[i]! + l2(i) * step.before[i]!), 0);
    const curve = ends.smallest * flattest.reduce((sum, d, i) => sum + d * d * this.#scale[i]!, 0);
    // With groups, the lowest of their limits.
    const [{ limit, accumulation }] = formulas
      .map((each) => {
        const at = { t: step.age, lr: step.lr, beta: formulas.length > 1 ? each.beta : step.beta };
        return { limit: each.stabilityLimit(at), accumulation: each.accumulation(at) };
      })
      .sort((a, b) => a.limit - b.limit) as [{ limit: number; accumulation: number }];
    const curvature = ends.largest * preconditioner;
    const value = stepSize * step.clipFactor * ends.largest;
    this.#spent += 2 * ends.products;
    if (value >= limit) {
      this.#spent += 2;
      if (await this.#isAcrossKink(step, sharpest, curvature)) return;
    }
    const isCurvedDown = ends.smallest < 0 && (await this.#isCurvedDown(step, flattest));
    this.latest = {
      t: step.t,
      value,
      limit,
      longestReduction: (limit * accumulation * ends.smallest) / ends.largest,
      largest: ends.largest,
      smallest: ends.smallest,
      isWhole,
      ridgeAway: Math.abs(slope / curve) / Math.max(1, maxAbs(step.before)),
      isCurvedDown,
      escapeGain: isCurvedDown ? await this.#escapeGain(step, flattest) : 0,
      curvature,
      preconditioner,
      rebound: expectedRebound(optimizerAt(this.#config, step.phase), preconditioner, curvature),
      sharpest,
      flattest,
    };
    const { t, rebound } = this.latest;
    this.#measurements.post({ t, stability: Number.isFinite(limit) ? value : Number.NaN, rebound });
    // Gradients for the remaining regular samples are reserved. All others may be used near the limit, even
    // early in the run.
    const kept = (this.#cost * Math.max(0, this.#config.steps - step.t)) / this.#every;
    const isAffordable = this.#spent + this.#cost + kept <= allowance(this.#config.steps, dim);
    if (isAffordable) this.#next = step.t + this.#wait(before, this.latest);
  }

  /** The ends of the spectrum of P⁻¹H; the largest eigenvalue without the coordinates that do not move. */
  async #spectrum(step: StepView, product: HessianProduct): Promise<Spectrum> {
    const { dim } = this.#probing.objective;
    const isWhole = dim <= wholeUpTo;
    const iterations = isWhole ? dim : this.#near ? productsLater : productsAtFirst;
    const near = isWhole ? null : this.#near;
    const all = await spectrumEnds(product, dim, this.#random, this.#scale, iterations, near);
    const fixed = this.#fixed(step);
    const isFixed = new Set(fixed);
    if (!leading(all.largestVector).some((i) => isFixed.has(i))) return all;
    const moving = this.#scale.slice();
    for (const i of fixed) moving[i] = immovable;
    const { largest, largestVector, products } = await spectrumEnds(
      product,
      dim,
      this.#random,
      moving,
      iterations,
    );
    return { ...all, largest, largestVector, products: all.products + products };
  }

  /**
   * Steps to the next sample. Far below the limit: `every`. Near it: half the steps until the value would
   * cross the limit at its last rate of change, or a third of `every` if it does not rise. Never fewer steps
   * than `closer`.
   */
  #wait(before: StabilitySample | null, now: StabilitySample): number {
    if (now.value < near * now.limit) return this.#every;
    const least = closerEvery(this.#every);
    const share = Math.log(now.value / now.limit);
    if (share >= 0) return least;
    const rate = before ? (share - Math.log(before.value / before.limit)) / (now.t - before.t) : 0;
    const ahead = rate > 0 ? -share / rate / 2 : this.#every / 3;
    return Math.ceil(Math.max(least, Math.min(this.#every / 2, ahead)));
  }

  /**
   * Whether the curvature along the sharpest direction is the jump of the slope at a kink, divided by the distance of the two gradients:
   * then, over a longer distance, it is smaller in proportion.
   */
  async #isAcrossKink({ t, before }: StepView, direction: Float64Array, curvature: number): Promise<boolean> {
    const product = hessianAt(this.#probing.objective, before, this.#probing.open(t), kinkDistance);
    const over = await product(direction);
    return over.reduce((sum, each, i) => sum + each * direction[i]!, 0) < curvature / 2;
  }

  /**
   * Whether the loss confirms negative curvature. At a kink, differences of the gradient may give any
   * eigenvalue, but a convex loss rises on both sides.
   */
  async #isCurvedDown(step: StepView, direction: Float64Array): Promise<boolean> {
    const h = 1e-3 * Math.max(1, maxAbs(step.before));
    return (await this.#along(step, direction, h)) + (await this.#along(step, direction, -h)) < 2 * step.loss;
  }

  async #escapeGain(step: StepView, direction: Float64Array): Promise<number> {
    const scale = Math.max(1, maxAbs(step.before));
    let least = step.loss;
    for (const distance of escapeDistances)
      for (const by of [distance * scale, -distance * scale])
        least = Math.min(least, await this.#along(step, direction, by));
    return step.loss - least;
  }

  /** The loss at a distance along a direction; infinite if it is not finite there. */
  async #along({ t, before }: StepView, direction: Float64Array, by: number): Promise<number> {
    const at = before.map((theta, i) => theta + by * direction[i]!);
    const loss = await this.#probing.objective.value(at, this.#probing.open(t));
    return Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
  }

  /** The weight of the L2 penalty of each coordinate. */
  #l2(step: StepView): (i: number) => number {
    return (i) => this.#reader.formulas(step, i).l2;
  }

  /**
   * Writes P into `#scale` and returns a; NaN where P is not positive and finite. Where parameter groups have different a,
   * P is scaled so that a/P remains that of the coordinate.
   */
  #readPreconditioner(step: StepView): number {
    let a = Number.NaN;
    for (let i = 0; i < this.#scale.length; i++) {
      const { formulas, stepSize } = this.#reader.formulas(step, i);
      const at = this.#reader.at(step, i);
      const p = formulas.preconditioner!(at);
      const own = stepSize(at);
      if (i === 0) a = own;
      const scaled = own === a ? p : (p * a) / own;
      if (!(scaled > 0) || scaled === Number.POSITIVE_INFINITY) return Number.NaN;
      this.#scale[i] = scaled;
    }
    return a;
  }

  /**
   * The coordinates that have never moved and have no gradient. Only eps divides there, so their step size is
   * meaningless. They cannot become unstable, but a saddle may curve downward along them.
   */
  #fixed({ before, params, grad }: StepView): number[] {
    this.#start ??= before.slice();
    const start = this.#start;
    const fixed: number[] = [];
    for (let i = 0; i < start.length; i++)
      if (grad[i] === 0 && before[i] === start[i] && params[i] === start[i]) fixed.push(i);
    return fixed;
  }

  /** d = P^(−½) u as a unit vector. */
  #directionOf(u: Float64Array): Float64Array {
    const d = u.map((each, i) => each / Math.sqrt(this.#scale[i]!));
    const norm = norm2(d);
    return d.map((each) => each / norm);
  }
}
