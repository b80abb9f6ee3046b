import { numberOption } from '../../config/readOptions';
import { endsOf } from '../../kernels/passes';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { DiagnosisCode } from '../catalogue';
import type { FindingReport } from '../finding';
import { epsFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { CoordinateReader, type Formula } from '../terms/coordinateReader';
import { type SecondMoment, secondMomentsOf } from '../terms/secondMoment';
import { windowIn } from '../terms/shortRun';
import { epsAdvice, namesInHeadline, smallerEps } from '../words';

/** Steps between checks; the condition must hold in two consecutive checks. */
const usualEvery = 50;
/**
 * If √vHat was ever above this multiple of eps, gradients were not small from the beginning; they decreased.
 */
const wasLarge = 100;
/** Findings that explain why gradients or steps are small. */
const causes: readonly DiagnosisCode[] = ['saturation', 'poor-scaling', 'weight-decay-dominates'];
/** A gradient below this share of the largest may be rounding. */
const rounding = 2 ** -40;

/**
 * eps, not the size of the gradient, determines the step size of a coordinate. Condition, in two checks 50
 * steps apart (in a run of fewer than 200 steps, a quarter of its steps):
 *
 *   eps > √vHat, g ≠ 0, and √vHat never above 100 eps
 *
 * The last part excludes runs that converged. For optimizers without vHat, the rest of the preconditioner
 * takes its place. Coordinates whose gradients are below 1e-12 of the largest are skipped, because they may
 * be rounding errors.
 *
 * Withdrawn if a `plateau` of class `eps-stall`, `saturation`, `poor-scaling` or `weight-decay-dominates` is reported: a smaller eps
 * changes nothing where the decay balances the gradient. Known false positives: coordinates that have no influence on the loss.
 */
export class EpsDominatesRule implements Rule {
  readonly #context: RuleContext;
  readonly #every: number;
  readonly #reader: CoordinateReader;
  readonly #seconds: readonly (SecondMoment | null)[];
  /** Largest √vHat of each coordinate in the checks so far. */
  readonly #peaks: Float64Array;
  readonly #held: Uint8Array;
  #posted: Posted | null = null;
  /** The step of the last check in which eps limited a coordinate. */
  #lastHeld = 0;

  static for(context: RuleContext): EpsDominatesRule | null {
    return (numberOption(context.config.optimizer, 'eps') ?? 0) > 0 ? new EpsDominatesRule(context) : null;
  }

  private constructor(context: RuleContext) {
    const { config, dim } = context;
    this.#context = context;
    this.#every = windowIn(config.steps, usualEvery);
    this.#reader = new CoordinateReader(config, dim);
    this.#seconds = config.groups ? [] : secondMomentsOf(config);
    this.#peaks = new Float64Array(dim);
    this.#held = new Uint8Array(dim);
  }

  onStep(step: StepView): void {
    // The first steps are checked too, because √vHat is then the size of the first gradients.
    if (step.t % this.#every !== 0 && step.t > 3) return;
    const { epsPart, preconditioner } = this.#reader.parts(step);
    if (!epsPart) return;
    const found = this.#look(step, epsPart, preconditioner);
    if (found.length === 0) return;
    this.#lastHeld = step.t;
    if (this.#posted === null) {
      if (this.#isSaidByPlateau) return;
      this.#posted = this.#context.board.post(this.#report(step, found));
    } else {
      this.#posted.extendTo(step.t);
    }
  }

  /** A plateau with the same cause contains more information, and other findings explain small gradients. */
  finish({ steps }: RunOutcome): void {
    if (this.#isSaidByPlateau || causes.some((code) => this.#context.board.has(code)))
      this.#posted?.withdraw();
    else if (steps - this.#lastHeld < this.#every) this.#posted?.extendTo(steps);
  }

  get #isSaidByPlateau(): boolean {
    return this.#context.board.has('plateau', 'eps-stall');
  }

  /** The coordinates that eps limited in this check and the last one. */
  #look(step: StepView, epsPart: Formula, preconditioner: Formula): number[] {
    const ends = endsOf(step.grad);
    const least = ends ? rounding * Math.max(-ends[0], ends[1]) : Number.NaN;
    const second = this.#seconds[step.phase];
    if (second?.isRoot) return this.#lookAtRoots(step, second, epsPart(this.#reader.at(step, 0)), least);
    const found: number[] = [];
    for (let i = 0; i < this.#peaks.length; i++) {
      const at = this.#reader.at(step, i);
      const eps = epsPart(at);
      const root = preconditioner(at) - eps;
      if (root > this.#peaks[i]!) this.#peaks[i] = root;
      const isHeld = eps > root && this.#peaks[i]! <= wasLarge * eps && Math.abs(at.grad) > least;
      if (isHeld && this.#held[i] === 1 && step.t >= this.#every) found.push(i);
      this.#held[i] = isHeld ? 1 : 0;
    }
    return found;
  }

  /** The same without the formulas of each coordinate. */
  #lookAtRoots(step: StepView, second: SecondMoment, eps: number, least: number): number[] {
    const { grad, state, t } = step;
    const [peaks, held] = [this.#peaks, this.#held];
    const v = state[second.place]!;
    const scale = second.scale(step);
    const isLate = t >= this.#every;
    const found: number[] = [];
    for (let i = 0; i < v.length; i++) {
      const root = Math.sqrt(scale * v[i]!);
      if (root > peaks[i]!) peaks[i] = root;
      if (!(eps > root)) {
        held[i] = 0;
        continue;
      }
      const isHeld = peaks[i]! <= wasLarge * eps && Math.abs(grad[i]!) > least;
      if (isHeld && held[i] === 1 && isLate) found.push(i);
      held[i] = isHeld ? 1 : 0;
    }
    return found;
  }

  #report(step: StepView, found: readonly number[]): FindingReport {
    const { nameOf } = this.#context;
    const [i] = found as [number];
    const { epsPart, preconditioner } = this.#reader.parts(step);
    const at = this.#reader.at(step, i);
    const eps = epsPart!(at);
    const root = preconditioner(at) - eps;
    const share = root / (root + eps);
    const smaller = smallerEps(root);
    return {
      code: 'eps-dominates',
      severity: 'warning',
      headline: `eps limits the step size of ${namesInHeadline(nameOf, found)}.`,
      detail:
        `At step ${step.t}, eps = ${formatNumber(eps)} is larger than sqrt(v) = ${formatNumber(root)}: it shortens the steps of ${nameOf(i)} to ${formatNumber(100 * share)} % of their length. ` +
        `In the steps examined, sqrt(v) was at most ${formatNumber(this.#peaks[i]!)}.`,
      advice: epsAdvice(smaller, eps, this.#context.words),
      steps: [Math.max(1, step.t - this.#every), step.t],
      coordinates: found,
      subject: option('optimizer', 'eps'),
      evidence: { eps, rootV: root, largestRootV: this.#peaks[i]!, share: 1 - share, lr: step.lr },
      fixes: [epsFix(smaller)],
    };
  }
}
