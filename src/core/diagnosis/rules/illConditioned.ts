import { isAdaptive, numberOption } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import type { StepView } from '../../update';
import type { FindingReport, Posted } from '../board';
import { momentumFix } from '../fixes';
import type { StabilitySample } from '../probes/stabilityGauge';
import type { Rule, RuleContext } from '../rule';
import { anyOf, leading, namesInWords } from '../words';

/** Ratio of curvatures from which it is told at all. */
const spread = 1000;
/** Samples in a row. */
const inARow = 3;
/** Below this share of the largest, a curvature is not told from 0 by differences: ε^⅔, and room. */
const resolution = 1e-9;

/**
 * Curvatures differ by far more than the optimizer evens out, so that the run is too short for them: in three samples in
 * a row
 *
 *   λmax/λmin of P⁻¹H ≥ max(1000, 10 N),   λmin > 1e-9 λmax
 *
 * The largest stable step is set by λmax, and shrinks the distance along the flattest direction by a factor of
 * 1 − 2λmin/λmax: N steps then close less than a
 * fifth of it. Only a diagonal P is at hand: what is tilted against the axes it
 * cannot even out. Directions without any curvature do not count. Beyond 8 coordinates λmin is an upper estimate, so that
 * a spread is seen late, not falsely. Withdrawn where the run converges all the same.
 */
export class IllConditionedRule implements Rule {
  readonly #context: RuleContext;
  readonly #spread: number;
  #streak = 0;
  #from = 0;
  #posted: Posted | null = null;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#spread = Math.max(spread, 10 * context.config.steps);
  }

  onSample(sample: StabilitySample, { t }: StepView): void {
    const { largest, smallest } = sample;
    // Where nothing but eps divides, rounding of the gradient looks like curvature.
    if (leading(sample.flattest).some((i) => this.#isDead(i))) return;
    const isSpread = smallest > resolution * largest && largest >= this.#spread * smallest;
    if (!isSpread) {
      this.#streak = 0;
      return;
    }
    if (this.#streak++ === 0) this.#from = t;
    if (this.#streak < inARow) return;
    if (this.#posted) this.#posted.extendTo(t);
    else this.#posted = this.#context.board.post(this.#report(sample));
  }

  #isDead(i: number): boolean {
    const { presence, stepsPerEpoch } = this.#context;
    return presence.zerosOf(i) >= stepsPerEpoch;
  }

  finish(): void {
    if (this.#context.board.has('plateau', 'converged')) this.#posted?.withdraw();
  }

  #report({ t, largest, smallest, flattest }: StabilitySample): FindingReport {
    const { config, nameOf } = this.#context;
    const coordinates = leading(flattest);
    const condition = largest / smallest;
    const what = isAdaptive(config)
      ? 'even with the diagonal preconditioner of the optimizer'
      : 'and gradient descent uses one step size for all directions';
    return {
      code: 'ill-conditioned',
      severity: 'info',
      headline: 'The curvature differs too much between directions for this number of steps.',
      detail:
        `The largest curvature is ${formatNumber(condition)} times the smallest, ${what}. Along the flattest direction, mostly ` +
        `${namesInWords(nameOf, coordinates)}, the longest stable step covers ${formatNumber(200 / condition)} % of the distance.`,
      advice: anyOf(
        'standardize the inputs',
        'reparametrize the loss',
        numberOption(config.optimizer, 'momentum') === 0 && 'add momentum',
      ),
      steps: [this.#from, t],
      coordinates,
      subject: null,
      evidence: { condition, largest, smallest },
      fixes: numberOption(config.optimizer, 'momentum') === 0 ? [momentumFix(0.9)] : [],
    };
  }
}
