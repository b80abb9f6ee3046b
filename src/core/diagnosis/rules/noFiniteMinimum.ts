import type { RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { Rule, RuleContext } from '../rule';
import { leading, namesInHeadline, namesInWords } from '../words';

/**
 * The loss falls towards a limit while parameters grow without bound, as the cross-entropy of separable classes does: see `asymptoteOf`.
 * The run may be as good as any, so this is an info. Weight decay keeps the parameters finite, but it raises the loss that is
 * compared, so it is advice and no verified fix.
 *
 * Silent with weight decay in the optimizer: the run then minimises another function, which has a minimum.
 *
 * Known false positive: a minimum more than a thousand times as far away as the local search went, before which the loss levels off.
 * Known miss: growth along a curve that is no line at a large distance, as where one parameter grows like the exponential of another.
 */
export class NoFiniteMinimumRule implements Rule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    // A target out of reach has such a limit, too.
    if (!end?.asymptote || end.saturation) return;
    const { loss, direction, distance } = end.asymptote;
    const { board, nameOf, words } = this.#context;
    const coordinates = leading(direction);
    const motion = motionOf(coordinates.map((i) => direction[i]!));
    const isMany = coordinates.length > 1;
    board.post({
      code: 'no-finite-minimum',
      severity: 'info',
      headline: words.say`No finite minimum: the loss falls as ${namesInHeadline(nameOf, coordinates)} ${motion[isMany ? 1 : 0]}.`,
      detail:
        words.say`The loss ended at ${words.apart(end.finalLoss, loss)}; its limit is ${words.apart(loss, end.finalLoss)}, ` +
        `as ${namesInWords(nameOf, coordinates)} ${isMany ? 'go' : 'goes'} to ${limitsOf(coordinates.map((i) => direction[i]!))}. ` +
        `It was evaluated up to ${formatNumber(distance, 2)} times the distance travelled, with the other parameters fitted again. ` +
        'Typical causes are separable classes and groups without events.',
      advice: words.say`Stop where the loss is low enough, or use a penalty on the parameters or weight decay for a finite minimum.`,
      steps: [1, steps],
      coordinates,
      subject: null,
      evidence: { finalLoss: end.finalLoss, limit: loss, distance },
      fixes: [],
    });
  }
}

/** The words for one parameter and for several. */
function motionOf(along: readonly number[]): readonly [string, string] {
  if (along.every((each) => each > 0)) return ['grows', 'grow'];
  if (along.every((each) => each < 0)) return ['decreases', 'decrease'];
  return ['grows in size', 'grow in size'];
}

function limitsOf(along: readonly number[]): string {
  if (along.every((each) => each > 0)) return 'infinity';
  return along.every((each) => each < 0) ? 'minus infinity' : 'plus and minus infinity';
}
