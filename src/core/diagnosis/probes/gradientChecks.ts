import type { RunConfig } from '../../config/runConfig';
import type { NameOf } from '../../coordinates/coordinateNames';
import { allowance, isAffordable, wide } from '../../gradient/allowance';
import {
  checkDirection,
  type DirectionCheck,
  type DirectionSetting,
  hasHiddenKink,
  randomDirection,
} from '../../gradient/directionCheck';
import { mostDifferences } from '../../gradient/finiteDifference';
import { answer } from '../../gradient/inquiry';
import { type FittedSlope, lengthAlong, usualLength } from '../../gradient/lengthAlong';
import { noiseAlong } from '../../gradient/noise';
import { type LossWords, lossWordsOf } from '../../lossWords';
import { formatNumber } from '../../numerics/format';
import { firstNonFinite, maxAbs } from '../../numerics/norms';
import { type Random, seededRandom } from '../../numerics/random';
import { SampledCalls } from '../../numerics/sampledCalls';
import type { MaybePromise, Objective, OpenContext } from '../../objective';
import type { FindingReport } from '../finding';
import { gradientModeFix } from '../fixes';
import { option } from '../subjects';
import { gradientRounding, roundingReport } from './gradientRounding';
import { dominates, isWithinRounding, type LossRounding, lossRoundingReport } from './lossRounding';
import { SlopeWatch } from './slopeWatch';

export interface GradientChecksRequest {
  readonly objective: Objective;
  /** Another instance of the same loss, so that the checks do not affect a loss that remembers its evaluations. */
  readonly beside: Objective;
  readonly config: RunConfig;
  /** Names of the coordinates. */
  readonly nameOf: NameOf;
  /** An exact gradient to compare the provided gradient with; null if there is none. */
  readonly exact: Objective | null;
  /** How far rounding moves the loss at a point; null if it is not known. Absent: never known. */
  readonly roundingAt?: (params: Float64Array, open: OpenContext) => Promise<LossRounding | null>;
  readonly report: (finding: FindingReport) => void;
}

/** A gradient this many times as large as all before is examined for rounding. */
const burst = 1e3;
/** Stream of the random directions, separate from the other random numbers of a run. */
const directionStream = 0xd1ff;
const noiseStream = 0x0152;
/** The first evaluations with a provided gradient are all checked. */
const earlyChecks = 3;
/** About the number of evaluations of the loss in a check, and of those that take as long as another exact gradient. */
const checkCost = 16;
const exactCost = 64;
/** At most this many coordinates of a large gradient are checked to find the wrong one. */
const coordinatesAtMost = 64;
/**
 * Two exact gradients differ by rounding: differences up to this share of the largest component are accepted.
 */
const agreement = 1e-9;
/** The accepted difference if the provided gradient consists of float32 numbers. */
const singleAgreement = 2 ** -20;

/**
 * Checks of a gradient at the first evaluation and at randomly chosen later ones, whose distance grows (about
 * log₂ of the number of steps in total). The loss is evaluated again and must have the same value, and the
 * gradient is compared with finite differences of the loss in a random direction. A disagreement is reported
 * once and not checked again.
 *
 * A checked evaluation returns a promise; the other evaluations do not change.
 */
export function withGradientChecks(request: GradientChecksRequest): Objective {
  const { objective } = request;
  const checks = new GradientChecks(request);
  return {
    ...objective,
    valueAndGradient(params, grad, open) {
      const loss = objective.valueAndGradient(params, grad, open);
      if (checks.isDue(loss, params, grad)) return checks.after(loss, params, grad, open);
      return checks.isBurst(grad) ? checks.afterBurst(loss, params, grad, open) : loss;
    },
  };
}

/** A point of the run, and the gradient there. */
interface CheckedPoint {
  readonly value: (point: Float64Array) => MaybePromise<number>;
  readonly params: Float64Array;
  readonly grad: Float64Array;
}

/** Σ abs(θ_i g_i) over the coordinates that d moves. */
function steepnessOf({ params, grad }: CheckedPoint, d: Float64Array): number {
  return grad.reduce((sum, g, i) => (d[i] === 0 ? sum : sum + Math.abs(g * params[i]!)), 0);
}

