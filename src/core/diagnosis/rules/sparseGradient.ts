import { memoryDecay, numberOption } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import { smallerBeta2Fixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { namesInHeadline } from '../words';

/** Gradients are rare if at most this share of the steps has one. */
const rare = 0.1;
/** The gradient must have returned this many times; a gradient that occurs once or stops is not sparse. */
const returns = 5;
/** So many returns at this share take at least so many steps. */
const stepsAtLeast = returns / rare;

/**
 * A coordinate has a nonzero gradient only in few steps, repeatedly (Kingma & Ba, arXiv:1412.6980, section
 * 2.1):
 *
 *   g ≠ 0 in at most 10 % of at least 50 steps, and it returned 5 times
 *
 * Between these steps v decays, so that the next gradient is divided by a small number: one isolated gradient
 * moves the coordinate by lr (1 − beta1)/√(1 − beta2), which is 3.2 lr at the defaults, for any size of the
 * gradient. Decided at the end of the run.
 */
export class SparseGradientRule implements Rule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  finish({ steps }: RunOutcome): void {
    if (steps < stepsAtLeast) return;
    const { board, config, dim, moves, nameOf, presence } = this.#context;
    const found = Array.from({ length: dim }, (_, i) => i).filter(
      (i) => presence.countOf(i) <= rare * steps && presence.arrivalsOf(i) >= returns,
    );
    if (found.length === 0) return;
    found.sort((i, j) => presence.countOf(i) - presence.countOf(j));
    const share = presence.countOf(found[0]!) / steps;
    const arrivals = presence.arrivalsOf(found[0]!);
    const gap = steps / arrivals;
    const memory = 1 / (1 - memoryDecay(config));
    const moved = moves.path[found[0]!]!;
    const isAdaptive = numberOption(config.optimizer, 'eps') !== undefined;
    const consequence = !isAdaptive
      ? `It moved by ${formatNumber(moved)} in total.`
      : gap > memory
        ? `v averages over about ${formatNumber(memory)} steps and has nearly decayed when the next gradient arrives, so even small gradients cause long steps.`
        : `v averages over about ${formatNumber(memory)} steps, most of which have a zero gradient, so each gradient causes a step longer than lr.`;
    const fixes = isAdaptive ? smallerBeta2Fixes(config).slice(0, 1) : [];
    board.post({
      code: 'sparse-gradient',
      severity: 'info',
      headline: `${namesInHeadline(nameOf, found)} ${found.length > 1 ? 'have' : 'has'} a non-zero gradient in few steps only.`,
      detail:
        `The gradient of ${nameOf(found[0]!)} is non-zero in ${formatNumber(100 * share)} % of the steps, ` +
        `in ${arrivals} groups of consecutive steps, which begin about every ${formatNumber(gap)} steps. ${consequence}`,
      advice:
        fixes.length > 0
          ? 'Decrease beta2 if these steps are too long.'
          : isAdaptive
            ? 'Nothing to do.'
            : 'Use an adaptive optimizer if such parameters change too slowly.',
      steps: [1, steps],
      coordinates: found,
      subject: found.length === 1 ? { kind: 'parameter', index: found[0]! } : null,
      evidence: { share, gap, memory, moved, count: found.length },
      fixes,
    });
  }
}
