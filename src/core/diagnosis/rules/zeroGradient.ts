import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import type { Probe, Probing } from '../probes/probe';
import type { Rule, RuleContext } from '../rule';
import { namesInHeadline } from '../words';

const stepsAtLeast = 20;
/** Steps between two checks of the coordinates whose gradient is 0. */
const every = 10;
/** With at least this many parameters the severity is `info` if less than half of them have no gradient. */
const manyParameters = 10;
/** The largest number of checks. Each check needs two gradients. */
const looksAtMost = 50;

/**
 * The loss does not depend on a coordinate: its gradient is exactly 0
 *
 *   for max(20, 2 stepsPerEpoch) consecutive steps (a sample may be the first of one epoch and the last of the next), and
 *   at theta ± h Σ e_j, h = max(1, abs(theta_j))/100, with the sum over all coordinates j without a gradient
 *
 * The second condition excludes an axis of symmetry, where the gradient is 0 only on the axis, and a product
 * of two factors that are both 0. A coordinate that had a gradient before is reported only while others still
 * have one; otherwise the run has reached a flat region. A coordinate whose gradient returns is removed from
 * the finding.
 *
 * The severity is `info` if there are ten or more parameters and less than half of them have no gradient.
 *
 * Known false positive: a coordinate that affects the loss only far from the current parameters (an inactive
 * penalty).
 */
export class ZeroGradientRule implements Rule, Probe {
  readonly probe: Probe | null;
  readonly #context: RuleContext;
  readonly #needed: number;
  /**
   * The step of the last check of each coordinate; 0: never. It is checked again only after its gradient has
   * returned.
   */
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

  onStep({ t, loss, gradNorm }: StepView): void {
    this.#due = false;
    // The gradient of a loss that is not finite says nothing about the loss.
    if (t % every !== 0 || !Number.isFinite(loss)) return;
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
    if (flat.length > 0) this.#reportAll(step.t, [...this.#found, ...flat]);
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
    if (still.length < this.#found.length) this.#reportAll(t, still);
  }

  /** The coordinates whose gradient stays 0 when all of them are moved by h in both directions. */
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

  /** Reports one finding for all coordinates without a gradient. */
  #reportAll(t: number, found: readonly number[]): void {
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
    const starts = found.map((i) => presence.lastAt(i) + 1);
    const [since, latest] = [Math.min(...starts), Math.max(...starts)];
    const when = since === latest ? `since step ${since}` : `since steps ${since} to ${latest}`;
    const had = found.filter((i) => presence.lastAt(i) > 0).length;
    const many = found.length > 1;
    const them = many ? 'them' : 'it';
    const why =
      had === 0
        ? `The loss does not use ${them}, or uses ${them} only in code with derivative 0 (rounding, comparison, a branch that is not taken).`
        : had === found.length
          ? `Earlier the gradient was not 0: the ${many ? 'parameters have' : 'parameter has'} become inactive (a unit that is off for all samples, a max that returns another argument).`
          : `The loss does not use them, or they have become inactive (${had} of ${found.length} had a gradient earlier).`;
    return {
      code: 'zero-gradient',
      severity: isUsual(found.length, dim) ? 'info' : 'warning',
      headline: `The loss does not depend on ${namesInHeadline(nameOf, found)} near the current point.`,
      detail: `The gradient has been exactly 0 ${when}, and it is also 0 at points slightly to either side. ${why}`,
      advice: `Check whether the loss should depend on ${them}, or remove ${them} from the parameters.`,
      steps: [since, t],
      coordinates: found,
      subject: found.length === dim && dim > 1 ? null : { kind: 'parameter', index: found[0]! },
      evidence: { count: found.length, since },
      fixes: [],
    };
  }
}

/**
 * With many parameters it is normal that some have no gradient: inactive units of a network, words that never
 * occur.
 */
function isUsual(count: number, dim: number): boolean {
  return dim >= manyParameters && count < dim / 2;
}
