import { baseLr, numberOption } from '../../config/readOptions';
import type { RunConfig } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { cosineFix, lrFix } from '../fixes';
import { lrInWords } from '../lrInWords';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { LrPlan } from '../terms/lrPlan';
import { medianOf } from '../terms/medianOf';
import { isShort, windowIn } from '../terms/shortRun';
import { anyOf, namesInHeadline, roundToDigit } from '../words';

const usualWindow = 40;
/** Fewer steps show no oscillation: each median would be that of a single loss. */
const leastWindow = 8;
/** The share of the losses of a window in each median. */
const edgeShare = 0.35;
/**
/** A coordinate that turns in at least this share of its steps overshoots in each of them. */
const everyStep = 0.8;
/**
 * If the path length of a window of the usual length is below this share of the last one, the oscillation is decaying by
 * itself. For shorter windows, at the same rate.
 */
const leastPathShare = 0.5;

/**
 * A coordinate oscillates with steps that matter to the loss, and the loss does not decrease. The condition
 * holds for the same coordinate in two consecutive windows of P = 40 steps (in a run of fewer than 160 steps, a quarter of
 * its steps, and at least 8):
 *
 *   abs(Σ Δ) < 0.1 Σ abs(Δ)                        its net movement is small
 *   Σ abs(Δ) > 0.5^(P/40) of the last window       the oscillation does not decay
 *   Σ abs(g Δ)/P > max(S/1000, fl)                 its steps matter to the loss
 *   ℓ decreased by less than S/20 · P/40           medians of the first and the last 0.35 P steps
 *   with mini-batches: Δ changes its sign in 80 % of the steps
 *
 * In a run whose windows are shorter, it must last until the end: a decaying oscillation is not yet distinct from a lasting one
 * there. Muted as long as the schedule will still decrease the learning rate considerably (`LrPlan`), and after a
 * spike, which is followed by a decaying oscillation.
 *
 * Known false positive: a loss that is itself periodic in the step. Known miss: oscillations with a period of
 * 40 steps or more.
 */
export class OscillationRule implements Rule {
  readonly #context: RuleContext;
  readonly #plan: LrPlan;
  /** P, even, so that an alternating coordinate ends where it began. */
  readonly #window: number;
  /** The number of losses in each median, even, so that an alternating loss has the same median at both ends. */
  readonly #edge: number;
  readonly #losses: Float64Array;
  /** theta at the start of the window. `#pathBefore` and `#workBefore` are the sums of `Moves` at that step. */
  readonly #start: Float64Array;
  readonly #pathBefore: Float64Array;
  readonly #workBefore: Float64Array;
  readonly #lastPath: Float64Array;
  readonly #signChanges: SignChanges;
  readonly #didOscillate: Uint8Array;
  #inWindow = 0;
  /** Whether a coordinate of the finding oscillated in the last window. */
  #lasts = false;
  #posted: Posted | null = null;
  #updateAt = 0;

  constructor(context: RuleContext) {
    const { config, dim } = context;
    this.#context = context;
    this.#plan = new LrPlan(config);
    this.#window = 2 * Math.floor(windowIn(config.steps, usualWindow, leastWindow) / 2);
    this.#edge = 2 * Math.floor((edgeShare * this.#window) / 2);
    this.#losses = new Float64Array(this.#window);
    this.#start = new Float64Array(dim);
    this.#pathBefore = new Float64Array(dim);
    this.#workBefore = new Float64Array(dim);
    this.#lastPath = new Float64Array(dim).fill(Number.POSITIVE_INFINITY);
    this.#signChanges = new SignChanges(dim);
    this.#didOscillate = new Uint8Array(dim);
  }

