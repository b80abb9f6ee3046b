import { formatNumber } from '../../numerics/format';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { batchFix, cosineFix } from '../fixes';
import { affordableEvery, type Probe, type Probing } from '../probes/probe';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { anyOf } from '../words';

/** The noise is reported from this ratio of S/G² to the batch size. */
const far = 10;
/** Decay of the running means of S and G². */
const decay = 0.98;
/**
 * Decay d of the mean gradient: it averages about nine measurements, and has (1 − d)/(1 + d) of the variance
 * of one.
 */
const meanDecay = 0.8;
/**
 * The number of measurements before the first decision, and the number of consecutive measurements that must
 * agree.
 */
const looksAtLeast = 30;
const inARow = 3;

/**
 * The mini-batch noise is much larger than the gradient (McCandlish et al., arXiv:1812.06162). From the
 * gradients g_a, g_b of the two halves of a batch:
 *
 *   S = B ‖g_a − g_b‖²/4      G² = ‖ḡ‖² − S/(9B)      both averaged over the measurements
 *   S/G² > 10 B,  or G² ≤ 0
 *
 * where ḡ is the mean of (g_a + g_b)/2 over about nine measurements. In a single measurement S/B would be
 * much larger than G².
 *
 * S/G² is the batch size at which noise and gradient have the same size. If the gradient of the whole batch
 * is g_a + g_b, the loss is the sum over its samples and is scaled to the mean; a loss that is neither sum
 * nor mean is not measured.
 *
 * With a constant learning rate every run is limited by noise in the end; therefore the severity is `info`.
 */
export class NoiseLimitedRule implements Rule, Probe {
  readonly probe = this;
  readonly #probing: Probing;
  readonly #context: RuleContext;
  readonly #every: number;
  #next = 1;
  #looks = 0;
  readonly #mean: Float64Array;
  #noise = 0;
  #signal = 0;
  #streak = 0;
  #from = 0;
  #isOff = false;
  #posted: Posted | null = null;

  static for(context: RuleContext): NoiseLimitedRule | null {
    const { config, probing, stepsPerEpoch } = context;
    return probing && stepsPerEpoch > 1 && (config.batch ?? 0) >= 2
      ? new NoiseLimitedRule(context, probing)
      : null;
  }

  private constructor(context: RuleContext, probing: Probing) {
    this.#context = context;
    this.#probing = probing;
    this.#mean = new Float64Array(context.dim);
    this.#every = affordableEvery(context.config.steps, context.dim, 2);
  }

  isDue({ t }: StepView): boolean {
    return t >= this.#next && !this.#isOff;
  }

  async look(step: StepView): Promise<void> {
    const { t } = step;
    this.#next = t + this.#every;
    const { objective, open, indicesOf } = this.#probing;
    const indices = indicesOf(t);
    const half = indices.length >> 1;
    // The last batch of an epoch may be smaller.
    if (half === 0 || indices.length !== this.#context.config.batch) return;
    const a = new Float64Array(objective.dim);
    const b = new Float64Array(objective.dim);
    const whole = new Float64Array(objective.dim);
    const evaluate = (grad: Float64Array, from: number, to: number) =>
      objective.valueAndGradient(step.before, grad, open(t, indices.slice(from, to)));
    // If the batch size is odd, the last sample is omitted.
    await evaluate(whole, 0, 2 * half);
    await evaluate(a, 0, half);
    await evaluate(b, half, 2 * half);
    const scale = scaleOf(whole, a, b);
    if (scale === null) this.#isOff = true;
    else this.#take(t, 2 * half, scale, a, b);
  }

  #take(t: number, batch: number, scale: number, a: Float64Array, b: Float64Array): void {
    const mean = this.#mean;
    const settled = 1 - meanDecay ** (this.#looks + 1);
    let difference = 0;
    let size = 0;
    for (let i = 0; i < a.length; i++) {
      difference += (scale * (a[i]! - b[i]!)) ** 2;
      mean[i] = meanDecay * mean[i]! + ((1 - meanDecay) * scale * (a[i]! + b[i]!)) / 2;
      size += (mean[i]! / settled) ** 2;
    }
    const noise = (batch * difference) / 4;
    this.#noise = decay * this.#noise + (1 - decay) * noise;
    // The variance of the mean gradient, from the running mean of S, which is more accurate than the current
    // value.
    const own =
      ((1 - meanDecay) / (1 + meanDecay)) * (this.#noise / (1 - decay ** (this.#looks + 1)) / batch);
    this.#signal = decay * this.#signal + (1 - decay) * (size - own);
    this.#looks++;
    if (!Number.isFinite(this.#noise) || this.#looks < looksAtLeast) return;
    const isNoise = this.#noise > 0 && this.#noise > far * batch * Math.max(0, this.#signal);
    if (!isNoise) {
      this.#streak = 0;
      return;
    }
    if (this.#streak++ === 0) this.#from = t;
    if (this.#streak < inARow) return;
    if (this.#posted) this.#posted.extendTo(t);
    else this.#posted = this.#context.board.post(this.#report(t));
  }

  #report(t: number): FindingReport {
    const { config } = this.#context;
    // The probe omits a sample of an odd batch.
    const batch = config.batch!;
    const scale = this.#noise / Math.max(0, this.#signal);
    const critical = Number.isFinite(scale) ? equalSize(scale, config.samples) : scale;
    const size = Number.isFinite(critical)
      ? `Noise and gradient would have equal size at a batch size of about ${formatNumber(critical)}; the batch size is ${batch}.`
      : `In ${this.#looks} measurements, no gradient was distinguishable from the noise at a batch size of ${batch}.`;
    return {
      code: 'noise-limited',
      severity: 'info',
      headline: 'Mini-batch noise is much larger than the gradient.',
      detail: `Since step ${this.#from}, the step direction is dominated by mini-batch noise. ${size}`,
      advice: anyOf('increase the batch size', config.schedule === null ? 'decay lr' : 'decrease lr'),
      steps: [this.#from, t],
      coordinates: [],
      subject: option('batch'),
      evidence: { noise: this.#noise, signal: this.#signal, criticalBatch: critical, batch },
      fixes: [
        ...(config.samples !== null ? [batchFix(Math.min(config.samples, 4 * batch), config)] : []),
        ...(config.schedule === null ? [cosineFix(config)] : []),
      ],
    };
  }
}

/**
 * The batch size B at which noise and gradient have the same size: S/B = G², or (S/B)(1 − B/N) = G² for batches that are drawn
 * without replacement from N samples, which have no noise at B = N.
 *
 * @param scale  S/G²
 */
function equalSize(scale: number, samples: number | null): number {
  return samples === null ? scale : 1 / (1 / scale + 1 / samples);
}

/**
 * 1 if the loss is the mean over its samples. 2 if it is the sum: half a batch then gives half the gradient.
 * null if neither.
 */
function scaleOf(whole: Float64Array, a: Float64Array, b: Float64Array): number | null {
  let size = 0;
  let fromMean = 0;
  let fromSum = 0;
  for (let i = 0; i < whole.length; i++) {
    const sum = a[i]! + b[i]!;
    size += whole[i]! ** 2;
    fromMean += (whole[i]! - sum / 2) ** 2;
    fromSum += (whole[i]! - sum) ** 2;
  }
  if (fromMean <= 1e-4 * size) return 1;
  return fromSum <= 1e-4 * size ? 2 : null;
}
