import { baseLr } from '../../config/readOptions';
import { isAtKink, isNearMinimum, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { cosineFix, lrFix, smallerMomentumFixes } from '../fixes';
import { lrInWords } from '../lrInWords';
import { momentumOf } from '../momentum';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { LrPlan } from '../terms/lrPlan';
import { medianOf } from '../terms/medianOf';
import { isShort, windowIn } from '../terms/shortRun';
import { anyOf, namesInHeadline, roundToDigit } from '../words';

const usualWindow = 40;
/** Fewer steps show no oscillation. */
const leastWindow = 8;
/** The share of the losses of a window in the medians at its ends. */
const edgeShare = 0.35;
/** A loss that decreases by this share of its scale from one window to the next is decreasing. */
const decreasing = 1 / 20;
/** Fewer turns in a window do not show how long a period is. */
const leastTurns = 3;
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
 *   ℓ decreased by less than S/20 · P/40           over whole periods
 *   with noise: Δ changes its sign in 80 % of the steps
 *
 * Where the coordinate turns in 80 % of the steps, the medians of the first and the last 0.35 P steps of the window are compared, which
 * contain whole periods. Otherwise the means of the last window and this one: within a window, the loss of a coordinate that turns after
 * several steps goes up and down. With noise, of mini-batches or of a loss function that changes between steps, a coordinate at its minimum moves back and
 * forth by chance, but does not turn at each step.
 *
 * At a kink, which the run ends at (see `isAtKink`), or where a coordinate that turns after several steps had no small slope, the slope does not shrink toward the minimum, so that only shorter steps help: then neither the momentum
 * nor an overshoot is named as the cause.
 *
 * Withdrawn if the rest of the run contradicts it: the oscillation ended, and the loss fell by more than S/20, or the run ended near
 * a minimum.
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
  /** The mean of ℓ in the last window; NaN before the second one. */
  #lastMean = Number.NaN;
  /** The mean of ℓ in the last window in which a coordinate of the finding oscillated. */
  #oscillatingMean = Number.NaN;
  /** theta at the start of the window. `#pathBefore`, `#workBefore` and `#turnsBefore` are the sums of `Moves` at that step. */
  readonly #start: Float64Array;
  readonly #pathBefore: Float64Array;
  readonly #workBefore: Float64Array;
  readonly #lastPath: Float64Array;
  readonly #turnsBefore: Float64Array;
  readonly #didOscillate: Uint8Array;
  #inWindow = 0;
  /** Whether a coordinate of the finding oscillated in the last window. */
  #lasts = false;
  #posted: Posted | null = null;
  /** Those of the coordinates that oscillated in the last window. */
  #slopes: ReadonlyMap<number, Slopes> = new Map();
  /** The detail of the finding without its cause. */
  #course = '';
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
    this.#turnsBefore = new Float64Array(dim);
    this.#lastPath = new Float64Array(dim).fill(Number.POSITIVE_INFINITY);
    this.#didOscillate = new Uint8Array(dim);
  }

  onStep(step: StepView): void {
    if (this.#inWindow === 0) this.#start.set(step.before);
    for (const slopes of this.#slopes.values()) slopes.push(step.grad);
    const { moves, terms } = this.#context;
    this.#losses[this.#inWindow++] = terms.loss;
    if (this.#inWindow < this.#window) return;
    const mean = this.#losses.reduce((sum, loss) => sum + loss, 0) / this.#window;
    this.#judge(step, mean);
    this.#lastMean = mean;
    this.#inWindow = 0;
    const { path } = moves;
    const [last, pathBefore] = [this.#lastPath, this.#pathBefore];
    for (let i = 0; i < last.length; i++) last[i] = path[i]! - pathBefore[i]!;
    pathBefore.set(path);
    this.#workBefore.set(moves.work);
    this.#turnsBefore.set(moves.turns);
  }

  #pathOf(i: number): number {
    return this.#context.moves.path[i]! - this.#pathBefore[i]!;
  }

  #workOf(i: number): number {
    return this.#context.moves.work[i]! - this.#workBefore[i]!;
  }

  #turnsOf(i: number): number {
    return this.#context.moves.turns[i]! - this.#turnsBefore[i]!;
  }

  /** Periodic gradients also cause oscillation. In that case only `cyclic-gradient` is reported. */
  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    const isContradicted = !this.#lasts && (this.#window < usualWindow || this.#hasRecovered(end));
    if (isContradicted || this.#context.board.has('cyclic-gradient')) {
      this.#posted?.withdraw();
      return;
    }
    if (this.#posted && end && isAtKink(end)) this.#posted.replace(this.#reportAtKink(this.#posted.report));
    if (this.#lasts) this.#posted?.extendTo(steps);
  }

  /** Whether the run went on to a lower loss after the oscillation had ended. */
  #hasRecovered(end: RunEnd | null): boolean {
    const fall = this.#oscillatingMean - this.#lastMean;
    return fall >= decreasing * this.#context.terms.scale || (end?.polished != null && isNearMinimum(end));
  }

  #judge({ t, params }: StepView, mean: number): void {
    const oscillating = this.#oscillating(t, params, mean);
    const lasting = oscillating.filter((i) => this.#didOscillate[i] === 1);
    this.#didOscillate.fill(0);
    for (const i of oscillating) this.#didOscillate[i] = 1;
    this.#lasts = lasting.length > 0;
    const slopes = this.#slopes;
    this.#slopes = new Map(oscillating.map((i) => [i, new Slopes(i)]));
    if (lasting.length === 0) return;
    this.#oscillatingMean = mean;
    if (this.#posted === null) {
      lasting.sort((i, j) => this.#workOf(j) - this.#workOf(i));
      const report = this.#report(t, lasting, params, mean);
      const isKink = this.#isByMomentum(lasting[0]!) && slopes.get(lasting[0]!)?.isOfKink;
      this.#posted = this.#context.board.post(isKink ? this.#reportAtKink(report) : report);
      this.#updateAt = nextUpdateAfter(t);
    } else if (t >= this.#updateAt) {
      this.#posted.extendTo(t);
      this.#updateAt = nextUpdateAfter(t);
    }
  }

  /** The coordinates that oscillated in the window that ends at step t. */
  #oscillating(t: number, params: Float64Array, mean: number): number[] {
    const { spikes, terms, stepsPerEpoch, isContextual } = this.#context;
    const { scale, floor } = terms;
    const found: number[] = [];
    const window = this.#window;
    const share = window / usualWindow;
    const isNoisy = stepsPerEpoch > 1 || isContextual;
    const least = decreasing * scale * share;
    const falls = { within: this.#fallWithin() >= least, sinceLast: this.#lastMean - mean >= least };
    if (falls.within && falls.sinceLast) return found;
    if (this.#plan.isStillToTurn(t) || spikes.isEcho(t - window)) return found;
    const worth = window * Math.max(scale / 1000, floor);
    const { work } = this.#context.moves;
    const workBefore = this.#workBefore;
    for (let i = 0; i < params.length; i++) {
      // Nearly no coordinate of many passes this condition, so it is asked first, and without a call.
      if (!(work[i]! - workBefore[i]! > worth)) continue;
      const path = this.#pathOf(i);
      if (Math.abs(params[i]! - this.#start[i]!) >= 0.1 * path) continue;
      if (!(path > leastPathShare ** share * this.#lastPath[i]!)) continue;
      const turnsEachStep = this.#turnsEachStep(i);
      if (turnsEachStep ? falls.within : falls.sinceLast || isNoisy) continue;
      found.push(i);
    }
    return found;
  }

  /** The decrease of ℓ from the first to the last steps of the window, as medians. */
  #fallWithin(): number {
    const first = medianOf(this.#losses.slice(0, this.#edge).sort());
    return first - medianOf(this.#losses.slice(this.#window - this.#edge).sort());
  }

  #turnsEachStep(i: number): boolean {
    return this.#turnsOf(i) >= everyStep * this.#window;
  }

  /** Whether the coordinate turns only after several steps, because the momentum carries it past the minimum. */
  #isByMomentum(i: number): boolean {
    return momentumOf(this.#context.config).value > 0 && !this.#turnsEachStep(i);
  }

  #headline(oscillating: readonly number[]): string {
    const names = namesInHeadline(this.#context.nameOf, oscillating);
    const isOne = oscillating.length === 1;
    const verb = isOne ? 'oscillates' : 'oscillate';
    if (oscillating.every((i) => this.#turnsEachStep(i)))
      return `${names} ${verb}: successive steps nearly cancel.`;
    const turns = this.#turnsOf(oscillating[0]!);
    return isOne && turns >= leastTurns
      ? `${names} ${verb} with a period of about ${Math.round((2 * this.#window) / turns)} steps.`
      : `${names} ${verb}: ${isOne ? 'it moves' : 'they move'} back and forth.`;
  }

  #why(i: number): string {
    const { config, words } = this.#context;
    const lr = lrInWords(this.#context, [i]);
    const turns = this.#turnsOf(i);
    if (this.#turnsEachStep(i)) return words.say`Each step likely overshoots the minimum: ${lr}.`;
    const momentum = momentumOf(config);
    const turned = turns === 0 ? 'It did not turn' : `It turned ${turns} ${turns === 1 ? 'time' : 'times'}`;
    return this.#isByMomentum(i)
      ? words.say`${turned}: the momentum (${momentum.name} = ${formatNumber(momentum.value)}) may carry it past the minimum; ${lr}.`
      : `${turned}, so the steps are likely too long for it to settle: ${lr}.`;
  }

  #report(t: number, oscillating: readonly number[], params: Float64Array, mean: number): FindingReport {
    const { config, nameOf, terms, words } = this.#context;
    const [i] = oscillating as [number];
    const lr = baseLr(config);
    const path = this.#pathOf(i);
    const net = params[i]! - this.#start[i]!;
    this.#course =
      `From step ${t - this.#window + 1} to ${t}${isShort(config.steps) ? ` of ${config.steps}` : ''}, ${nameOf(i)} moved ${formatNumber(path)} in total and ended ` +
      `${formatNumber(Math.abs(net))} from where it began. ` +
      words.say`The mean of the loss was ${words.value(mean)} over these steps and ${words.value(this.#lastMean)} over the ${this.#window} steps before. `;
    return {
      code: 'oscillation',
      severity: 'warning',
      headline: this.#headline(oscillating),
      detail: this.#course + this.#why(i),
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
        ...(this.#isByMomentum(i) ? smallerMomentumFixes(config) : [lrFix(config, roundToDigit(lr / 10))]),
        ...(config.schedule === null ? [cosineFix(config)] : []),
      ],
    };
  }
  #reportAtKink(report: FindingReport): FindingReport {
    const { config, words } = this.#context;
    const lr = baseLr(config);
    const mayDecay = config.schedule === null;
    return {
      ...report,
      detail:
        this.#course +
        words.say`The minimum likely has a kink, where the slope does not shrink, so that only shorter steps come closer.`,
      advice: anyOf(mayDecay && 'decay lr', 'decrease lr'),
      evidence: { ...report.evidence, class: 'kink' },
      fixes: [
        ...(mayDecay ? [cosineFix(config)] : []),
        lrFix(config, roundToDigit(lr / 3)),
        lrFix(config, roundToDigit(lr / 10)),
      ],
    };
  }
}

/** At a kink, the smallest slope on the way back and forth is at least this share of the largest one. */
const constant = 0.25;

/** The slopes along a coordinate in a window. At a smooth minimum that it passes, some of them are near 0. */
class Slopes {
  readonly #index: number;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #hasUp = false;
  #hasDown = false;

  constructor(index: number) {
    this.#index = index;
  }

  push(grad: Float64Array): void {
    const slope = grad[this.#index]!;
    // Exactly 0 is at the kink itself, or where another term of a maximum is the largest.
    if (slope === 0) return;
    const size = Math.abs(slope);
    if (size < this.#least) this.#least = size;
    if (size > this.#most) this.#most = size;
    if (slope > 0) this.#hasUp = true;
    else this.#hasDown = true;
  }

  get isOfKink(): boolean {
    return this.#hasUp && this.#hasDown && this.#least >= constant * this.#most;
  }
}
