import { memoryDecay, numberOption } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import { smallerBeta2Fixes } from '../fixes';
import { lrInWords } from '../lrInWords';
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
 *   g ≠ 0 in at most 10 % of at least 50 steps, and in at most 10 % of those during which it kept returning (the mean
 *   distance of its returns, times their number); and it returned 5 times
 *
 * The second share excludes a gradient that was there in many of the first steps and is 0 after them, as where a
 * coordinate has reached an interval on which the loss is constant.
 *
 * Between these steps v decays, so that the next gradient is divided by a small number: one isolated gradient
 * moves the coordinate by lr (1 − beta1)/√(1 − beta2), which is 3.2 lr at the defaults, for any size of the
 * gradient. How far it moved is measured, because gradients at consecutive steps and later ones cause shorter
 * steps. Decided at the end of the run.
 */
export class SparseGradientRule implements Rule {
  readonly #context: RuleContext;
  /** The shortest and longest step of each coordinate at which its gradient returned. */
  readonly #shortest: Float64Array;
  readonly #longest: Float64Array;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#shortest = new Float64Array(context.dim).fill(Number.POSITIVE_INFINITY);
    this.#longest = new Float64Array(context.dim);
  }

  onStep({ t, before, params }: StepView): void {
    const { presence } = this.#context;
    if (!presence.hasArrivals) return;
    for (let i = 0; i < before.length; i++) {
      if (presence.lastArrivalOf(i) !== t || presence.firstArrivalOf(i) === t) continue;
      const moved = Math.abs(params[i]! - before[i]!);
      this.#shortest[i] = Math.min(this.#shortest[i]!, moved);
      this.#longest[i] = Math.max(this.#longest[i]!, moved);
    }
  }

  finish({ steps }: RunOutcome): void {
    // A gradient that underflows is not 0.
    if (this.#context.board.has('precision-loss')) return;
    const { board, config, dim, moves, nameOf, presence } = this.#context;
    if (steps < stepsAtLeast || !presence.hasReturns) return;
    const found = Array.from({ length: dim }, (_, i) => i).filter((i) => this.#isSparse(i, steps));
    if (found.length === 0) return;
    found.sort((i, j) => presence.countOf(i) - presence.countOf(j));
    const rarest = found[0]!;
    const share = presence.countOf(rarest) / steps;
    const gap = this.#gapOf(rarest);
    const [first, last] = [presence.firstArrivalOf(rarest), presence.lastArrivalOf(rarest)];
    const memory = 1 / (1 - memoryDecay(config));
    const moved = moves.path[rarest]!;
    const isAdaptive = numberOption(config.optimizer, 'eps') !== undefined;
    const consequence = isAdaptive
      ? `v averages over about ${formatNumber(memory)} steps, and ${this.#stepsInWords(rarest)}`
      : `It moved by ${formatNumber(moved)} in total.`;
    const fixes = isAdaptive ? smallerBeta2Fixes(config).slice(0, 1) : [];
    board.post({
      code: 'sparse-gradient',
      severity: 'info',
      headline: `${namesInHeadline(nameOf, found)} ${found.length > 1 ? 'have' : 'has'} a non-zero gradient in few steps only.`,
      detail:
        `The gradient of ${nameOf(rarest)} is non-zero in ${formatNumber(100 * share)} % of the steps. ` +
        `The steps with a gradient form ${presence.arrivalsOf(rarest)} groups, which begin at steps ${first} to ${last}, on average ` +
        `${formatNumber(gap)} steps apart. ${consequence}`,
      advice:
        fixes.length > 0
          ? 'Decrease beta2 if these steps are too long.'
          : isAdaptive
            ? 'Nothing to do.'
            : 'Use an adaptive optimizer if such parameters change too slowly.',
      steps: [1, steps],
      coordinates: found,
      subject: found.length === 1 ? { kind: 'parameter', index: rarest } : null,
      evidence: { share, gap, memory, moved, count: found.length },
      fixes,
    });
  }

  #isSparse(i: number, steps: number): boolean {
    const { presence } = this.#context;
    const [count, arrivals] = [presence.countOf(i), presence.arrivalsOf(i)];
    return arrivals >= returns && count <= rare * Math.min(steps, arrivals * this.#gapOf(i));
  }

  /** The mean distance between the first steps of consecutive groups. */
  #gapOf(i: number): number {
    const { presence } = this.#context;
    return (presence.lastArrivalOf(i) - presence.firstArrivalOf(i)) / (presence.arrivalsOf(i) - 1);
  }

  #stepsInWords(i: number): string {
    const [shortest, longest] = [this.#shortest[i]!, this.#longest[i]!].map((size) => formatNumber(size));
    const by = shortest === longest ? longest : `${shortest} to ${longest}`;
    return `where the gradient returned, the parameter moved by ${by} (${lrInWords(this.#context, [i])}).`;
  }
}