/** g·d */
function slopeAlong(grad: Float64Array, d: Float64Array): number {
  return grad.reduce((sum, g, i) => sum + g * d[i]!, 0);
}

function smaller(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((each, i) => Math.min(each, b[i]!));
}

function times(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((each, i) => each * b[i]!);
}

class GradientChecks {
  readonly #request: GradientChecksRequest;
  readonly #random: Random;
  readonly #checked: SampledCalls;
  /** null if a first check is affordable, or was made. */
  #slopes: SlopeWatch | null;
  #made = 0;
  /** Places the points at which noise is measured. */
  readonly #noiseRandom: Random;
  /** The size of the first finite loss: a later, smaller loss may be the difference of terms of this size. */
  #size = 0;
  /** The largest size of the checked losses so far. */
  #largestLoss = 0;
  /** The largest component of the gradients so far. */
  #largest = 0;
  #isRoundingReported = false;
  /** null if there is none, or the loss turned out not to have one. */
  #exact: Objective | null;

  constructor(request: GradientChecksRequest) {
    this.#request = request;
    this.#exact = request.exact;
    const { steps } = request.config;
    this.#slopes = isAffordable(checkCost, steps, request.objective.dim) ? null : new SlopeWatch();
    this.#random = seededRandom(request.config.seed, directionStream);
    this.#checked = new SampledCalls(this.#random);
    this.#noiseRandom = seededRandom(request.config.seed, noiseStream);
  }

  isDue(loss: MaybePromise<number>, params: Float64Array, grad: Float64Array): boolean {
    const isSelected = this.#checked.isSelected();
    if (this.#slopes?.isDoubtful(loss, params, grad)) {
      this.#slopes = null;
      this.#made++;
      return true;
    }
    return isSelected && this.#isAffordable();
  }

