import { numberOption } from '../../config/readOptions';
import type { RunEnd } from '../../ending/runEnd';
import type { LossWords } from '../../lossWords';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { epsFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { namesInHeadline } from '../words';
import { nonFiniteFixes, nonFiniteIndices } from './nonFinite';

/**
 * The first loss that is NaN or infinite. The coordinates are those whose gradient is not finite at that
 * step; none are listed if it is non-finite for all of them or for none. Also reported if the run ends
 * because an update made a parameter non-finite.
 */
export class NonFiniteLossRule implements Rule {
  readonly #context: RuleContext;
  #found = false;
  #last = Number.NaN;
  #firstNorm = Number.NaN;
  #posted: Posted | null = null;

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
    const isFirst = step.t === 1;
    const { words } = this.#context;
    const cause = Number.isNaN(step.loss)
      ? words.say`The parameters have likely left the domain of the loss (logarithm or root of a negative number, 0/0).`
      : 'A value likely overflowed (an exponential, a power) or was divided by zero.';
    this.#post({
      t: step.t,
      loss: step.loss,
      headline: isFirst
        ? words.say`The loss is ${words.value(step.loss)} at the start.`
        : words.say`The loss is ${words.value(step.loss)} at step ${step.t}.`,
      detail: isFirst
        ? Number.isNaN(step.loss)
          ? words.say`The start is likely outside the domain of the loss, a value overflowed, or the data contain values that are not numbers.`
          : cause
        : `At step ${step.t - 1} it was ${words.value(this.#last)}. ${cause}`,
      advice: isFirst
        ? Number.isNaN(step.loss)
          ? words.say`Choose a start inside the domain of the loss, and check the data.`
          : words.say`Choose a start inside the domain of the loss, or compute exponentials in a form without overflow, such as log-sum-exp.`
        : insideDomain(words),
      coordinates: concerned,
      fixes: nonFiniteFixes(this.#context.config, isFirst ? Number.NaN : this.#firstNorm),
    });
  }

  /** An overflow is where a loss without a lower bound must end: `unbounded-loss` reports it, and shorter steps only delay it. */
  finish({ steps, stopped, final }: RunOutcome, end: RunEnd | null): void {
    const { board, config, nameOf, words } = this.#context;
    if (end?.beyond?.overflow) {
      this.#posted?.withdraw();
      return;
    }
    if (this.#found || board.has('non-finite-gradient') || stopped === 'error') return;
    if (stopped === 'nonFinite') {
      const broken = nonFiniteIndices(final.params);
      const divides = numberOption(config.optimizer, 'eps') === 0;
      this.#post({
        t: steps,
        loss: final.loss,
        headline: `The update of step ${steps} made ${namesInHeadline(nameOf, broken)} NaN or infinite.`,
        detail:
          words.say`The loss and the gradient were finite before the update. ` +
          (divides ? 'With eps = 0, a gradient of zero is divided by zero.' : 'The update overflowed.'),
        advice: divides ? 'Set eps above 0.' : 'Decrease lr, or clip the gradient norm.',
        coordinates: broken,
        fixes: divides ? [epsFix(1e-8)] : nonFiniteFixes(config, this.#firstNorm),
      });
    } else if (steps > 0 && !Number.isFinite(final.loss)) {
      this.#post({
        t: steps,
        loss: final.loss,
        headline: words.say`The loss is ${words.value(final.loss)} after the last step.`,
        detail:
          words.say`The update of step ${steps} led to parameters at which the loss is ${words.value(final.loss)}. ` +
          words.say`Before that step, the loss was ${words.value(this.#last)}.`,
        advice: insideDomain(words),
        coordinates: [],
        fixes: nonFiniteFixes(config, this.#firstNorm),
      });
    }
  }

  #post({ t, loss, ...report }: NonFiniteReport): void {
    this.#found = true;
    this.#posted = this.#context.board.post({
      code: 'non-finite-loss',
      severity: 'error',
      steps: [t, t],
      subject: null,
      evidence: { loss, lastLoss: this.#last, t },
      ...report,
    });
  }
}

function insideDomain({ say }: LossWords): string {
  return `Decrease lr, clip the gradient norm, or ${say`keep the parameters inside the domain of the loss`}.`;
}

type NonFiniteReport = Pick<FindingReport, 'headline' | 'detail' | 'advice' | 'coordinates' | 'fixes'> & {
  readonly t: number;
  readonly loss: number;
};
