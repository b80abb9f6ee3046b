import { baseLr, isAdaptive, numberOption } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { amsgradFix, largerBeta2Fixes, optimizerFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { windowIn } from '../terms/shortRun';
import { anyOf, namesInHeadline } from '../words';

/** A value of abs(Σg)/√Σg² that random gradients practically never reach: 4 standard deviations. */
const clearly = 4;
/** Steps between two checks. The first one is at twice as many. */
const usualEvery = 50;

/**
 * The gradients are periodic, and a parameter moves against its mean gradient (Reddi et al.,
 * arXiv:1904.09237, section 3). For one coordinate, with sums over the run, in two checks 50 steps apart, from step 100 on
 * (in a run of fewer than 200 steps, a quarter of its steps, and from the middle on):
 *
 *   abs(Σg)/√Σg² ≥ 4     the mean gradient is significantly different from 0
 *   Σg (θ_t − θ_0) > 0    the coordinate moved in the direction of increasing loss
 *
 * The update of a rare large gradient is divided by a large √v. When the many small gradients follow, v has
 * decayed, so their updates outweigh it. This needs a loss that takes its second argument, and an optimizer
 * whose v decays (not AdaGrad). Not checked with mini-batches, whose gradients keep v large.
 *
 * Known false positive: a coordinate that follows another one, against its mean gradient over the run but
 * along its current gradient.
 */
export class CyclicGradientRule implements Rule {
  readonly #context: RuleContext;
  readonly #every: number;
  /** The option for the decay of v. */
  readonly #decay: string;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  readonly #start: Float64Array;
  #streak = 0;
  #posted: Posted | null = null;

  static for(context: RuleContext): CyclicGradientRule | null {
    const { config, isContextual, stepsPerEpoch } = context;
    const decay = ['beta2', 'alpha'].find((name) => numberOption(config.optimizer, name) !== undefined);
    return isContextual && stepsPerEpoch === 1 && isAdaptive(config) && decay !== undefined
      ? new CyclicGradientRule(context, decay)
      : null;
  }

  private constructor(context: RuleContext, decay: string) {
    this.#context = context;
    this.#every = windowIn(context.config.steps, usualEvery);
    this.#decay = decay;
    this.#sum = new Float64Array(context.dim);
    this.#squares = new Float64Array(context.dim);
    this.#start = new Float64Array(context.dim);
  }

  onStep({ t, grad, before, params }: StepView): void {
    if (t === 1) this.#start.set(before);
    const [sum, squares] = [this.#sum, this.#squares];
    for (let i = 0; i < grad.length; i++) {
      const g = grad[i]!;
      sum[i]! += g;
      squares[i]! += g * g;
    }
    if (t < 2 * this.#every || t % this.#every !== 0) return;
    const uphill = this.#uphill(params);
    this.#streak = uphill.length > 0 ? this.#streak + 1 : 0;
    if (this.#streak === 0) {
      this.#posted?.withdraw();
      this.#posted = null;
    } else if (this.#posted) this.#posted.extendTo(t);
    else if (this.#streak > 1) this.#posted = this.#context.board.post(this.#report(t, uphill, params));
  }

  finish({ steps, final }: RunOutcome): void {
    if (!this.#posted) return;
    if (this.#uphill(final.params).length > 0) this.#posted.extendTo(steps);
    else this.#posted.withdraw();
  }

  #uphill(params: Float64Array): number[] {
    return [...this.#sum.keys()].filter(
      (i) => this.#strength(i) >= clearly && this.#sum[i]! * (params[i]! - this.#start[i]!) > 0,
    );
  }

  #strength(i: number): number {
    return Math.abs(this.#sum[i]!) / Math.sqrt(this.#squares[i]!);
  }

  #report(t: number, uphill: readonly number[], params: Float64Array): FindingReport {
    const { config, nameOf, words } = this.#context;
    const [i] = uphill as [number];
    const moved = params[i]! - this.#start[i]!;
    const mean = this.#sum[i]! / t;
    return {
      code: 'cyclic-gradient',
      severity: 'warning',
      headline: words.say`Cyclic gradients drive ${namesInHeadline(nameOf, uphill)} uphill.`,
      detail:
        words.say`By step ${t} the mean gradient of ${nameOf(i)} is ${words.value(mean)}, but ${nameOf(i)} moved by ${formatNumber(moved)}, in the direction of increasing loss. ` +
        'Rare large gradients are divided by a large sqrt(v), but the many small ' +
        'ones are divided by a sqrt(v) that has decayed. The many small gradients outweigh the few large ones.',
      advice: anyOf(
        config.optimizer.amsgrad === false && 'use amsgrad',
        `increase ${this.#decay}`,
        'use sgd',
      ),
      steps: [1, t],
      coordinates: uphill,
      subject: option('optimizer', this.#decay),
      evidence: { meanGradient: mean, moved, strength: this.#strength(i) },
      fixes: [
        ...amsgradFix(config),
        ...largerBeta2Fixes(config).slice(-1),
        optimizerFix('sgd', baseLr(config)),
      ],
    };
  }
}
