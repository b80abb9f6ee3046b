import { isAdaptive } from '../../config/readOptions';
import { phasesOf } from '../../phases';
import type { StepView } from '../../update';
import { decoupledDecayFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { inWords } from '../words';

/**
 * The weight decay goes into the gradient of an optimizer that divides by its size (Loshchilov & Hutter,
 * arXiv:1711.05101): coordinates of large gradients are decayed least, and the decay of all is evened out.
 *
 *   l2 > 0 and P depends on the gradient
 *
 * It is a property of the configuration, told at the first step.
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
      message:
        `weightDecay ${inWords(l2)} goes into the gradient of ${definition.title}, which divides by the gradient’s size: ` +
        'coordinates with large gradients are decayed least. AdamW shrinks all of them alike.',
      steps: [1, config.steps],
      coordinates: [],
      subject: option('optimizer', 'weightDecay'),
      evidence: { weightDecay: l2 },
      fixes: decoupledDecayFix(config),
    });
  }
}
