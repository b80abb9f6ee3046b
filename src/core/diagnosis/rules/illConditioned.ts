import { isAdaptive, numberOption } from '../../config/readOptions';
import type { RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import { norm2 } from '../../numerics/norms';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { momentumFix } from '../fixes';
import type { StabilitySample } from '../probes/stabilityGauge';
import type { Rule, RuleContext } from '../rule';
import { anyOf, leading, namesInWords } from '../words';

/** The smallest ratio of curvatures that is reported. */
const spread = 1000;
/** The longest stable steps of the run leave at least this share of the gradient along the flattest direction. */
const leastLeft = 0.1;
/**
 * A direction with a smaller share of the gradient is no way to a lower loss: a symmetry of the loss, as a rotation, has neither slope nor
 * curvature.
 */
const slope = 0.01;
/** The number of consecutive samples in which the condition must hold. */
const inARow = 3;
/**
 * Finite differences cannot distinguish a curvature below this share of the largest from 0: ε^⅔ with a
 * margin.
 */
const resolution = 1e-9;

/**
 * The curvatures of the preconditioned loss differ so much that the run is too short to converge in the
 * flattest direction. Condition, in three consecutive samples:
 *
 *   λmax/λmin of P⁻¹H ≥ 1000,   r ≤ ln(10)/N,   λmin > 1e-9 λmax,   abs(g·d) ≥ ‖g‖/100 along the flattest direction d, ‖d‖ = 1
 *
 * r = c L λmin/λmax: λmax and the stability limit L of the optimizer determine the longest stable step, which multiplies the
 * distance along the flattest direction by 1 − r. c is the accumulation of the momentum, 1/(1 − μ) for the heavy ball. So N
 * steps leave more than a tenth of the gradient there. An optimizer without a limit has no longest stable step, and no finding. The
 * preconditioner P is diagonal: it cannot
 * equalize curvatures along directions that are not parallel to the axes. Directions without curvature are
 * not considered. With more than 8 coordinates λmin is an upper estimate, and its direction one among the flat ones, so the finding
 * may come late but is not false. It is withdrawn if the run converges nevertheless, if the unit of a parameter is the cause, if the
 * run ended in a flat region, or if there is no minimum.
 *
 * Known miss: with mini-batches nothing is reported. A sample is measured on one batch, and the curvatures of a batch of few samples
 * differ much more than those of all.
 */
export class IllConditionedRule implements Rule {
  readonly #context: RuleContext;
  /** The largest r that is reported. */
  readonly #slow: number;
  #streak = 0;
  #from = 0;
  #posted: Posted | null = null;

  static for(context: RuleContext): IllConditionedRule | null {
    return context.stepsPerEpoch > 1 ? null : new IllConditionedRule(context);
  }

  private constructor(context: RuleContext) {
    this.#context = context;
    this.#slow = Math.log(1 / leastLeft) / context.config.steps;
  }

  onSample(sample: StabilitySample, { t, grad }: StepView): void {
    const { largest, smallest, longestReduction, flattest } = sample;
    const along = Math.abs(flattest.reduce((sum, d, i) => sum + d * grad[i]!, 0));
    // If the preconditioner is only eps, rounding errors of the gradient look like curvature.
    if (leading(flattest).some((i) => grad[i] === 0)) return;
    const isSpread =
      smallest > resolution * largest &&
      largest >= spread * smallest &&
      longestReduction <= this.#slow &&
      along >= slope * norm2(grad);
    if (!isSpread) {
      this.#streak = 0;
      return;
    }
    if (this.#streak++ === 0) this.#from = t;
    if (this.#streak < inARow) return;
    if (this.#posted) this.#posted.extendTo(t);
    else this.#posted = this.#context.board.post(this.#report(sample));
  }

  finish(_: RunOutcome, end: RunEnd | null): void {
    const { board } = this.#context;
    // The level floor of a valley is no slow direction: the curvature along it is that of rounding errors.
    const isLevel = end?.lowerElsewhere?.kind === 'beyond-flat';
    const isExplained = board.has('plateau', 'converged') || board.has('poor-scaling');
    // So is the curvature where terms cancel.
    const isRounding = board.has('precision-loss', 'cancellation');
    if (isLevel || isExplained || isRounding || board.has('unbounded-loss')) this.#posted?.withdraw();
  }

  #report({ t, largest, smallest, longestReduction, flattest, isWhole }: StabilitySample): FindingReport {
    const { config, nameOf, words } = this.#context;
    const coordinates = leading(flattest);
    const condition = largest / smallest;
    const what = isAdaptive(config)
      ? 'even with the diagonal preconditioner of the optimizer'
      : config.groups
        ? 'even with the learning rates of the parameter groups'
        : words.say`and gradient descent uses one step size for all directions`;
    return {
      code: 'ill-conditioned',
      severity: 'info',
      headline: 'The curvature differs too much between directions for this number of steps.',
      detail:
        `The largest curvature is ${isWhole ? '' : 'at least '}${formatNumber(condition)} times the smallest, ${what}. ` +
        `Along ${isWhole ? 'the flattest' : 'a flat'} direction, mostly ` +
        `${namesInWords(nameOf, coordinates)}, the longest stable step reduces the gradient by ${formatNumber(100 * longestReduction, 2)} %.`,
      advice: anyOf(
        'standardize the inputs',
        words.say`reparametrize the loss`,
        numberOption(config.optimizer, 'momentum') === 0 && 'add momentum',
      ),
      steps: [this.#from, t],
      coordinates,
      subject: null,
      evidence: { condition, largest, smallest, longestReduction },
      fixes: numberOption(config.optimizer, 'momentum') === 0 ? [momentumFix(0.9)] : [],
    };
  }
}
