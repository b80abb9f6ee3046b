import type { StepView } from '../../update';
import type { Posted, Report } from '../board';
import type { Probe, Probing } from '../probes/probe';
import type { Rule, RuleContext } from '../rule';
import { coordinateNames } from '../words';

const stepsAtLeast = 20;
/** Steps from one look at the gradients that are gone to the next. */
const every = 10;
/** One by one, at most so many are looked at in one look. */
const oneByOne = 16;
/** Looks at most: each takes some gradients. */
const looksAtMost = 20;

/**
 * The loss does not depend on a coordinate: its gradient is exactly 0
 *
 *   for max(20, stepsPerEpoch) steps in a row, and at theta ± h e_i, h = max(1, abs(theta_i))/100
 *
 * so that an axis of symmetry, where the gradient vanishes but not beside it, is none. A coordinate that had a gradient
 * and lost it is told of only while others still have one: else the run has arrived on a flat floor.
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
  #posted: Posted | null = null;

  constructor(context: RuleContext) {
    const { dim, stepsPerEpoch, probing } = context;
    this.#context = context;
    this.#needed = Math.max(stepsAtLeast, stepsPerEpoch);
    this.#lookedT = new Int32Array(dim);
    this.probe = probing && this;
  }

  onStep({ t, gradNorm }: StepView): void {
    this.#due = false;
    if (t % every !== 0 || this.#looks >= looksAtMost) return;
    const { presence } = this.#context;
    for (let i = 0; i < presence.length && !this.#due; i++)
      this.#due = this.#isWaiting(i) && (gradNorm > 0 || presence.lastAt(i) === 0);
  }

  #isWaiting(i: number): boolean {
    const { presence } = this.#context;
    return presence.zerosOf(i) >= this.#needed && this.#lookedT[i]! <= presence.lastAt(i) && !this.#isTold(i);
  }

  #isTold(i: number): boolean {
    return this.#posted?.report.coordinates.includes(i) ?? false;
  }

  isDue(): boolean {
    return this.#due;
  }

  async look(step: StepView): Promise<void> {
    this.#looks++;
    this.#due = false;
    const waiting = [...this.#lookedT.keys()].filter((i) => this.#isWaiting(i));
    for (const i of waiting) this.#lookedT[i] = step.t;
    const { probing } = this.#context;
    const found = (await this.#areFlat(probing!, step, waiting))
      ? waiting
      : await this.#eachFlat(probing!, step, waiting.slice(0, oneByOne));
    if (found.length > 0) this.#tell(step, found);
  }

  async #eachFlat(probing: Probing, step: StepView, waiting: readonly number[]): Promise<number[]> {
    const found: number[] = [];
    for (const i of waiting) if (await this.#areFlat(probing, step, [i])) found.push(i);
    return found;
  }

  /** Whether their gradients are 0 with all of them moved up, and down. */
  async #areFlat({ objective, open }: Probing, step: StepView, indices: readonly number[]): Promise<boolean> {
    const grad = new Float64Array(step.before.length);
    for (const sign of [1, -1]) {
      const point = step.before.slice();
      for (const i of indices) point[i]! += (sign * Math.max(1, Math.abs(point[i]!))) / 100;
      await objective.valueAndGradient(point, grad, open(step.t));
      if (indices.some((i) => grad[i] !== 0)) return false;
    }
    return true;
  }

  /** One finding for all of them. */
  #tell({ t }: StepView, more: readonly number[]): void {
    const { board, config, presence } = this.#context;
    const old = this.#posted?.report;
    const found = [...new Set([...(old?.coordinates ?? []), ...more])];
    const since = Math.min(old?.steps[0] ?? t, Math.max(...more.map((i) => presence.lastAt(i))) + 1);
    const neverHad = found.every((i) => presence.lastAt(i) === 0);
    const many = found.length > 1;
    const report: Report = {
      code: 'zero-gradient',
      severity: 'warning',
      message:
        `The gradient of ${coordinateNames(config, found)} has been exactly 0 since step ${since}, and is 0 a little to ` +
        `either side too: ${many ? 'they do' : 'it does'} not move. ` +
        (neverHad
          ? 'The loss does not use it, or uses it where it makes no difference (rounded, compared, behind a max or a ' +
            'branch not taken).'
          : 'It counted before: the loss has left it behind (a unit that is off for all samples, a max that something ' +
            'else wins).'),
      steps: [since, t],
      coordinates: found,
      subject: { kind: 'parameter', index: found[0]! },
      evidence: { count: found.length, since },
      fixes: [],
    };
    if (this.#posted) this.#posted.replace(report);
    else this.#posted = board.post(report);
  }
}
