import type { RunConfig } from '../../config/runConfig';
import { hessianAt, spectrumEnds } from '../../curvature';
import type { Measurements } from '../../measurements';
import { maxAbs, norm2 } from '../../numerics/norms';
import { type Random, seededRandom } from '../../numerics/random';
import { optimizerAt } from '../../phases';
import type { StepView } from '../../update';
import { CoordinateReader } from '../terms/coordinateReader';
import { expectedRebound } from '../terms/rebound';
import { affordableEvery, allowance, type Probe, type Probing } from './probe';

/** The curvature that a step met, as the optimizer divides it. */
export interface StabilitySample {
  readonly t: number;
  /** a·λmax(P⁻¹H): dimensionless. */
  readonly value: number;
  /** What `value` must stay below for steps on a quadratic not to grow; infinite where there is no such. */
  readonly limit: number;
  /** Ends of the spectrum of P⁻¹H, unit of 1/a. */
  readonly largest: number;
  readonly smallest: number;
  /** Whether all of the spectrum was seen, so that its ends are exact. */
  readonly isWhole: boolean;
  /** Whether the loss itself, not only differences of its gradient, falls to both sides along `flattest` on average. */
  readonly isCurvedDown: boolean;
  /** abs(g·d / dᵀHd) / max(1, ‖θ‖∞) along `flattest`: how far away the slope along it is 0. */
  readonly ridgeAway: number;
  /** Along the sharpest direction d = P^(−½)u, ‖d‖ = 1: dᵀHd and dᵀPd. */
  readonly curvature: number;
  readonly preconditioner: number;
  /** How far the loss may jump if the limit is passed; see `expectedRebound`. */
  readonly rebound: number;
  /** Unit vectors in θ along the ends of the spectrum, shape [dim]. */
  readonly sharpest: Float64Array;
  readonly flattest: Float64Array;
}

/** Up to this dim the whole spectrum is made. */
const wholeUpTo = 8;
/** Beyond that: products of the first sample, and of the later ones, which begin at the eigenvectors of the one before. */
const productsAtFirst = 12;
const productsLater = 8;
/** From this share of the limit on it samples up to so many times as often, while the allowance lasts. */
const near = 0.7;
const closer = 6;
const stream = 0xc0de;

/** Every how many steps it samples. Half of the allowance is kept for where it matters. */
export function samplingEvery(steps: number, dim: number): number {
  return affordableEvery(steps, costAt(dim), 0.5);
}

/** The same near the limit, at most. */
export function closerEvery(every: number): number {
  return Math.ceil(every / closer);
}

/** Gradients of a sample. */
function costAt(dim: number): number {
  return 2 * (dim <= wholeUpTo ? dim : productsLater);
}

/**
 * Measures every so many steps how near the steps are to instability (Cohen et al., arXiv:2207.14484):
 *
 *   a·λmax(P⁻¹(H + l2·I))   against the optimizer's own limit
 *
 * (times the clip factor, where the gradient was clipped) with the Hessian H of the loss at theta_{t−1}, on the batch of
 * step t, by differences of its gradient, and P and a of step t; more often near the limit. Up to 8 coordinates it is
 * exact to about ε^⅔; beyond, Lanczos' method from the last eigenvectors and as much of chance gives it from below.
 */
export class StabilityGauge implements Probe {
  /** The last sample; null before the first. */
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
  #next = 1;
  /** Where the next search begins: the last ends, in the coordinates that P stretches. */
  #near: Float64Array | null = null;

  /**
   * @param measurements  takes in the samples
   * @param every         steps between samples; absent: as many as 10 % more gradients allow
   */
  constructor(config: RunConfig, probing: Probing, measurements: Measurements, every?: number) {
    const { dim } = probing.objective;
    this.#config = config;
    this.#probing = probing;
    this.#measurements = measurements;
    this.#reader = new CoordinateReader(config);
    this.#random = seededRandom(config.seed, stream);
    this.#cost = costAt(dim);
    this.#every = every ?? samplingEvery(config.steps, dim);
    this.#scale = new Float64Array(dim);
  }

  isDue({ t }: StepView): boolean {
    return t >= this.#next;
  }