  onStep(step: StepView): void {
    if (this.#inWindow === 0) this.#start.set(step.before);
    this.#signChanges.onStep(step);
    const { moves, terms } = this.#context;
    this.#losses[this.#inWindow++] = terms.loss;
    if (this.#inWindow < this.#window) return;
    this.#judge(step);
    this.#inWindow = 0;
    for (let i = 0; i < this.#lastPath.length; i++) this.#lastPath[i] = this.#pathOf(i);
    this.#pathBefore.set(moves.path);
    this.#workBefore.set(moves.work);
    this.#signChanges.reset();
  }

  #pathOf(i: number): number {
    return this.#context.moves.path[i]! - this.#pathBefore[i]!;
  }

  #workOf(i: number): number {
    return this.#context.moves.work[i]! - this.#workBefore[i]!;
  }

  /** Periodic gradients also cause oscillation. In that case only `cyclic-gradient` is reported. */
  finish({ steps }: RunOutcome): void {
    const hasEnded = !this.#lasts && this.#window < usualWindow;
    if (hasEnded || this.#context.board.has('cyclic-gradient')) this.#posted?.withdraw();
    else if (this.#lasts) this.#posted?.extendTo(steps);
  }

  #judge({ t, params }: StepView): void {
    const oscillating = this.#oscillating(t, params);
    const lasting = oscillating.filter((i) => this.#didOscillate[i] === 1);
    this.#didOscillate.fill(0);
    for (const i of oscillating) this.#didOscillate[i] = 1;
    this.#lasts = lasting.length > 0;
    if (lasting.length === 0) return;
    if (this.#posted === null) {
      lasting.sort((i, j) => this.#workOf(j) - this.#workOf(i));
      this.#posted = this.#context.board.post(this.#report(t, lasting, params));
      this.#updateAt = nextUpdateAfter(t);
    } else if (t >= this.#updateAt) {
      this.#posted.extendTo(t);
      this.#updateAt = nextUpdateAfter(t);
    }
  }

  /** The coordinates that oscillated in the window that ends at step t. */
  #oscillating(t: number, params: Float64Array): number[] {
    const { spikes, terms, stepsPerEpoch } = this.#context;
    const { scale, floor } = terms;
    const found: number[] = [];
    const window = this.#window;
    const share = window / usualWindow;
    const [early, late] = this.#ends();
    if (early - late >= (scale / 20) * share) return found;
    if (this.#plan.isStillToTurn(t) || spikes.isEcho(t - window)) return found;
    const worth = window * Math.max(scale / 1000, floor);
    for (let i = 0; i < params.length; i++) {
      const path = this.#pathOf(i);
      if (!(this.#workOf(i) > worth) || Math.abs(params[i]! - this.#start[i]!) >= 0.1 * path) continue;
      if (!(path > leastPathShare ** share * this.#lastPath[i]!)) continue;
      if (stepsPerEpoch > 1 && this.#signChanges.of(i) < everyStep * window) continue;
      found.push(i);
    }
    return found;
  }

  /** Whether the coordinate turns only after several steps, because the momentum carries it past the minimum. */
  #isByMomentum(i: number): boolean {
    return momentumOf(this.#context.config).value > 0 && this.#signChanges.of(i) < everyStep * this.#window;
  }

  #why(i: number): string {
    const { config, words } = this.#context;
    const lr = lrInWords(this.#context, [i]);
    const turns = this.#signChanges.of(i);
    if (turns >= everyStep * this.#window) return words.say`Each step likely overshoots the minimum: ${lr}.`;
    const momentum = momentumOf(config);
    const turned = turns === 0 ? 'It did not turn' : `It turned ${turns} ${turns === 1 ? 'time' : 'times'}`;
    return this.#isByMomentum(i)
      ? words.say`${turned}: the momentum (${momentum.name} = ${formatNumber(momentum.value)}) carries it past the minimum; ${lr}.`
      : `${turned}, so the steps are likely too long for it to settle: ${lr}.`;
  }

  /** The medians of ℓ in the first and the last steps of the window. */
  #ends(): readonly [early: number, late: number] {
    return [
      medianOf(this.#losses.slice(0, this.#edge).sort()),
      medianOf(this.#losses.slice(this.#window - this.#edge).sort()),
    ];
  }

  #report(t: number, oscillating: readonly number[], params: Float64Array): FindingReport {
    const { config, nameOf, terms, words } = this.#context;
    const [i] = oscillating as [number];
    const lr = baseLr(config);
    const names = namesInHeadline(nameOf, oscillating);
    const path = this.#pathOf(i);
    const net = params[i]! - this.#start[i]!;
    const [early, late] = this.#ends();
    return {
      code: 'oscillation',
      severity: 'warning',
      headline: `${names} ${oscillating.length > 1 ? 'oscillate' : 'oscillates'}: successive steps nearly cancel.`,
      detail:
        `From step ${t - this.#window + 1} to ${t}${isShort(config.steps) ? ` of ${config.steps}` : ''}, ${nameOf(i)} moved ${formatNumber(path)} in total and ended ` +
        `${formatNumber(Math.abs(net))} from where it began. ` +
        words.say`The median of the loss was ${words.value(early)} in the first and ${words.value(late)} in the last ${this.#edge} of these steps. ` +
        this.#why(i),
      advice: anyOf(
        'decrease lr',
        config.schedule === null && 'decay it',
        this.#isByMomentum(i) && `decrease ${momentumOf(config).name}`,
      ),
      steps: [t - 2 * this.#window + 1, t],
      coordinates: oscillating,
      subject: lrOption(config),
      evidence: { path, net, workPerStep: this.#workOf(i) / this.#window, scale: terms.scale, lr },
      fixes: [
        lrFix(config, roundToDigit(lr / 3)),
        lrFix(config, roundToDigit(lr / 10)),
        ...(config.schedule === null ? [cosineFix(config)] : []),
      ],
    };
  }
}

/** Counts the sign changes of the update of each coordinate within a window. */
class SignChanges {
  readonly #count: Int32Array;
  readonly #last: Float64Array;

  constructor(dim: number) {
    this.#count = new Int32Array(dim);
    this.#last = new Float64Array(dim);
  }

  of(i: number): number {
    return this.#count[i]!;
  }

  onStep({ params, before }: StepView): void {
    for (let i = 0; i < params.length; i++) {
      const delta = params[i]! - before[i]!;
      if (delta * this.#last[i]! < 0) this.#count[i]!++;
      this.#last[i] = delta;
    }
  }

  reset(): void {
    this.#count.fill(0);
  }
}

/** The option that sets the share of the last update, or of the last mean gradient, in the next one. */
function momentumOf({ optimizer }: RunConfig): { readonly name: string; readonly value: number } {
  const name = numberOption(optimizer, 'beta1') === undefined ? 'momentum' : 'beta1';
  return { name, value: numberOption(optimizer, name) ?? 0 };
}
