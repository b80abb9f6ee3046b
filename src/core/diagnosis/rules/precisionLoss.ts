import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport, Fix } from '../finding';
import { lossScaleFix, precisionFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { windowIn } from '../terms/shortRun';
import { anyOf } from '../words';

/** A step counts if this share of its nonzero components became 0. */
const some = 0.1;
/**
 * A dynamic loss scale begins too high by design. Overflows in the first steps, while it adapts, do not
 * count.
 */
const searching = 50;
/** The share of steps that must count. */
const often = 0.1;
const stepsAtLeast = 20;

/**
 * Gradients are lost in rounding to `@precision`. A step counts if a tenth of its nonzero components became
 * 0, or if a component became infinite. The finding is reported
 *
 *   when a tenth of the steps so far count, from step 20 (a quarter of a shorter run) to the middle of the run (small gradients at the end may be those
 *   of a converged run)
 *   at once if a component becomes infinite with a fixed loss scale: such a step is lost
 *
 * With a dynamic loss scale, overflows count only from step 50, because the scale adapts by overflows.
 */
export class PrecisionLossRule implements Rule {
  readonly #context: RuleContext;
  #under = 0;
  #over = 0;
  #posted: Posted | null = null;

  static for(context: RuleContext): PrecisionLossRule | null {
    return context.config.precision !== 'float64' ? new PrecisionLossRule(context) : null;
  }

  private constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep({ t, underflow, overflow, lossScale }: StepView): void {
    const { config, board } = this.#context;
    if (underflow >= some) this.#under++;
    if (overflow > 0 && (config.lossScale !== 'dynamic' || t > searching)) this.#over++;
    // With a fixed loss scale an infinite gradient ends the run soon.
    const isBroken = overflow > 0 && config.lossScale !== 'dynamic';
    if (this.#posted || (!isBroken && (t < windowIn(config.steps, stepsAtLeast) || t > config.steps / 2)))
      return;
    if (isBroken || Math.max(this.#under, this.#over) > often * t)
      this.#posted = board.post(this.#report(t, lossScale, isBroken || this.#over > this.#under));
  }

  finish({ steps }: RunOutcome): void {
    this.#posted?.extendTo(steps);
  }

  #report(t: number, lossScale: number, isOver: boolean): FindingReport {
    const { config } = this.#context;
    const count = isOver ? this.#over : this.#under;
    const isFixed = config.lossScale !== 'dynamic';
    return {
      code: 'precision-loss',
      severity: 'warning',
      headline: isOver
        ? `The gradient overflows in ${config.precision}.`
        : `Part of the gradient underflows to 0 in ${config.precision}.`,
      detail: isOver
        ? `${count > 1 ? `In ${count} of the first ${t} steps` : `At step ${t}`} the gradient times the loss scale of ` +
          `${formatNumber(lossScale)} was too large for ${config.precision} and became infinite.`
        : `In ${count} of the first ${t} steps, at least 10 % of the non-zero gradient components became 0 ` +
          `(loss scale ${formatNumber(lossScale)}). Such a component contributes nothing to its step.`,
      advice: isOver
        ? anyOf(
            isFixed && 'use a dynamic loss scale',
            lossScale > 1 && 'decrease the loss scale',
            'use float32',
          )
        : anyOf(isFixed && 'use a dynamic loss scale', isFixed && 'increase the loss scale', 'use float32'),
      steps: [1, t],
      coordinates: [],
      subject: option('precision'),
      evidence: { underflowSteps: this.#under, overflowSteps: this.#over, steps: t, lossScale },
      fixes: this.#fixes(isOver, lossScale),
    };
  }

  #fixes(isOver: boolean, lossScale: number): Fix[] {
    const { lossScale: set } = this.#context.config;
    const fixes: Fix[] = set === 'dynamic' ? [] : [lossScaleFix('dynamic')];
    if (isOver && lossScale > 1) fixes.push(lossScaleFix(1));
    if (!isOver && set !== 'dynamic') fixes.push(lossScaleFix(65536 * lossScale));
    fixes.push(precisionFix('float32'));
    return fixes;
  }
}
