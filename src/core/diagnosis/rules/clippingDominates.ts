import { isAdaptive } from '../../config/readOptions';
import type { ClipConfig } from '../../config/runConfig';
import { isNearMinimum, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Fix } from '../finding';
import { clipFix, clipValueFix, noClipFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';

/** The share of the steps that are clipped. */
const nearlyAll = 0.9;
/** The mean clip factor below which clipping, and not the gradient, determines the length of the steps. */
const strong = 0.1;

/**
 * Nearly every gradient is clipped to a small part, and the run has not converged:
 *
 *   at least 90 % of the steps are clipped, with a mean clip factor of at most 0.1, and a polish gains more than R/1000
 *
 * Optimizers that divide by the size of the gradient are not affected by a constant factor, so only those whose steps
 * are proportional to the gradient are examined.
 */
export class ClippingDominatesRule implements Rule {
  readonly #context: RuleContext;
  #steps = 0;
  #clipped = 0;
  #factors = 0;
  #largestNorm = 0;

  static for(context: RuleContext): ClippingDominatesRule | null {
    return context.config.clip === null || isAdaptive(context.config)
      ? null
      : new ClippingDominatesRule(context);
  }

  private constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep({ clipFactor, gradNorm }: StepView): void {
    this.#steps++;
    this.#factors += clipFactor;
    if (clipFactor < 1) this.#clipped++;
    if (gradNorm > this.#largestNorm) this.#largestNorm = gradNorm;
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    const share = this.#clipped / this.#steps;
    const factor = this.#factors / this.#steps;
    if (!end?.polished || isNearMinimum(end) || !(share >= nearlyAll && factor <= strong)) return;
    const { board, config } = this.#context;
    const clip = config.clip!;
    const [name, limit] = 'norm' in clip ? ['norm', clip.norm] : ['value', clip.value];
    board.post({
      code: 'clipping-dominates',
      severity: 'warning',
      headline: 'Clipping, not the gradient, limits the progress of the run.',
      detail:
        `${formatNumber(100 * share)} % of the gradients were clipped at ${name} ${formatNumber(limit)}, on average to ` +
        `${formatNumber(factor)} of their length. The largest gradient norm was ${formatNumber(this.#largestNorm)}.`,
      advice: 'Increase the clipping limit, or remove it.',
      steps: [1, steps],
      coordinates: [],
      subject: option('clip', name),
      evidence: { clippedShare: share, clipFactor: factor, limit, largestGradient: this.#largestNorm },
      fixes: [...this.#largerLimits(clip), noClipFix()],
    });
  }

  /** Clipping stays of its kind: by its norm, a gradient has other directions than by its components. */
  #largerLimits(clip: ClipConfig): Fix[] {
    if ('value' in clip) return [clipValueFix(100 * clip.value), clipValueFix(10 * clip.value)];
    return [clipFix(this.#largestNorm), clipFix(this.#largestNorm / 10)];
  }
}
