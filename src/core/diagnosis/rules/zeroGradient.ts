import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { FindingReport, Posted } from '../board';
import type { Probe, Probing } from '../probes/probe';
import type { Rule, RuleContext } from '../rule';
import { namesInHeadline } from '../words';

const stepsAtLeast = 20;
/** Steps from one look at the gradients that are gone to the next. */
const every = 10;
/** From so many parameters on it is for information that less than half of them stand still. */
const manyParameters = 10;
/** Looks at the loss at most: each takes two gradients. */
const looksAtMost = 50;

/**
 * The loss does not depend on a coordinate: its gradient is exactly 0
 *
 *   for max(20, 2 stepsPerEpoch) steps in a row (a sample may be the first of an epoch and the last of the next), and
 *   at theta ± h Σ e_j, h = max(1, abs(theta_j))/100, over all coordinates j that stand still
 *
 * so that an axis of symmetry, where the gradient vanishes but not beside it, is none, nor are two factors that are both 0.
 * A coordinate that had a gradient and lost it is told of only while others still have one: else the run has arrived on a
 * flat floor. One whose gradient comes back is taken off again.
 *
 * It is for information where there are ten parameters or more and less than half of them stand still.
 *
 * Known false positives: a coordinate that only counts far from here (a penalty that is not active).
 */
export class ZeroGradientRule implements Rule, Probe {
  readonly probe: Probe | null;
  readonly #context: RuleContext;
  readonly #needed: number;
  /** When a coordinate was looked at last, whatever came of it; 0: never. Its gradient must return before the next look. */
  readonly #lookedT: Int32Array;
  #looks = 0;
  #due = false;
  #found: readonly number[] = [];
  #posted: Posted | null = null;

  constructor(context: RuleContext) {
    const { dim, stepsPerEpoch, probing } = context;
    this.#context = context;
    this.#needed = Math.max(stepsAtLeast, 2 * stepsPerEpoch);
    this.#lookedT = new Int32Array(dim);
    this.probe = probing && this;
  }

  onStep({ t, gradNorm }: StepView): void {
    this.#due = false;
    if (t % every !== 0) return;
    const { presence } = this.#context;
    if (this.#posted) this.#forgetWhatMoves(t);
    if (this.#looks >= looksAtMost) return;
    for (let i = 0; i < presence.length && !this.#due; i++)
      this.#due = this.#isWaiting(i) && (gradNorm > 0 || presence.lastAt(i) === 0);
  }

  isDue(): boolean {
    return this.#due;
  }

  async look(step: StepView): Promise<void> {
    this.#looks++;
    this.#due = false;
    const waiting = [...this.#lookedT.keys()].filter((i) => this.#isWaiting(i));
    for (const i of waiting) this.#lookedT[i] = step.t;
    const flat = await this.#flat(this.#context.probing!, step, waiting);
    if (flat.length > 0) this.#tell(step.t, [...this.#found, ...flat]);
  }

  finish({ steps }: RunOutcome): void {
    this.#posted?.extendTo(steps);
  }

  #isWaiting(i: number): boolean {
    const { presence } = this.#context;
    return presence.zerosOf(i) >= this.#needed && this.#lookedT[i]! <= presence.lastAt(i);
  }

  #forgetWhatMoves(t: number): void {
    const { presence } = this.#context;
    const still = this.#found.filter((i) => presence.zerosOf(i) >= every);
    if (still.length < this.#found.length) this.#tell(t, still);
  }

  /** Those whose gradients are 0 with all of them moved up, and down. */
  async #flat({ objective, open }: Probing, step: StepView, indices: readonly number[]): Promise<number[]> {
    const grad = new Float64Array(step.before.length);
    let flat = [...indices];
    for (const sign of [1, -1]) {
      const point = step.before.slice();
      for (const i of indices) point[i]! += (sign * Math.max(1, Math.abs(point[i]!))) / 100;
      await objective.valueAndGradient(point, grad, open(step.t));
      flat = flat.filter((i) => grad[i] === 0);
    }
    return flat;
  }

  /** One finding for all of them. */
  #tell(t: number, found: readonly number[]): void {
    this.#found = found;
    if (found.length === 0) {
      this.#posted?.withdraw();
      this.#posted = null;
      return;
    }
    const report = this.#report(t, found);
    if (this.#posted) this.#posted.replace(report);
    else this.#posted = this.#context.board.post(report);
  }

  #report(t: number, found: readonly number[]): FindingReport {
    const { dim, nameOf, presence } = this.#context;
    const since = Math.min(...found.map((i) => presence.lastAt(i))) + 1;
    const had = found.filter((i) => presence.lastAt(i) > 0).length;
    const many = found.length > 1;
    const them = many ? 'them' : 'it';
    const why =
      had === 0
        ? `The loss does not use ${them}, or uses ${them} only where the derivative is 0 (rounding, comparison, a branch that is not taken).`
        : had === found.length
          ? `Earlier the gradient was not 0: ${many ? 'they have' : 'it has'} become inactive (a unit that is off for all samples, a max that another argument wins).`
          : `The loss does not use them, or they have become inactive (${had} of ${found.length} had a gradient earlier).`;
    return {
      code: 'zero-gradient',
      severity: isUsual(found.length, dim) ? 'info' : 'warning',
      headline: `The loss does not depend on ${namesInHeadline(nameOf, found)} near the current point.`,
      detail: `The gradient has been exactly 0 since step ${since}, and is also 0 slightly to either side. ${why}`,
      advice: `Check whether the loss should depend on ${them}, or remove ${them} from the parameters.`,
      steps: [since, t],
      coordinates: found,
      subject: found.length === dim && dim > 1 ? null : { kind: 'parameter', index: found[0]! },
      evidence: { count: found.length, since },
      fixes: [],
    };
  }
}

/** Of many parameters some may well be off: units of a network, words that never come. */
function isUsual(count: number, dim: number): boolean {
  return dim >= manyParameters && count < dim / 2;
}
