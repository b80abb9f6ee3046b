import { numberOption } from '../../config/readOptions';
import { decreaseOf, leftOf, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import { norm2 } from '../../numerics/norms';
import { type Phase, phasesOf } from '../../phases';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import { smallerWeightDecayFixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { pulls } from '../terms/decayDrift';

/** The decay balances the gradient if the norm of their sum is at most this share of the norm of the gradient's pull. */
const unbalanced = 0.5;
/** The decay matters if a polish without it gains this share of the decrease. */
const matters = 0.01;
/** The averages have a memory of this share of the steps. */
const memoryShare = 1 / 20;

/**
 * Weight decay keeps the run away from a lower loss, which may have no minimum. The pull of the decay, averaged over the last steps,
 * balances the pull of the gradient:
 *
 *   ‖p + d‖ ≤ ½ ‖p‖     p, d   the mean change of the parameters by the gradient and by the decay; with an L2 penalty
 *                              p = −g and d = −l2·θ, because both go through the same preconditioner
 *
 * or the decay has moved the parameters up the slope of the loss, above its starting value (see `DecayDrift`); and a
 * polish of the loss without the decay gains at least R/100. Or the parameters have shrunk to nearly 0, where a polish finds nothing, and
 * one from the point of the lowest loss gains as much.
 *
 * Known miss: a decay that has not yet balanced the gradient at the end of the run, below the starting value.
 */
export class WeightDecayDominatesRule implements Rule {
  readonly #context: RuleContext;
  readonly #phases: readonly Phase[];
  readonly #forget: number;
  readonly #pull: Float64Array;
  readonly #decay: Float64Array;

  static for(context: RuleContext): WeightDecayDominatesRule | null {
    return context.decayDrift && new WeightDecayDominatesRule(context);
  }

  private constructor(context: RuleContext) {
    this.#context = context;
    this.#phases = phasesOf(context.config);
    this.#forget = 1 / Math.max(1, context.config.steps * memoryShare);
    this.#pull = new Float64Array(context.dim);
    this.#decay = new Float64Array(context.dim);
  }

  onStep(step: StepView): void {
    const phase = this.#phases[step.phase]!;
    const [pull, decay] = [this.#pull, this.#decay];
    // Both averages start at 0, which does not change their ratio.
    const weight = this.#forget;
    for (let i = 0; i < pull.length; i++) {
      const { byDecay, byGradient } = pulls(phase, step, i);
      pull[i]! += weight * (byGradient - pull[i]!);
      decay[i]! += weight * (byDecay - decay[i]!);
    }
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    if (end === null || end.polished === null || leftOf(end) < matters * decreaseOf(end)) return;
    const left = this.#pull.map((p, i) => p + this.#decay[i]!);
    const isUphill = this.#context.decayDrift?.isUphill ?? false;
    const hasShrunk = end.polished.isFromLowest === true;
    if (!isUphill && !hasShrunk && !(norm2(left) <= unbalanced * norm2(this.#pull))) return;
    const ratio = this.#ratio();
    const { board, config, words } = this.#context;
    const weightDecay = numberOption(config.optimizer, 'weightDecay') ?? Number.NaN;
    board.post({
      code: 'weight-decay-dominates',
      severity: 'warning',
      headline: words.say`Weight decay keeps the run away from a lower loss.`,
      detail:
        (isUphill
          ? words.say`The loss rose from ${words.value(end.startLoss)} to ${words.value(end.finalLoss)}, because ` +
            words.say`weightDecay = ${formatNumber(weightDecay)} moves the parameters uphill. `
          : hasShrunk
            ? words.say`The final loss is ${words.value(end.finalLoss)}, above the lowest one, ${words.value(end.leastLoss)}: ` +
              `weightDecay = ${formatNumber(weightDecay)} has shrunk the parameters to nearly 0. `
            : words.say`The final loss is ${words.value(end.finalLoss)}. ` +
              `Averaged over its last steps, ` +
              `the pull of weightDecay = ${formatNumber(weightDecay)} against the gradient has ${formatNumber(100 * ratio)} % of its size. `) +
        `Without the decay, a local search ${hasShrunk ? words.say`from the point of the lowest loss ` : ''}reaches ` +
        `${words.value(end.polished!.loss)}.`,
      advice: 'Decrease weightDecay.',
      steps: [1, steps],
      coordinates: [],
      subject: option('optimizer', 'weightDecay'),
      evidence: { weightDecay, balance: ratio, loss: end.finalLoss, polishedLoss: end.polished!.loss },
      fixes: smallerWeightDecayFixes(config),
    });
  }

  /** −(d·p)/(p·p), the pull of the decay against that of the gradient. */
  #ratio(): number {
    const size = norm2(this.#pull);
    return -this.#pull.reduce((sum, p, i) => sum + (p / size) * (this.#decay[i]! / size), 0);
  }
}
