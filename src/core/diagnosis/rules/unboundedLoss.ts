import type { RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { Rule, RuleContext } from '../rule';

/**
 * The loss has no lower bound: beyond the last point its decrease keeps growing, up to a million times the path of the run
 * (see `lookBeyond`), or the run itself fell until its numbers overflowed (see `OverflowWatch`), or a descent along a curve or into a pole does not slow down (see `DescentTrail`). No learning rate is right for such a loss, so there are no fixes.
 *
 * Known false positive: a minimum that is more than a million times as far away as the run has come. Known miss: a
 * loss that decreases more slowly than the logarithm, or along a curve that L-BFGS and a parabola do not follow.
 */
export class UnboundedLossRule implements Rule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    if (end === null || end.beyond === null) return;
    const { distance, loss, evaluations, overflow } = end.beyond;
    const { board, words } = this.#context;
    board.post({
      code: 'unbounded-loss',
      severity: 'warning',
      headline: words.say`The loss decreases without a lower bound, so there is no minimum to reach.`,
      detail:
        (overflow
          ? words.say`The loss went from ${words.value(end.startLoss)} to ${words.value(overflow.lastLoss)}, and the numbers overflowed at step ${overflow.t}. `
          : words.say`The loss went from ${words.value(end.startLoss)} to ${words.value(end.finalLoss)}. `) +
        (overflow
          ? words.say`Along a step of the run, at ${formatNumber(distance)} times its length, it is ${words.value(loss)}, and it decreases all the way there.`
          : evaluations === null
            ? words.say`Beyond the last point, at ${formatNumber(distance)} times the distance travelled, it is ${words.value(loss)}, ` +
              words.say`and it decreases all the way there.`
            : words.say`From the last point, a local search (${evaluations} evaluations) lowers it to ${words.value(loss)}, and the decrease ` +
              'does not slow down.'),
      advice: words.say`Check the sign of the loss, and bound the terms that decrease.`,
      steps: [1, steps],
      coordinates: [],
      subject: null,
      evidence: { startLoss: end.startLoss, finalLoss: end.finalLoss, distance, farLoss: loss },
      fixes: [],
    });
  }
}
