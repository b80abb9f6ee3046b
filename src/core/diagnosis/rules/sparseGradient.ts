import { memoryDecay, numberOption } from '../../config/readOptions';
import type { RunOutcome } from '../../run';
import { smallerBeta2Fixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { inWords, namesInWords } from '../words';

/** A share of the steps below which gradients are rare. */
const rare = 0.1;
/** How often a gradient must have come back: one that came once, or ended, is not sparse. */
const returns = 5;
const stepsAtLeast = 100;

/**
 * A coordinate has a gradient on few steps only, again and again (Kingma & Ba, arXiv:1412.6980, section 2.1):
 *
 *   g ≠ 0 in at most 10 % of at least 100 steps, and it came back 5 times
 *
 * Between them v forgets, so that each arrives at a small divisor: one isolated gradient moves the coordinate by
 * lr (1 − beta1)/√(1 − beta2), which is 3.2 lr at the defaults, however small it is. Judged at the end of the run.
 */
export class SparseGradientRule implements Rule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  finish({ steps }: RunOutcome): void {
    if (steps < stepsAtLeast) return;
    const { board, config, dim, nameOf, presence } = this.#context;
    const found = Array.from({ length: dim }, (_, i) => i).filter(
      (i) => presence.countOf(i) <= rare * steps && presence.arrivalsOf(i) >= returns,
    );
    if (found.length === 0) return;
    found.sort((i, j) => presence.countOf(i) - presence.countOf(j));
    const share = presence.countOf(found[0]!) / steps;
    const gap = steps / presence.arrivalsOf(found[0]!);
    const memory = 1 / (1 - memoryDecay(config));
    const isAdaptive = numberOption(config.optimizer, 'eps') !== undefined;
    board.post({
      code: 'sparse-gradient',
      severity: 'info',
      message:
        `${namesInWords(nameOf, found)} ${found.length > 1 ? 'have' : 'has'} a gradient on ${inWords(100 * share)} % of ` +
        `the steps only, one in about ${inWords(gap)}.` +
        (isAdaptive
          ? ` v remembers for about ${inWords(memory)} steps: ` +
            (gap > memory
              ? 'it has nearly forgotten the last when the next arrives, and each moves the coordinate as far as a large one.'
              : 'it averages the gradients with the zeros between, so that each moves the coordinate by more than lr.')
          : ' Plain steps are proportional to the gradient: such a coordinate is learnt slowly.'),
      steps: [1, steps],
      coordinates: found,
      subject: found.length === 1 ? { kind: 'parameter', index: found[0]! } : null,
      evidence: { share, gap, memory, count: found.length },
      fixes: isAdaptive ? smallerBeta2Fixes(config).slice(0, 1) : [],
    });
  }
}
