import { baseLr } from '../../config/readOptions';
import type { HeldBySaturation } from '../../ending/heldBack';
import type { RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { FindingReport, Fix } from '../finding';
import { lrFix, startFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { namesInWords, roundToDigit } from '../words';

/** A start with more coordinates is too long for an annotation. */
const startLengthAtMost = 16;

/**
 * Saturated expressions kept the run from a lower loss; see `heldBySaturation` for the condition. Two classes:
 *
 *   out-of-reach   the loss asks for outputs beyond their asymptotes: no configuration helps, so there are no fixes
 *   vanished       the parameters in the expression are so large that its derivative is nearly 0
 *
 * An expression whose derivative is exactly 0 for all samples, such as an inactive rectifier, is a `zero-gradient`.
 *
 * Known miss: an output whose loss is linear in it, such as an absolute error: it cannot be told from an expected cost.
 */
export class SaturationRule implements Rule {
  readonly #context: RuleContext;
  #start: Float64Array | null = null;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep({ before }: StepView): void {
    this.#start ??= before.slice();
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    if (!end?.saturation) return;
    const { board } = this.#context;
    board.post(this.#report(steps, end, end.saturation));
    board.locate('saturation', { kind: 'saturated', ...end.saturation.expression.place });
  }

  #report(steps: number, end: RunEnd, held: HeldBySaturation): FindingReport {
    const { nameOf, words } = this.#context;
    const { count, saturated, value, bound, coordinates } = held.expression;
    const values =
      count === 1
        ? `Its value is ${formatNumber(value, 6)}, and its asymptote is ${formatNumber(bound)}.`
        : `${saturated} of its ${count} values ${saturated === 1 ? 'is' : 'are'} within 1 % of an asymptote, such as ${formatNumber(value, 6)} (asymptote ${formatNumber(bound)}).`;
    const evidence = { count, saturated, value, bound, finalLoss: end.finalLoss };
    const common = {
      code: 'saturation',
      severity: 'warning',
      steps: [1, steps],
      coordinates: [],
      subject: null,
    } as const;
    if (held.kind === 'out-of-reach')
      return {
        ...common,
        headline: 'An output cannot reach its target: it is at its asymptote.',
        detail:
          words.say`${values} The loss would decrease if the output passed its asymptote, and ${formatNumber(100 * held.share)} % of the ` +
          words.say`loss of ${words.value(end.finalLoss)} is in such outputs. No optimizer or number of steps changes that.`,
        advice: 'Scale the targets into the range of the output, or use a linear output.',
        evidence: { class: held.kind, ...evidence, share: held.share },
        fixes: [],
      };
    const isAll = coordinates.length === this.#start?.length;
    const scaled = isAll ? 'parameters' : `the last point with ${namesInWords(nameOf, coordinates)}`;
    return {
      ...common,
      coordinates,
      headline: words.say`An expression is saturated; a search from smaller parameters finds a lower loss.`,
      detail:
        words.say`${values} A local search from ${scaled} multiplied by ${formatNumber(held.factor)} reaches ` +
        `${words.value(held.loss)}; the run ended at ${words.value(end.finalLoss)}.`,
      advice: 'Start from smaller parameters, scale the inputs down, or decrease the learning rate.',
      evidence: { class: held.kind, ...evidence, factor: held.factor, freedLoss: held.loss },
      fixes: this.#fixes(held),
    };
  }

  #fixes({ expression, factor }: HeldBySaturation & { readonly kind: 'vanished' }): Fix[] {
    const { config } = this.#context;
    const start = this.#start;
    const own = new Set(expression.coordinates);
    const smaller = (by: number) =>
      startFix([...start!].map((theta, i) => (own.has(i) ? roundToDigit(by * theta) : theta)));
    const lr = baseLr(config);
    return [
      ...(start && start.length <= startLengthAtMost && start.some((theta, i) => own.has(i) && theta !== 0)
        ? [...new Set([roundToDigit(factor), 0.1])].map(smaller)
        : []),
      ...(lr > 0 ? [lrFix(config, roundToDigit(lr / 10))] : []),
    ];
  }
}