  /** Samples, and posts what it measured. A step that is not finite is left out. */
  async look(step: StepView): Promise<void> {
    this.#next = step.t + this.#every;
    const stepSize = this.#readPreconditioner(step);
    if (!Number.isFinite(step.loss) || !Number.isFinite(step.gradNorm) || !(stepSize > 0)) return;
    const { l2, stabilityLimit } = this.#reader.formulas(step);
    const { objective } = this.#probing;
    const { dim } = objective;
    const plain = hessianAt(objective, step.before, this.#probing.open(step.t));
    const isWhole = dim <= wholeUpTo;
    const ends = await spectrumEnds(
      l2 === 0 ? plain : async (v) => (await plain(v)).map((each, i) => each + l2 * v[i]!),
      dim,
      this.#random,
      this.#scale,
      isWhole ? dim : this.#near ? productsLater : productsAtFirst,
      isWhole ? null : this.#near,
    );
    if (!Number.isFinite(ends.largest) || !Number.isFinite(ends.smallest)) return;
    this.#near = ends.largestVector.map(
      // As much of chance: the sharpest direction may have become another one.
      (each, i) => each + 0.5 * ends.smallestVector[i]! + (this.#random() - 0.5) * Math.sqrt(12 / dim),
    );
    const sharpest = this.#directionOf(ends.largestVector);
    const preconditioner = sharpest.reduce((sum, d, i) => sum + d * d * this.#scale[i]!, 0);
    const before = this.latest;
    const flattest = this.#directionOf(ends.smallestVector);
    const slope = flattest.reduce((sum, d, i) => sum + d * (step.grad[i]! + l2 * step.before[i]!), 0);
    const curve = ends.smallest * flattest.reduce((sum, d, i) => sum + d * d * this.#scale[i]!, 0);
    const limit = stabilityLimit({ t: step.age, lr: step.lr, beta: step.beta });
    const curvature = ends.largest * preconditioner;
    this.latest = {
      t: step.t,
      value: stepSize * step.clipFactor * ends.largest,
      limit,
      largest: ends.largest,
      smallest: ends.smallest,
      isWhole,
      ridgeAway: Math.abs(slope / curve) / Math.max(1, maxAbs(step.before)),
      isCurvedDown: ends.smallest < 0 && (await this.#isCurvedDown(step, flattest)),
      curvature,
      preconditioner,
      rebound: expectedRebound(optimizerAt(this.#config, step.phase), preconditioner, curvature),
      sharpest,
      flattest,
    };
    const { t, value, rebound } = this.latest;
    this.#measurements.post({ t, stability: Number.isFinite(limit) ? value : Number.NaN, rebound });
    this.#spent += 2 * ends.products;
    // What the samples to come need is kept; the rest may be spent where it matters, though it comes early.
    const kept = (this.#cost * Math.max(0, this.#config.steps - step.t)) / this.#every;
    const isAffordable = this.#spent + this.#cost + kept <= allowance(this.#config.steps);
    if (isAffordable) this.#next = step.t + this.#wait(before, this.latest);
  }

  /**
   * Steps to the next sample: `every` far below the limit; near it half of the way to where it would be passed at the last
   * rate, a third of `every` where it does not rise, and never more often than `closer` says.
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

  /** At a kink differences of the gradient may make any eigenvalue; a convex loss rises to both sides even there. */
  async #isCurvedDown({ t, before, loss }: StepView, direction: Float64Array): Promise<boolean> {
    const h = 1e-3 * Math.max(1, maxAbs(before));
    const at = (by: number) =>
      this.#probing.objective.value(
        before.map((theta, i) => theta + by * direction[i]!),
        this.#probing.open(t),
      );
    return (await at(h)) + (await at(-h)) < 2 * loss;
  }

  /** P into `#scale`; a. NaN where P cannot be divided by. */
  #readPreconditioner(step: StepView): number {
    const { formulas, stepSize } = this.#reader.formulas(step);
    const { preconditioner } = formulas;
    let a = Number.NaN;
    for (let i = 0; i < this.#scale.length; i++) {
      const at = this.#reader.at(step, i);
      const p = preconditioner!(at);
      if (!(p > 0) || p === Number.POSITIVE_INFINITY) return Number.NaN;
      this.#scale[i] = p;
      a = stepSize(at);
    }
    return a;
  }

  /** d = P^(−½) u as a unit vector. */
  #directionOf(u: Float64Array): Float64Array {
    const d = u.map((each, i) => each / Math.sqrt(this.#scale[i]!));
    const norm = norm2(d);
    return d.map((each) => each / norm);
  }
}
