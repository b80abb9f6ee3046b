import { baseLr } from '../../config/readOptions';
import { isAtKink, isNearMinimum, type RunEnd } from '../../ending/runEnd';
import type { LossWords } from '../../lossWords';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport, Fix } from '../finding';
import { cosineFix, lrFix, smallerBeta2Fixes } from '../fixes';
import { lrInWords } from '../lrInWords';
import type { StabilitySample } from '../probes/stabilityGauge';
import type { Rule, RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { matters } from '../terms/rebound';
import { anyOf, floorToDigit, leading, namesInHeadline, namesInWords } from '../words';

/**
 * Consecutive samples above the limit that are a crossing. With mini-batches more are required, because each sample uses
 * another batch.
 */
export function samplesInARow(stepsPerEpoch: number): number {
  return stepsPerEpoch > 1 ? 5 : 2;
}
/** The share of the limit below which a run no longer stays at the limit. */
const wellBelow = 0.97;
/** A rise of the loss is a jump if it is at least this share of the improvement since the start. */
const jumpShare = 1 / 50;

/**
 * The preconditioned sharpness times the step size reached the stability limit (Cohen et al.,
 * arXiv:2207.14484): in two consecutive samples
 *
 *   a·λmax(P⁻¹H) ≥ limit,   from t ≥ 3/(1 − beta1)
 *
 * Two more conditions: the updates still change the loss by more than its rounding error, abs(g·Δ) > fl, and
 * the expected rebound E (see `expectedRebound`) is above R/1000. Smaller rebounds are visible only in the
 * chart. The finding begins at the first sample above the limit, possibly some hundred steps before the
 * loss changes. Between two samples nothing is known: the value may have crossed its limit several times there.
 * The severity is `info` if E < R/50, or if the last sample is below the limit again and the loss never rose by R/50.
 *
 * The finding says that the run returned below the limit only if the last three samples (six with mini-batches) are below 0.97 of the
 * limit. A run may stay at its limit, above it at every other step, and samples that are an even number of steps apart see only one of
 * the two.
 *
 * Withdrawn if the run ended at a minimum with a kink (see `isAtKink`).
 *
 * Known false positives: gradient descent on a network may stay at its limit for long and still make
 * progress. Known misses: a crossing in both directions between two samples.
 */
export class EdgeOfStabilityRule implements Rule {
  readonly #context: RuleContext;
  readonly #inARow: number;
  #streak = 0;
  /** The first sample of the streak. */
  #from = 0;
  /** The step of the last sample before `#from`, if it was below the limit. */
  #below: number | null = null;
  /** The number of samples in a row that were well below the limit. */
  #calm = 0;
  /** The last sample, if it was below the limit. */
  #before: StabilitySample | null = null;
  #posted: Posted | null = null;
  /** The lowest loss since the first sample above the limit, and the largest rise above that loss. */
  #least = Number.POSITIVE_INFINITY;
  #rise = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#inARow = samplesInARow(context.stepsPerEpoch);
  }

  onStep(): void {
    if (this.#streak === 0 && this.#posted === null) return;
    const { loss } = this.#context.terms;
    this.#least = Math.min(this.#least, loss);
    this.#rise = Math.max(this.#rise, loss - this.#least);
  }

  onSample(sample: StabilitySample, { age, beta, grad }: StepView): void {
    this.#calm = sample.value < wellBelow * sample.limit ? this.#calm + 1 : 0;
    const isSettled = age >= 3 / (1 - (Number.isNaN(beta) ? 0 : beta));
    // A coordinate whose gradient is exactly 0 stays where it is, however small its preconditioner has become. A batch may miss it.
    const isMoving = this.#context.stepsPerEpoch > 1 || leading(sample.sharpest).some((i) => grad[i] !== 0);
    if (!isSettled || !isMoving || !(sample.value >= sample.limit)) {
      this.#streak = 0;
      this.#before = sample.value < sample.limit ? sample : null;
      return;
    }
    if (this.#streak++ === 0) {
      if (this.#posted === null) {
        this.#from = sample.t;
        this.#below = this.#before?.t ?? null;
        this.#least = this.#context.terms.loss;
        this.#rise = 0;
      }
    }
    // Its range ends at the last sample above the limit, also at a single one.
    if (this.#posted) {
      this.#posted.extendTo(sample.t);
      return;
    }
    if (this.#streak < this.#inARow) return;
    const { rebound } = sample;
    const { moves, terms } = this.#context;
    const isRelevant = rebound > Math.max(matters * terms.improvement, terms.floor);
    if (!isRelevant || moves.stepWork <= terms.floor) return;
    this.#posted = this.#context.board.post(this.#report(sample));
  }

  finish(_: RunOutcome, end: RunEnd | null): void {
    const jump = jumpShare * this.#context.terms.improvement;
    if (this.#posted === null) return;
    // A loss that changes between steps rises by itself: a run that follows its minimum closely needs no other steps. Across a kink, the
    // measured curvature is the jump of the slope over the distance of the measurement, which limits nothing.
    if (end && ((end.lag && isNearMinimum(end)) || isAtKink(end))) {
      this.#posted.withdraw();
      return;
    }
    const { report } = this.#posted;
    const isSmall = this.#rise < jump;
    const isAverted = isSmall && this.#calm > this.#inARow;
    if (isAverted) this.#posted.replace(averted(report, this.#rise, this.#context.words));
    else this.#posted.replace(this.#past(report, isSmall));
  }

  /** After the end of the run, what the loss has done replaces the forecast. */
  #past(report: FindingReport, isSmall: boolean): FindingReport {
    const { nameOf, terms, words } = this.#context;
    const { stability, limit, expectedRebound } = report.evidence as Readonly<Record<string, number>>;
    const [from, to] = report.steps;
    const names = namesInWords(nameOf, report.coordinates);
    const isInfo = isSmall && (this.#streak === 0 || expectedRebound! < jumpShare * terms.improvement);
    return {
      ...report,
      severity: isInfo ? 'info' : report.severity,
      headline: `The run reached the edge of stability along ${namesInHeadline(nameOf, report.coordinates)}.`,
      detail:
        `${this.#crossing(limit!)}; ` +
        `when first reported, it was ${formatNumber(stability!)}. It was last measured above the limit at step ${to}, and above it ` +
        `updates along ${names} grow (${lrInWords(this.#context, report.coordinates)}). ` +
        (this.#rise > 0
          ? words.say`Since step ${from} the loss${terms.smoothing} has risen by up to ${formatNumber(this.#rise)} from its lowest value since then.`
          : words.say`Since step ${from} the loss${terms.smoothing} has not risen.`),
      evidence: { ...report.evidence, rise: this.#rise },
    };
  }

  #crossing(limit: number): string {
    const what = 'Step size times preconditioned sharpness';
    return this.#below === null
      ? `${what} was above the stability limit of ${formatNumber(limit)} at step ${this.#from}`
      : `${what} passed the stability limit of ${formatNumber(limit)} between steps ${this.#below} and ${this.#from}`;
  }

  /** A divergence finding already describes the curvature. */
  onMuted(): void {
    this.#posted?.withdraw();
    this.#posted = null;
    this.#streak = 0;
  }

  #report(sample: StabilitySample): FindingReport {
    const { config, nameOf, terms, words } = this.#context;
    const { value, limit, sharpest, rebound } = sample;
    const coordinates = leading(sharpest);
    const names = namesInWords(nameOf, coordinates);
    const expected = Number.isFinite(rebound)
      ? words.say`The loss is likely to rise by up to ${formatNumber(rebound)} within a few hundred steps, until v adapts.`
      : 'The optimizer does not shrink these steps: the growth ends only where the curvature is lower.';
    return {
      code: 'edge-of-stability',
      severity: rebound < jumpShare * terms.improvement ? 'info' : 'warning',
      headline: `The run is at the edge of stability along ${namesInHeadline(nameOf, coordinates)}.`,
      detail: `${this.#crossing(limit)}; at step ${sample.t} it was ${formatNumber(value)}. Above the limit, updates along ${names} grow from step to step (${lrInWords(this.#context, coordinates)}). ${expected}`,
      advice: anyOf(
        'decrease lr',
        config.schedule === null && 'decay it',
        smallerBeta2Fixes(config).length > 0 && 'decrease beta2',
      ),
      steps: [this.#from, sample.t],
      coordinates,
      subject: lrOption(config),
      evidence: {
        stability: value,
        limit,
        curvature: sample.curvature,
        preconditioner: sample.preconditioner,
        ...(Number.isFinite(rebound) ? { expectedRebound: rebound } : {}),
        lr: baseLr(config),
      },
      fixes: this.#fixes(rebound),
    };
  }

  /** E is proportional to lr² and to 1/(1 − b). */
  #fixes(rebound: number): Fix[] {
    const { config, terms } = this.#context;
    const lr = baseLr(config);
    const share = Math.min(1 / 3, Math.sqrt((0.1 * terms.improvement) / rebound) / 2);
    const fixes = smallerBeta2Fixes(config).slice(-1);
    if (lr * share > 0) fixes.push(lrFix(config, floorToDigit(lr * share)));
    if (share < 1 / 3 || !(lr * share > 0)) fixes.push(lrFix(config, floorToDigit(lr / 3)));
    if (config.schedule === null) fixes.push(cosineFix(config));
    return fixes;
  }
}

/** The run returned below the limit by itself, and the loss did not jump. */
function averted(report: FindingReport, rise: number, words: LossWords): FindingReport {
  const { stability, limit } = report.evidence as { stability: number; limit: number };
  const [first, last] = report.steps;
  const when = first === last ? `At step ${first}` : `At some steps from ${first} to ${last}`;
  return {
    ...report,
    severity: 'info',
    headline: 'The run reached the edge of stability and returned below it.',
    detail:
      `${when}, step size times preconditioned sharpness was above the ` +
      `stability limit. When first reported, it was ${formatNumber(stability)} and the limit was ${formatNumber(limit)}. The value returned below the limit, ` +
      (rise > 0
        ? words.say`and the loss rose by at most ${formatNumber(rise)}.`
        : words.say`and the loss did not rise.`),
    advice: 'Nothing to do.',
    evidence: { ...report.evidence, rise },
    fixes: [],
  };
}
