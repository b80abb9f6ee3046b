import type { OddScale } from '../../ending/heldBack';
import type { RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import { rescaleFixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';

/**
 * A parameter has a number so large or so small that the steps of the run do not fit it; see `ParameterScale` for the
 * condition. One learning rate serves all parameters, and it is chosen for numbers near 1. The fix gives the
 * parameter options of its own, with which its steps are those in another unit. Data of an unusual magnitude need such parameters.
 */
export class PoorScalingRule implements Rule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    if (!end?.oddScale) return;
    const { config, dim, nameOf, board, words } = this.#context;
    const { index, magnitude, kind, moved, reached, startsAtZero, broke } = end.oddScale;
    const name = nameOf(index);
    const size = unitOf(end.oddScale);
    const unit = formatNumber(size);
    const [isOfSize, moves] = {
      short: ['large', `In ${steps} steps it moved by ${formatNumber(moved)} in total.`],
      long: [
        'small',
        broke
          ? words.say`Its first step, of length ${formatNumber(moved)}, alone takes the loss from ${words.value(broke.from)} to ${words.value(broke.to)}.`
          : `Its first step had the length ${formatNumber(moved)}.`,
      ],
    }[kind];
    board.post({
      code: 'poor-scaling',
      severity: 'warning',
      headline: `The numbers of ${name} are too ${isOfSize} for the steps of the optimizer.`,
      detail:
        `${name} starts at ${startsAtZero ? `0, and belongs at a magnitude of about ${formatNumber(magnitude)}` : `a magnitude of ${formatNumber(magnitude)}`}. ${moves} ` +
        words.say`Steps of its own magnitude reach a loss of ${words.value(reached)}` +
        (broke ? '.' : `; the run ended at ${words.value(end.finalLoss)}.`),
      advice: words.say`Reparametrize the loss: optimize ${name} / ${unit} instead of ${name}, and multiply by ${unit} in the loss. Or give ${name} a learning rate of its own.`,
      steps: [1, steps],
      coordinates: [index],
      subject: { kind: 'parameter', index },
      evidence: {
        class: kind,
        magnitude,
        moved,
        reached,
        ...(broke ? { before: broke.from, after: broke.to } : { finalLoss: end.finalLoss }),
      },
      fixes: rescaleFixes(
        config,
        Array.from({ length: dim }, (_, i) => (i === index ? size : 1)),
      ),
    });
  }
}

/** The power of ten below the magnitude. */
function unitOf({ magnitude }: OddScale): number {
  return Number(`1e${Math.floor(Math.log10(magnitude))}`);
}
