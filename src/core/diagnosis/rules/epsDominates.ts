import { numberOption } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import { maxAbs } from '../../numerics/norms';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { FindingReport, Posted } from '../board';
import { epsFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { CoordinateReader, type Formula } from '../terms/coordinateReader';
import { floorToDigit, namesInHeadline } from '../words';

/** Steps between looks; the condition must hold in two of them. */
const every = 50;
/** √vHat that was once so many times eps did see gradients: what is small now has become small. */
const wasLarge = 100;
/** A gradient below this share of the largest may be rounding. */
const rounding = 2 ** -40;

/**
 * eps decides the size of the steps, not the gradient's own: by coordinate, in two looks that are 50 steps apart,
 *
 *   eps > √vHat, g ≠ 0, and √vHat never above 100 eps
 *
 * so a run that merely converged is none. Optimizers without vHat are looked at by what else divides. A coordinate whose
 * gradients are below 1e-12 of the largest is left out: they may be rounding.
 *
 * Withdrawn where a `plateau` comes to say the same of the loss. Known false positives: coordinates that do not matter.
 */
export class EpsDominatesRule implements Rule {
  readonly #context: RuleContext;
  readonly #reader: CoordinateReader;
  /** Largest √vHat so far, by coordinate, as seen in the looks. */
  readonly #peaks: Float64Array;
  readonly #held: Uint8Array;
  #posted: Posted | null = null;
  /** The last look in which eps held a coordinate. */
  #lastHeld = 0;

  static for(context: RuleContext): EpsDominatesRule | null {
    return (numberOption(context.config.optimizer, 'eps') ?? 0) > 0 ? new EpsDominatesRule(context) : null;
  }

  private constructor(context: RuleContext) {
    const { config, dim } = context;
    this.#context = context;
    this.#reader = new CoordinateReader(config);
    this.#peaks = new Float64Array(dim);
    this.#held = new Uint8Array(dim);
  }

  onStep(step: StepView): void {
    // The first steps too: there √vHat is the size of the first gradients.
    if (step.t % every !== 0 && step.t > 3) return;
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

  /** A plateau of the same cause says more. */
  finish({ steps }: RunOutcome): void {
    if (this.#isSaidByPlateau) this.#posted?.withdraw();
    else if (steps - this.#lastHeld < every) this.#posted?.extendTo(steps);
  }

  get #isSaidByPlateau(): boolean {
    return this.#context.board.has('plateau', 'eps-stall');
  }

  /** The coordinates that eps has held in this look and the one before. */
  #look(step: StepView, epsPart: Formula, preconditioner: Formula): number[] {
    const least = rounding * maxAbs(step.grad);
    const found: number[] = [];
    for (let i = 0; i < this.#peaks.length; i++) {
      const at = this.#reader.at(step, i);
      const eps = epsPart(at);
      const root = preconditioner(at) - eps;
      if (root > this.#peaks[i]!) this.#peaks[i] = root;
      const isHeld = eps > root && this.#peaks[i]! <= wasLarge * eps && Math.abs(at.grad) > least;
      if (isHeld && this.#held[i] === 1 && step.t >= every) found.push(i);
      this.#held[i] = isHeld ? 1 : 0;
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
    return {
      code: 'eps-dominates',
      severity: 'warning',
      headline: `eps limits the step size of ${namesInHeadline(nameOf, found)}.`,
      detail:
        `Steps are ${formatNumber(100 * share)} % of lr because eps = ${formatNumber(eps)} is larger than sqrt(v) = ${formatNumber(root)} ` +
        `of ${nameOf(i)}. sqrt(v) was never much larger, so the gradients are small because of the scale of the ` +
        'loss, not because a minimum is near.',
      advice: 'Decrease eps, or multiply the loss by a constant.',
      steps: [Math.max(1, step.t - every), step.t],
      coordinates: found,
      subject: option('optimizer', 'eps'),
      evidence: { eps, rootV: root, largestRootV: this.#peaks[i]!, share: 1 - share, lr: step.lr },
      fixes: [epsFix(Math.max(floorToDigit(Math.max(root, Number.MIN_VALUE) / 1000), 1e-300))],
    };
  }
}
