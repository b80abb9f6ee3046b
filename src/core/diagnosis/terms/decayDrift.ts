import type { RunConfig } from '../../config/runConfig';
import { type Phase, phasesOf } from '../../phases';
import type { StepView } from '../../update';
import type { LossTerms } from './lossTerms';

/** A rise of the loss follows from the slope if the slope explains at least this share of it. */
const explained = 0.5;

/**
 * Whether weight decay moves the parameters up the slope of the loss, while the gradient moves them down. Summed over the
 * steps since the loss was last at most at its starting value:
 *
 *   Σ g·Δ ≥ ½ (ℓ − L0)      the rise follows from the slope, not from steps that are too long for the curvature
 *   Σ g·d > Σ g·p           d and p are the pulls of the decay and of the gradient (see `pulls`), as in Δ = p + d
 */
export class DecayDrift {
  readonly #terms: LossTerms;
  readonly #phases: readonly Phase[];
  #slope = 0;
  #byDecay = 0;
  #byGradient = 0;

  /** null without weight decay. */
  static for(config: RunConfig, terms: LossTerms): DecayDrift | null {
    const phases = phasesOf(config);
    const has = phases.some(({ options }) => (options.weightDecay as number) > 0);
    return has ? new DecayDrift(phases, terms) : null;
  }

  private constructor(phases: readonly Phase[], terms: LossTerms) {
    this.#phases = phases;
    this.#terms = terms;
  }

  /** Called after the terms of the loss have received the step. Losses that are not finite are skipped, as there. */
  onStep(step: StepView): void {
    if (!Number.isFinite(step.loss) || !Number.isFinite(step.gradNorm)) return;
    if (this.#terms.lastNotAboveStart === step.t) {
      this.#slope = 0;
      this.#byDecay = 0;
      this.#byGradient = 0;
    }
    const { grad, before, params } = step;
    const phase = this.#phases[step.phase]!;
    for (let i = 0; i < grad.length; i++) {
      const g = grad[i]!;
      const { byDecay, byGradient } = pulls(phase, step, i);
      this.#slope += g * (params[i]! - before[i]!);
      this.#byDecay += g * byDecay;
      this.#byGradient += g * byGradient;
    }
  }

  /** Whether the decay explains that the loss is above its starting value. */
  get isUphill(): boolean {
    const { loss, start } = this.#terms;
    return loss > start && this.#slope >= explained * (loss - start) && this.#byDecay > -this.#byGradient;
  }
}

/**
 * The pulls on a coordinate: the changes of the parameter by the decay and by the gradient. With an L2 penalty −l2·θ and −g,
 * because both go through the same preconditioner.
 */
export function pulls(
  { definition, options }: Phase,
  { lr, grad, before, params }: StepView,
  i: number,
): { readonly byDecay: number; readonly byGradient: number } {
  const l2 = definition.l2(options);
  if (l2 > 0) return { byDecay: -l2 * before[i]!, byGradient: -grad[i]! };
  const byDecay = (definition.decay(lr, options) - 1) * before[i]!;
  return { byDecay, byGradient: params[i]! - before[i]! - byDecay };
}
