import { baseLr, numberOption } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import { maxAbs } from '../../numerics/norms';
import { rectification } from '../../optimizers/radam';
import type { StepView } from '../../update';
import { lrFix, optimizerFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { roundToDigit } from '../words';

/** A step is far above lr from this multiple. */
const far = 5;

/**
 * The first steps of RAdam increased the loss. While rho_t ≤ 5 (t = 1 … 5 at the defaults) the preconditioner
 * is 1, so the steps are as long as the gradients:
 *
 *   abs(Δ) > 5 lr in such a step, and the loss after it is above L0
 *
 * The loss must rise, because with gradients far above 1 long first steps may be right. Liu et al.,
 * arXiv:1908.03265.
 *
 * Known miss: long first steps that decrease the loss but lead to a worse region.
 */
export class UnrectifiedStepsRule implements Rule {
  readonly #context: RuleContext;
  /** The last step without rectification, plus 1 for the step that shows the loss after it. */
  readonly #until: number;
  #longest = 0;
  #longestT = 0;

  static for(context: RuleContext): UnrectifiedStepsRule | null {
    return context.config.optimizer.name === 'radam' ? new UnrectifiedStepsRule(context) : null;
  }

  private constructor(context: RuleContext) {
    this.#context = context;
    this.#until = unrectifiedSteps(context);
  }

  onStep({ t, loss, lr, params, before }: StepView): void {
    if (t > this.#until) return;
    const { board, config, terms, words } = this.#context;
    if (this.#longestT > 0 && loss > terms.start + terms.floor) {
      const first = this.#longest;
      this.#longest = Number.NaN;
      if (board.has('unrectified-steps') || !(first > 0)) return;
      board.post({
        code: 'unrectified-steps',
        severity: 'warning',
        headline: words.say`The first steps of RAdam were much longer than lr and increased the loss.`,
        detail:
          `At step ${this.#longestT} a parameter moved by ${formatNumber(first)}, which is ${formatNumber(first / lr)} times lr. ` +
          words.say`The loss rose from ${words.value(terms.start)} to ${words.value(loss)} at step ${t}. ` +
          `Up to step ${this.#until - 1} RAdam does not divide by sqrt(vHat), so ` +
          'its steps are proportional to the gradient.',
        advice: 'Decrease lr, or use adam.',
        steps: [this.#longestT, t],
        coordinates: [],
        subject: lrOption(config),
        evidence: { longestStep: first, overLr: first / lr, startLoss: terms.start, loss, lr },
        fixes: [
          lrFix(config, roundToDigit(baseLr(config) / 10)),
          lrFix(config, roundToDigit(baseLr(config) / 100)),
          optimizerFix('adam', baseLr(config)),
        ],
      });
      return;
    }
    const step = maxAbs(params.map((theta, i) => theta - before[i]!));
    if (t < this.#until && step > far * lr && !(step <= this.#longest)) {
      this.#longest = step;
      this.#longestT = t;
    }
  }
}

function unrectifiedSteps({ config }: RuleContext): number {
  const rect = rectification(numberOption(config.optimizer, 'beta2')!);
  let t = 1;
  while (rect(t) === null && t <= config.steps) t++;
  return t;
}
