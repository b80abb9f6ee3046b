import type { RunConfig } from '../../config/runConfig';
import { phasesOf } from '../../phases';
import type { StepView } from '../../update';
import { clipFix, lrFix, smallerBeta2Fixes } from '../fixes';
import { baseLr, numberOption, option } from '../options';
import type { Rule, RuleContext } from '../rule';
import { CoordinateReader } from '../terms/coordinateReader';
import { inWords, roundToDigit } from '../words';

/** RMS_t from which v lags behind: Wortsman et al., figure 9. */
const lagging = 2.3;
/** Steps within which the jump follows. */
const horizon = 20;

/**
 * v lagged behind gradients that grew, and the loss jumped. Wortsman et al., arXiv:2304.13013, section 3.4:
 *
 *   RMS_t = √mean(g² / max(vHat, eps²)) ≥ 2.3, and a jump of the loss (`SpikeWatch`) 1 … 20 steps later
 *
 * RMS_t is 1 while gradients keep their size; far above 1 the steps are as long as if they were still small.
 *
 * Known false positives: few coordinates (the threshold was found on millions), where gradients of batches alone may
 * bring RMS_t there: then it takes a jump of the loss to be told.
 */
export class StaleSecondMomentRule implements Rule {
  readonly #context: RuleContext;
  readonly #reader: CoordinateReader;
  readonly #eps: number;
  #found = false;
  #lastT = Number.NEGATIVE_INFINITY;
  #lastRms = Number.NaN;
  #normBefore = Number.NaN;

  static for(context: RuleContext): StaleSecondMomentRule | null {
    return hasSecondMoment(context.config) ? new StaleSecondMomentRule(context) : null;
  }

  private constructor(context: RuleContext) {
    const { config } = context;
    this.#context = context;
    this.#reader = new CoordinateReader(config);
    this.#eps = numberOption(config.optimizer, 'eps') ?? 0;
  }

  onStep(step: StepView): void {
    if (this.#found) return;
    if (this.#context.spikes.begins && step.t - this.#lastT <= horizon) {
      this.#found = true;
      this.#tell(step);
      return;
    }
    const rms = this.#rmsOf(step);
    if (rms >= lagging && !(rms <= this.#lastRms && step.t - this.#lastT <= horizon)) {
      this.#lastT = step.t;
      this.#lastRms = rms;
    } else if (rms < lagging) this.#normBefore = step.gradNorm;
  }

  #rmsOf(step: StepView): number {
    const { formulas, ownGradient } = this.#reader.formulas(step);
    const { vHat } = formulas;
    if (!vHat) return 0;
    const least = this.#eps ** 2;
    let sum = 0;
    for (let i = 0; i < step.grad.length; i++) {
      const at = this.#reader.at(step, i);
      const g = ownGradient(at);
      if (g !== 0) sum += (g * g) / Math.max(vHat(at), least);
    }
    return Math.sqrt(sum / step.grad.length);
  }

  #tell({ t, loss }: StepView): void {
    const { board, config, spikes } = this.#context;
    const lr = baseLr(config);
    board.post({
      code: 'stale-second-moment',
      severity: 'warning',
      message:
        `Gradients had grown to ${inWords(this.#lastRms)} times what v expected at step ${this.#lastT}, and the loss ` +
        `jumped from ${inWords(spikes.middle)} to ${inWords(loss)} at step ${t}: v remembers small gradients for about ` +
        `${inWords(1 / (1 - (numberOption(config.optimizer, 'beta2') ?? 0)))} steps, and divides by them.`,
      steps: [this.#lastT, t],
      coordinates: [],
      subject: option('optimizer', 'beta2'),
      evidence: { rms: this.#lastRms, rmsStep: this.#lastT, loss, lossBefore: spikes.middle, lr },
      fixes: [
        ...smallerBeta2Fixes(config).slice(0, 2),
        lrFix(config, roundToDigit(lr / Math.max(2, this.#lastRms))),
        ...(config.clip === null && this.#normBefore > 0 ? [clipFix(2 * this.#normBefore)] : []),
      ],
    });
  }
}

function hasSecondMoment(config: RunConfig): boolean {
  return phasesOf(config).some(({ definition, options }) => definition.derived(options).vHat !== undefined);
}
