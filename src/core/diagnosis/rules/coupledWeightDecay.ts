import { isAdaptive } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import { phasesOf } from '../../phases';
import type { StepView } from '../../update';
import { decoupledDecayFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';

/**
 * The weight decay is part of the gradient of an optimizer that divides by the size of the gradient
 * (Loshchilov & Hutter, arXiv:1711.05101). Coordinates with large gradients then decay least, and the decay
 * is no longer proportional to the parameter.
 *
 *   l2 > 0 and P depends on the gradient
 *
 * This is a property of the configuration, so it is reported at the first step.
 */
export class CoupledWeightDecayRule implements Rule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep({ t }: StepView): void {
    if (t !== 1) return;
    const { board, config } = this.#context;
    const [{ definition, options }] = phasesOf(config);
    const l2 = definition.l2(options);
    if (!(l2 > 0) || !isAdaptive(config)) return;
    board.post({
      code: 'coupled-weight-decay',
      severity: 'info',
      headline: `${definition.title} rescales the weight decay together with the gradient.`,
      detail:
        `weightDecay = ${formatNumber(l2)} is added to the gradient, and ${definition.title} divides the sum by its recent size. ` +
        'Coordinates with large gradients are therefore decayed least.',
      advice: 'Use adamw, which decays all coordinates at the same rate.',
      steps: [1, config.steps],
      coordinates: [],
      subject: option('optimizer', 'weightDecay'),
      evidence: { weightDecay: l2 },
      fixes: decoupledDecayFix(config),
    });
  }
}
