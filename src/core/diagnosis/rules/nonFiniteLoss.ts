import { numberOption } from '../../config/readOptions';
import type { RunOutcome } from '../../run';
import type { StepView } from '../../update';
import type { Fix } from '../finding';
import { epsFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { inWords } from '../words';
import { nonFiniteFixes, nonFiniteIndices } from './nonFinite';

/**
 * The first loss that is NaN or infinite. The coordinates are those whose gradient is not finite there; none if that
 * is all of them or none. Also told of a run that ends because an update made a parameter that is not finite.
 */
export class NonFiniteLossRule implements Rule {
  readonly #context: RuleContext;
  #found = false;
  #last = Number.NaN;
  #firstNorm = Number.NaN;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep(step: StepView): void {
    if (this.#found) return;
    if (Number.isFinite(step.loss)) {
      this.#last = step.loss;
      if (Number.isNaN(this.#firstNorm)) this.#firstNorm = step.gradNorm;
      return;
    }
    const broken = nonFiniteIndices(step.grad);
    const concerned = broken.length < step.grad.length ? broken : [];
    const before =
      step.t === 1
        ? 'at the start already: the start lies outside of where the loss is a number, or the data are not all numbers'
        : `after ${inWords(this.#last)} the step before: ` +
          (Number.isNaN(step.loss)
            ? 'the parameters have probably left the loss’s domain (a logarithm or root of a negative number, 0/0)'
            : 'something overflowed (an exponential, a power) or was divided by zero');
    this.#post(
      step.t,
      step.loss,
      `The loss is ${inWords(step.loss)} at step ${step.t}, ${before}.`,
      concerned,
      nonFiniteFixes(this.#context.config, step.t === 1 ? Number.NaN : this.#firstNorm),
    );
  }

  finish({ steps, stopped, final }: RunOutcome): void {
    const { board, config, nameOf } = this.#context;
    if (this.#found || board.has('non-finite-gradient') || stopped === 'error') return;
    if (stopped === 'nonFinite') {
      const broken = nonFiniteIndices(final.params);
      const named = broken.map(nameOf).join(', ');
      const divides = numberOption(config.optimizer, 'eps') === 0;
      this.#post(
        steps,
        final.loss,
        `The update of step ${steps} made ${named} not finite, out of a finite loss and gradient` +
          (divides ? ': with eps 0 a gradient of zero is divided by zero.' : ': the step overflowed.'),
        broken,
        divides ? [epsFix(1e-8)] : nonFiniteFixes(config, this.#firstNorm),
      );
    } else if (steps > 0 && !Number.isFinite(final.loss)) {
      this.#post(
        steps,
        final.loss,
        `The loss is ${inWords(final.loss)} at the parameters that the last step, ${steps}, made; before it was ` +
          `${inWords(this.#last)}.`,
        [],
        nonFiniteFixes(config, this.#firstNorm),
      );
    }
  }

  #post(
    t: number,
    loss: number,
    message: string,
    coordinates: readonly number[],
    fixes: readonly Fix[],
  ): void {
    this.#found = true;
    this.#context.board.post({
      code: 'non-finite-loss',
      severity: 'error',
      message,
      steps: [t, t],
      coordinates,
      subject: null,
      evidence: { loss, lastLoss: this.#last, t },
      fixes,
    });
  }
}