  /** Whether a gradient is far larger than all before, which may be rounding. Of a promised gradient, the one before counts. */
  isBurst(grad: Float64Array): boolean {
    if (this.#isRoundingReported || grad.length > wide) return false;
    const before = this.#largest;
    const size = maxAbs(grad);
    if (!(size > before)) return false;
    this.#largest = size;
    return before > 0 && size > burst * before && size < Number.POSITIVE_INFINITY;
  }

  async afterBurst(
    pending: MaybePromise<number>,
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<number> {
    const loss = await pending;
    const i = grad.reduce((most, each, j) => (Math.abs(each) > Math.abs(grad[most]!) ? j : most), 0);
    try {
      const found = await this.#rounding(this.#checked.count, params, i, Number.POSITIVE_INFINITY, open);
      if (found) this.#request.report(found);
    } catch {
      // A loss may throw at points other than those of the run.
    }
    return loss;
  }

  /** The report that rounding dominates a component; null if it does not. */
  async #rounding(
    t: number,
    params: Float64Array,
    i: number,
    error: number,
    open: OpenContext,
  ): Promise<FindingReport | null> {
    const { objective, beside, nameOf, config } = this.#request;
    // A provided gradient may remember its calls, so it is not called again in the instance of the run.
    if (objective.gradientMode !== 'exact' && (objective.gradientMode !== 'provided' || beside === objective))
      return null;
    const found = await gradientRounding(beside, params, i, error, open);
    if (!found) return null;
    this.#isRoundingReported = true;
    return roundingReport(t, found, nameOf(i), lossWordsOf(config));
  }

  /**
   * Above `wide` coordinates, only the first check is made at once, and the others when the allowance has grown. Where not even the
   * first one is affordable, it is made only if the first losses do not follow from the gradients.
   */
  #isAffordable(): boolean {
    const { dim } = this.#request.objective;
    const { count } = this.#checked;
    if (
      dim <= wide ||
      (this.#made === 0 && !this.#slopes) ||
      checkCost * (this.#made + 1) <= allowance(count, dim)
    ) {
      this.#made++;
      return true;
    }
    this.#checked.select();
    return false;
  }

  async after(
    pending: MaybePromise<number>,
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<number> {
    const loss = await pending;
    const t = this.#checked.count;
    if (this.#size === 0 && Number.isFinite(loss)) this.#size = Math.abs(loss);
    if (Number.isFinite(loss)) this.#largestLoss = Math.max(this.#largestLoss, Math.abs(loss));
    // A provided gradient that depends on its earlier calls is right at the first one.
    const isEarly = t < earlyChecks && this.#request.objective.gradientMode === 'provided';
    this.#checked.select(isEarly ? 0 : 1);
    try {
      const found = await this.#look(t, loss, params, grad.slice(), open);
      if (found) {
        // Where terms cancel at one point, the gradient may still be wrong at others.
        if (found.code !== 'precision-loss') this.#checked.stop();
        this.#request.report(found);
      }
    } catch {
      // A loss may throw at points other than those of the run: then the check has no result.
    }
    return loss;
  }

  async #look(
    t: number,
    loss: number,
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<FindingReport | null> {
    const { objective, beside } = this.#request;
    const again = await beside.value(params, open);
    if (!(Math.abs(again - loss) <= 1e-12 * Math.abs(loss)) && Number.isFinite(loss))
      return nonDeterministic(t, loss, again, lossWordsOf(this.#request.config));
    if (objective.gradientMode === 'finite-difference' || firstNonFinite(grad) >= 0) return null;
    const value = (point: Float64Array) => beside.value(point, open);
    const u = randomDirection(params.length, this.#random);
    const at = { value, params, grad };
    const reach = grad.map((g) => this.#reach(g));
    const lengths = params.map(usualLength);
    const along = async (each: Float64Array) => (await this.#checkAlong(at, times(u, each))).check.verdict;
    let verdict = await along(smaller(lengths, reach));
    if (verdict !== 'agrees' && params.length <= coordinatesAtMost)
      for (let i = 0; i < params.length; i++) {
        const { length, slope } = await this.#lengthAlong(at, i, loss);
        lengths[i] = length;
        if (Number.isFinite(slope)) reach[i] = Math.min(reach[i]!, this.#reach(slope));
      }
    for (const each of [smaller(lengths, reach), lengths])
      if (verdict !== 'agrees' && verdict !== 'differs') verdict = await along(each);
    const ofLoss = verdict === 'agrees' ? null : await this.#roundingOfLoss(params, open);
    if (ofLoss && (await dominates(ofLoss, value, params, times(u, lengths), this.#largestLoss))) {
      if (this.#isRoundingReported) return null;
      this.#isRoundingReported = true;
      return lossRoundingReport(t, loss, ofLoss, lossWordsOf(this.#request.config));
    }
    const suspects = await this.#suspects(verdict, params, grad, open);
    for (const i of suspects) {
      if (params.length > coordinatesAtMost) lengths[i] = (await this.#lengthAlong(at, i, loss)).length;
      const axis = new Float64Array(params.length);
      axis[i] = lengths[i]!;
      const { check, setting } = await this.#checkAlong(at, axis);
      if (check.verdict !== 'differs') continue;
      const steepness = steepnessOf(at, lengths);
      // At a kink, no gradient is that of the loss, and each of several is a valid choice.
      if (await hasHiddenKink(value, params, lengths, i, check, this.#random, { ...setting, steepness }))
        return null;
      const slopes = {
        ...check,
        claimed: grad[i]!,
        measured: check.measured / lengths[i]!,
        uncertainty: check.uncertainty / lengths[i]!,
      };
      const isKnown = this.#isRoundingReported;
      const rounding = await this.#rounding(t, params, i, Math.abs(slopes.claimed - slopes.measured), open);
      if (rounding) return isKnown ? null : rounding;
      const difference = { value, params, slope: slopeAlong(grad, axis), d: axis, setting, check };
      if (ofLoss && (await isWithinRounding(difference, ofLoss))) return null;
      return this.#mismatch(t, i, slopes, await this.#memory(params, i, slopes, open));
    }
    return null;
  }

  async #roundingOfLoss(params: Float64Array, open: OpenContext): Promise<LossRounding | null> {
    const { roundingAt } = this.#request;
    return (roundingAt && params.length <= wide && (await roundingAt(params, open))) || null;
  }

  /**
   * The distance over which a derivative changes the loss by its size: a longer unit of one steep coordinate would hide the other
   * coordinates in a difference along a common direction.
   */
  #reach(g: number): number {
    return this.#size > 0 && g !== 0 ? this.#size / Math.abs(g) : Number.POSITIVE_INFINITY;
  }

  #lengthAlong({ value, params }: CheckedPoint, i: number, loss: number): MaybePromise<FittedSlope> {
    return answer(lengthAlong(params, i, loss, this.#noiseRandom), value);
  }

  /**
   * Where the usual step gives no agreement, the noise of the loss is measured, and the step fitted to it:
   * rounding in float32 changes differences by percents. A sum of as many terms as a wide loss has rounds by up to dim · ε.
   *
   * @param d  a unit vector times the length of each coordinate, shape [dim]
   */
  async #checkAlong(
    at: CheckedPoint,
    d: Float64Array,
  ): Promise<{ readonly check: DirectionCheck; readonly setting: DirectionSetting }> {
    const { value, params, grad } = at;
    const slope = slopeAlong(grad, d);
    const h = params.length > wide ? { h: Math.cbrt(Number.EPSILON * params.length) } : {};
    const setting = { steepness: steepnessOf(at, d), size: this.#size, ...h };
    const check = await checkDirection(value, params, slope, d, setting);
    if (check.verdict === 'agrees') return { check, setting };
    const noise = await answer(noiseAlong(params, d, this.#noiseRandom), value);
    if (!noise) return { check, setting };
    const fitted = { ...setting, h: Math.min(0.1, Math.cbrt(noise.relative)), noise: noise.absolute };
    return { check: await checkDirection(value, params, slope, d, fitted), setting: fitted };
  }

  /** The coordinates that may be wrong, the most likely first. */
  async #suspects(
    verdict: DirectionCheck['verdict'],
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<number[]> {
    const right = await this.#exactGradient(params, open);
    if (right) {
      const apart = (i: number) => Math.abs(right[i]! - grad[i]!);
      const isSingle = grad.every((g) => Math.fround(g) === g);
      const tolerance = (isSingle ? singleAgreement : agreement) * Math.max(maxAbs(right), maxAbs(grad));
      return indices(grad.length)
        .filter((i) => apart(i) > tolerance)
        .sort((i, j) => apart(j) - apart(i))
        .slice(0, coordinatesAtMost);
    }
    if (verdict !== 'differs') return [];
    const all = indices(grad.length);
    return all.length <= coordinatesAtMost
      ? all
      : Array.from({ length: coordinatesAtMost }, () => Math.floor(this.#random() * all.length));
  }

  async #exactGradient(params: Float64Array, open: OpenContext): Promise<Float64Array | null> {
    if (!this.#exact || !isAffordable(exactCost, this.#request.config.steps, params.length)) return null;
    const right = new Float64Array(params.length);
    try {
      await this.#exact.valueAndGradient(params, right, open);
      return right;
    } catch {
      // The loss cannot be differentiated, so the gradient is compared with finite differences.
      this.#exact = null;
      return null;
    }
  }

  /**
   * Calls the gradient twice at one point, in the other instance. It must not be called again in the instance of the run, if
   * it remembers its calls.
   *
   * @returns null if both calls agree, or there is no other instance
   */
  async #memory(
    params: Float64Array,
    i: number,
    { measured, uncertainty }: DirectionCheck,
    open: OpenContext,
  ): Promise<GradientMemory | null> {
    const { objective, beside } = this.#request;
    if (beside === objective || objective.gradientMode !== 'provided') return null;
    const [first, second] = [new Float64Array(params.length), new Float64Array(params.length)];
    await beside.valueAndGradient(params, first, open);
    await beside.valueAndGradient(params, second, open);
    const tolerance = agreement * Math.max(maxAbs(first), maxAbs(second));
    if (!first.some((each, j) => Math.abs(each - second[j]!) > tolerance)) return null;
    const added = second[i]! - first[i]!;
    const accumulates = Math.abs(added - measured) <= 10 * uncertainty + 1e-6 * Math.abs(measured);
    return { kind: accumulates ? 'accumulates' : 'changes', first: first[i]!, second: second[i]! };
  }

  #mismatch(
    t: number,
    i: number,
    { claimed, measured, uncertainty }: DirectionCheck,
    memory: GradientMemory | null,
  ): FindingReport {
    const { config, nameOf, objective } = this.#request;
    const { say, apart } = lossWordsOf(config);
    const isProvided = objective.gradientMode === 'provided';
    const whose = isProvided ? 'The provided gradient' : 'The exact gradient';
    const otherwise = isProvided ? 'exact' : 'finite-difference';
    const isAvailable = isProvided || objective.dim <= mostDifferences;
    return {
      code: 'gradient-mismatch',
      severity: 'error',
      headline: say`${whose} differs from the gradient of the loss.`,
      detail:
        say`At step ${t} the ${isProvided ? 'provided' : 'exact'} gradient is ${apart(claimed, measured)} for ${nameOf(i)}; finite differences of the loss give ` +
        `${apart(measured, claimed)} (± ${formatNumber(uncertainty)}).` +
        (memory ? memoryInWords(memory, apart) : '') +
        (isProvided
          ? ''
          : ' Exact differentiation likely missed part of the computation, or terms of the loss cancel.'),
      advice: isProvided
        ? `${memory ? memoryAdvice[memory.kind] : 'Correct the gradient function'}, or set gradientMode to exact.`
        : isAvailable
          ? 'Set gradientMode to finite-difference.'
          : 'Write a gradient function and name it with @gradient.',
      steps: [t, t],
      coordinates: [i],
      subject: isProvided ? option('gradient') : { kind: 'parameter', index: i },
      evidence: {
        given: claimed,
        right: measured,
        uncertainty,
        t,
        ...(memory && { class: memory.kind, firstCall: memory.first, secondCall: memory.second }),
      },
      fixes: isAvailable ? [gradientModeFix(otherwise)] : [],
    };
  }
}

/** Two calls of a gradient at the same point gave different values for a coordinate. */
interface GradientMemory {
  /** accumulates: the second call gave the value of the first plus the gradient. */
  readonly kind: 'accumulates' | 'changes';
  readonly first: number;
  readonly second: number;
}

function memoryInWords({ kind, first, second }: GradientMemory, apart: LossWords['apart']): string {
  const values = ` (${apart(first, second)}, then ${apart(second, first)})`;
  return kind === 'accumulates'
    ? ` It accumulates: a second call at the same point gives another value${values}.`
    : ` It depends on earlier calls: a second call at the same point gives another value${values}.`;
}

const memoryAdvice: { readonly [K in GradientMemory['kind']]: string } = {
  accumulates: 'Set the sums to 0 at the beginning of the gradient function',
  changes: 'Correct the gradient function so that it depends only on its arguments',
};

function nonDeterministic(t: number, loss: number, again: number, { say, value }: LossWords): FindingReport {
  const [first, second] = [value(loss), value(again)];
  // With three digits, the two values may look the same.
  const both =
    first === second
      ? `${first} both times, but the two values differ by ${formatNumber(Math.abs(again - loss))}`
      : `${first}, then ${second}`;
  return {
    code: 'non-deterministic-loss',
    severity: 'warning',
    headline: say`Two evaluations of the loss at the same point differ.`,
    detail:
      say`At step ${t} the loss was ${both}. It reads something that changes between evaluations, such as a clock, a random ` +
      'number or a counter.',
    advice:
      'Take random numbers from `random` of the second argument: its values repeat in every evaluation of a step.',
    steps: [t, t],
    coordinates: [],
    subject: null,
    evidence: { first: loss, second: again, difference: again - loss, t },
    fixes: [],
  };
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
