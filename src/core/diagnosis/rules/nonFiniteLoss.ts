import { numberOption } from '../../config/readOptions';
import type { RunEnd } from '../../ending/runEnd';
import type { LossWords } from '../../lossWords';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport, NonFiniteCause, Origin, ResultName } from '../finding';
import { epsFix, mayClip } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { anyOf, namesInHeadline } from '../words';
import { nonFiniteFixes, nonFiniteIndices } from './nonFinite';

/**
 * The first loss that is NaN or infinite. The coordinates are those whose gradient is not finite at that
 * step; none are listed if it is non-finite for all of them or for none. Also reported if the run ends
 * because an update made a parameter non-finite.
 *
 * In a run that diverges, only an operand outside the domain of an operation is reported: an overflow is a consequence of the
 * divergence. Which of them it is shows the origin, after the run.
 */
export class NonFiniteLossRule implements Rule {
  readonly #context: RuleContext;
  #found = false;
  #last = Number.NaN;
  #firstNorm = Number.NaN;
  #posted: Posted | null = null;
  /** The report of a run that diverges, until its origin is known. */
  #withheld: FindingReport | null = null;
  /** The detail before its sentence on the cause; null where the cause is an update. */
  #before: string | null = null;
  /** Whether the scale of a parameter broke the run. */
  #isScale = false;

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
      : 'A value likely overflowed (an exponential, a power), was divided by zero, or underflowed to 0 before a logarithm.';
    const before = isFirst ? '' : `At step ${step.t - 1} it was ${words.value(this.#last)}. `;
    this.#before = before;
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
        : `${before}${cause}`,
      advice: isFirst
        ? Number.isNaN(step.loss)
          ? words.say`Choose a start inside the domain of the loss, and check the data.`
          : words.say`Use sums of logarithms (log-sum-exp) where products or exponentials overflow or underflow. Otherwise, choose a start inside the domain of the loss.`
        : insideDomain(this.#context),
      coordinates: concerned,
      fixes: nonFiniteFixes(this.#context.config, isFirst ? Number.NaN : this.#firstNorm),
    });
  }

  /** An overflow is where a loss without a lower bound must end: `unbounded-loss` reports it, and shorter steps only delay it. */
  finish(outcome: RunOutcome, end: RunEnd | null): void {
    if (end?.beyond?.overflow) {
      this.#posted?.withdraw();
      return;
    }
    this.#reportEnd(outcome);
    if (!this.#posted || !end?.oddScale?.broke) return;
    this.#isScale = true;
    this.#adviseScale(this.#posted, end.oddScale.index);
  }

  /** The operation is known: its cause takes the place of the causes that are possible, and of advice for others. */
  onOrigin(origin: Origin): void {
    if (origin.kind !== 'non-finite-value') return;
    if (this.#withheld && !origin.cause && Number.isNaN(origin.result)) {
      this.#posted = this.#context.board.post(this.#withheld);
      this.#withheld = null;
    }
    if (!this.#posted || this.#before === null || !origin.cause) return;
    const { report, replace } = this.#posted;
    const { lastLoss } = report.evidence;
    const advice = adviceAgainst(origin.cause, lastLoss === undefined, this.#context.words);
    replace({
      ...report,
      detail: `${this.#before}${causeInWords(origin.cause)}`,
      advice: this.#isScale ? report.advice : (advice ?? report.advice),
    });
  }

  #reportEnd({ steps, stopped, final }: RunOutcome): void {
    const { board, config, nameOf, words } = this.#context;
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
        advice: divides
          ? 'Set eps above 0.'
          : anyOf('decrease lr', mayClip(config) && 'clip the gradient norm'),
        coordinates: broken,
        fixes: divides ? [epsFix(1e-8)] : nonFiniteFixes(config, this.#firstNorm),
      });
    } else if (steps > 0 && !Number.isFinite(final.loss)) {
      const detail =
        words.say`The update of step ${steps} led to parameters at which the loss is ${words.value(final.loss)}. ` +
        words.say`Before that step, the loss was ${words.value(this.#last)}.`;
      this.#before = `${detail} `;
      this.#post({
        t: steps,
        loss: final.loss,
        headline: words.say`The loss is ${words.value(final.loss)} after the last step.`,
        detail,
        advice: insideDomain(this.#context),
        coordinates: [],
        fixes: nonFiniteFixes(config, this.#firstNorm),
      });
    }
  }

  /** Shorter steps of all parameters do not help where those of one do not fit its numbers: see `poor-scaling`. */
  #adviseScale({ report, replace }: Posted, index: number): void {
    const { board, nameOf } = this.#context;
    const scale = board.findings.find(({ code }) => code === 'poor-scaling');
    const advice = `Reparametrize ${nameOf(index)}, or give it a learning rate of its own.`;
    replace({ ...report, advice, fixes: scale?.fixes ?? [] });
  }

  #post({ t, loss, ...report }: NonFiniteReport): void {
    this.#found = true;
    const made: FindingReport = {
      code: 'non-finite-loss',
      severity: 'error',
      steps: [t, t],
      subject: null,
      // At the start there is no earlier loss.
      evidence: { loss, ...(Number.isNaN(this.#last) ? {} : { lastLoss: this.#last }), t },
      ...report,
    };
    const { board } = this.#context;
    if (board.has('divergence')) this.#withheld = made;
    else this.#posted = board.post(made);
  }
}

/** One sentence. */
function causeInWords(cause: NonFiniteCause): string {
  if (cause.kind === 'overflow') return `${anA(cause.of)} overflowed.`;
  const operation = cause.kind === 'logarithm-of-0' ? 'logarithm' : 'division';
  return cause.underflow === null
    ? `The loss contains a ${operation} ${operation === 'division' ? 'by' : 'of'} 0.`
    : `${anA(cause.underflow)} underflowed to 0 before the ${operation}.`;
}

function anA(name: ResultName): string {
  return name === 'exponential'
    ? 'An exponential'
    : name === 'result'
      ? 'An intermediate result'
      : `A ${name}`;
}

/** null: the advice against shorter steps or another start stays. */
function adviceAgainst(cause: NonFiniteCause, isStart: boolean, words: LossWords): string | null {
  if (cause.kind !== 'overflow' && cause.underflow !== null)
    return `Use sums of logarithms (log-sum-exp) instead of results that underflow${isStart ? '' : ', or decrease lr'}.`;
  if (!isStart) return null;
  return cause.kind === 'overflow'
    ? words.say`Use sums of logarithms (log-sum-exp) where products or exponentials overflow. Otherwise, choose a start inside the domain of the loss.`
    : words.say`Choose a start inside the domain of the loss.`;
}

function insideDomain({ config, words }: RuleContext): string {
  const inside = words.say`keep the parameters inside the domain of the loss`;
  return anyOf('decrease lr', mayClip(config) && 'clip the gradient norm', inside);
}

type NonFiniteReport = Pick<FindingReport, 'headline' | 'detail' | 'advice' | 'coordinates' | 'fixes'> & {
  readonly t: number;
  readonly loss: number;
};
