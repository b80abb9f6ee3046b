import type { StepView } from '../../update';
import type { Rule, RuleContext } from '../rule';
import { inWords } from '../words';
import { nonFiniteFixes, nonFiniteIndices } from './nonFinite';

/**
 * The first gradient with an entry that is NaN or infinite, at a loss that is finite: where the loss is not, that is
 * the finding. The norm before clipping tells: it is finite if and only if every entry is, short of overflow.
 */
export class NonFiniteGradientRule implements Rule {
  readonly #context: RuleContext;
  #found = false;
  #firstNorm = Number.NaN;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep({ t, loss, grad, gradNorm, overflow }: StepView): void {
    const { board, config, nameOf } = this.#context;
    // What rounding made infinite is no fault of the loss: see `precision-loss`.
    if (overflow > 0) return;
    if (Number.isNaN(this.#firstNorm)) this.#firstNorm = t === 1 ? gradNorm : Number.NaN;
    if (this.#found || Number.isFinite(gradNorm) || board.has('non-finite-loss')) return;
    this.#found = true;
    const broken = nonFiniteIndices(grad);
    const first = broken[0];
    const what =
      first === undefined
        ? `its norm is ${inWords(gradNorm)} before clipping`
        : `${nameOf(first)} has ${inWords(grad[first]!)}` +
          (broken.length > 1 ? `, ${broken.length - 1} more of ${grad.length} are not finite either` : '');
    board.post({
      code: 'non-finite-gradient',
      severity: 'error',
      message:
        `The gradient is not finite at step ${t}, though the loss is (${inWords(loss)}): ${what}. The derivative does ` +
        'not exist there or overflows: a root or a norm at zero, a power at zero, an exponential far out.',
      steps: [t, t],
      coordinates: broken,
      subject: null,
      evidence: { loss, count: broken.length, t },
      fixes: nonFiniteFixes(config, t === 1 ? Number.NaN : this.#firstNorm),
    });
  }

  finish(): void {}
}
