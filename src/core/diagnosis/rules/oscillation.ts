import type { StepView } from '../../update';
import type { Posted, Report } from '../board';
import { cosineFix, lrFix } from '../fixes';
import { baseLr, lrOption } from '../options';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
import { LrPlan } from '../terms/lrPlan';
import { RunningMedian } from '../terms/runningMedian';
import { coordinateNames, inWords, roundToDigit } from '../words';

const window = 40;
const edge = 13;
/** Swings that shrink faster from window to window are on their way to rest. */
const staying = 0.9;

/**
 * A coordinate swings to and fro, with steps that are worth something, and the loss does not fall. In two windows in a
 * row, of 40 steps each, by coordinate:
 *
 *   abs(Σ Δ) < 0.1 Σ abs(Δ)                        it does not get anywhere
 *   Σ abs(Δ) > 0.9 of the window before            it does not calm down
 *   Σ abs(g Δ)/40 > max(S/1000, fl)                it matters
 *   ℓ fell by less than S/20                       medians of the first and the last 13 steps
 *   with mini-batches: Δ changes its sign in 80 % of the steps
 *
 * Muted while the schedule is still to bring the learning rate down (`LrPlan`), and after a spike, which rings.
 *
 * Known false positive: a loss with a cycle of its own. Known miss: swings of a period of 40 steps and more.
 */
export class OscillationRule implements Rule {
  readonly #context: RuleContext;
  readonly #net: Float64Array;
  readonly #path: Float64Array;
  readonly #lastPath: Float64Array;
  readonly #work: Float64Array;
  readonly #flips: Float64Array;
  readonly #lastDelta: Float64Array;
  readonly #plan: LrPlan;
  readonly #early = new RunningMedian(edge);
  readonly #late = new RunningMedian(edge);
  readonly #swung: Uint8Array;
  #inWindow = 0;
  #posted: Posted | null = null;
  #updateAt = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#plan = new LrPlan(context.config);
    const vector = () => new Float64Array(context.dim);
    this.#net = vector();
    this.#path = vector();
    this.#lastPath = vector().fill(Number.POSITIVE_INFINITY);
    this.#work = vector();
    this.#flips = vector();
    this.#lastDelta = vector();
    this.#swung = new Uint8Array(context.dim);
  }

  onStep(step: StepView): void {
    this.#take(step);
    const { loss } = this.#context.terms;
    const place = this.#inWindow++;
    if (place < edge) this.#early.push(loss);
    else if (place >= window - edge) this.#late.push(loss);
    if (this.#inWindow < window) return;
    this.#judge(step.t);
    this.#inWindow = 0;
    this.#lastPath.set(this.#path);
    for (const sums of [this.#net, this.#path, this.#work, this.#flips]) sums.fill(0);
  }

  #take({ grad, params, before }: StepView): void {
    const net = this.#net;
    const path = this.#path;
    const work = this.#work;
    const flips = this.#flips;
    const lastDelta = this.#lastDelta;
    for (let i = 0; i < net.length; i++) {
      const delta = params[i]! - before[i]!;
      const size = Math.abs(delta);
      net[i] = net[i]! + delta;
      path[i] = path[i]! + size;
      work[i] = work[i]! + size * Math.abs(grad[i]!);
      if (delta * lastDelta[i]! < 0) flips[i] = flips[i]! + 1;
      lastDelta[i] = delta;
    }
  }

  #judge(t: number): void {
    const swinging = this.#swinging(t);
    const lasting = swinging.filter((i) => this.#swung[i] === 1);
    this.#swung.fill(0);
    for (const i of swinging) this.#swung[i] = 1;
    if (lasting.length === 0) return;
    if (this.#posted === null) {
      lasting.sort((i, j) => this.#work[j]! - this.#work[i]!);
      this.#posted = this.#context.board.post(this.#report(t, lasting));
      this.#updateAt = nextUpdateAfter(t);
    } else if (t >= this.#updateAt) {
      this.#posted.extendTo(t);
      this.#updateAt = nextUpdateAfter(t);
    }
  }

  /** The coordinates that did nothing but swing in the window that ends at step t. */
  #swinging(t: number): number[] {
    const { spikes, stepsPerEpoch, terms } = this.#context;
    const { scale, floor } = terms;
    const found: number[] = [];
    if (this.#early.median() - this.#late.median() >= scale / 20) return found;
    if (this.#plan.isStillToTurn(t) || spikes.isEcho(t - window)) return found;
    const worth = window * Math.max(scale / 1000, floor);
    for (let i = 0; i < this.#net.length; i++) {
      const path = this.#path[i]!;
      if (!(this.#work[i]! > worth) || Math.abs(this.#net[i]!) >= 0.1 * path) continue;
      if (!(path > staying * this.#lastPath[i]!)) continue;
      if (stepsPerEpoch > 1 && this.#flips[i]! < 0.8 * window) continue;
      found.push(i);
    }
    return found;
  }

  #report(t: number, swinging: readonly number[]): Report {
    const { config, terms } = this.#context;
    const [i] = swinging as [number];
    const lr = baseLr(config);
    const path = this.#path[i]!;
    const work = this.#work[i]!;
    return {
      code: 'oscillation',
      severity: 'warning',
      message:
        `${coordinateNames(config, swinging)} ${swinging.length > 1 ? 'swing' : 'swings'} to and fro from step ` +
        `${t - 2 * window + 1}: ${inWords(path)} of way in ${window} steps and ${inWords(Math.abs(this.#net[i]!))} got, ` +
        `while the loss does not fall. Steps overshoot there and come back: lr is ${inWords(lr)}.`,
      steps: [t - 2 * window + 1, t],
      coordinates: swinging,
      subject: lrOption(config),
      evidence: {
        path,
        net: this.#net[i]!,
        flips: this.#flips[i]!,
        workPerStep: work / window,
        scale: terms.scale,
        lr,
      },
      fixes: [
        lrFix(config, roundToDigit(lr / 3)),
        lrFix(config, roundToDigit(lr / 10)),
        ...(config.schedule === null ? [cosineFix(config)] : []),
      ],
    };
  }
}
