import type { StepView } from '../../update';
import type { Posted, Report } from '../board';
import type { Probe, Probing } from '../probes/probe';
import type { Rule, RuleContext } from '../rule';
import { coordinateNames } from '../words';

const stepsAtLeast = 20;
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
  /** Steps in a row without a gradient. */
  readonly #zeros: Int32Array;
  readonly #everMoved: Uint8Array;
  /** Coordinates that were looked at, whatever came of it, until their gradient returns. */
  readonly #looked: Uint8Array;
  #looks = 0;
  #due = false;
  #posted: Posted | null = null;

  constructor(context: RuleContext) {
    const { dim, stepsPerEpoch, probing } = context;
    this.#context = context;
    this.#needed = Math.max(stepsAtLeast, stepsPerEpoch);
    this.#zeros = new Int32Array(dim);
    this.#everMoved = new Uint8Array(dim);
    this.#looked = new Uint8Array(dim);
    this.probe = probing && this;
  }

  onStep({ grad, gradNorm }: StepView): void {
    const zeros = this.#zeros;
    let due = false;
    for (let i = 0; i < zeros.length; i++) {
      if (grad[i] !== 0) {
        zeros[i] = 0;
        this.#everMoved[i] = 1;
        this.#looked[i] = 0;
      } else if (++zeros[i]! >= this.#needed && this.#looked[i] === 0) {
        due ||= gradNorm > 0 || this.#everMoved[i] === 0;
      }
    }
    this.#due = due && this.#looks < looksAtMost;
  }

  isDue(): boolean {
    return this.#due;
  }

  async look(step: StepView): Promise<void> {
    this.#looks++;
    const waiting = [...this.#zeros.keys()].filter(
      (i) => this.#zeros[i]! >= this.#needed && this.#looked[i] === 0,
    );
    for (const i of waiting) this.#looked[i] = 1;
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
    const { board, config } = this.#context;
    const old = this.#posted?.report;
    const found = [...new Set([...(old?.coordinates ?? []), ...more])];
    const since = Math.min(old?.steps[0] ?? t, t - Math.min(...more.map((i) => this.#zeros[i]!)) + 1);
    const neverHad = found.every((i) => this.#everMoved[i] === 0);
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
