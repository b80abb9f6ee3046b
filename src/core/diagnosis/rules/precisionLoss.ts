import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { FindingReport, Posted } from '../board';
import type { Fix } from '../finding';
import { lossScaleFix, precisionFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { anyOf } from '../words';

/** A share of a step's components that counts. */
const some = 0.1;
/** A dynamic scale begins too high on purpose: so many steps it may look for the right one. */
const searching = 50;
/** Share of the steps, once there are enough of them to judge by. */
const often = 0.1;
const stepsAtLeast = 20;

/**
 * Gradients are lost in rounding to `@precision`. A step counts if a tenth of the components that were not 0 became 0, or
 * if some became infinite; it is told
 *
 *   when one in ten steps so far counts, from step 20 to the middle of the run: small gradients at the end are those of a
 *   run that has arrived
 *   at once where a gradient becomes infinite under a fixed scale: nothing is left of such a step
 *
 * Under a dynamic scale overflows count from step 50 on: it finds its scale by them.
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
    // Under a fixed scale an infinite gradient ends the run, at once or nearly so.
    const isBroken = overflow > 0 && config.lossScale !== 'dynamic';
    if (this.#posted || (!isBroken && (t < stepsAtLeast || t > config.steps / 2))) return;
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
