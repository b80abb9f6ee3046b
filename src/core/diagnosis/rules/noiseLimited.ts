import { allowance } from '../../gradient/allowance';
import { formatNumber } from '../../numerics/format';
import { seededRandom, shuffle } from '../../numerics/random';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { batchFix, cosineFix } from '../fixes';
import { affordableEvery, type Probe, type Probing } from '../probes/probe';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
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
/** The number of the last gradients over many samples that are averaged, and the fewest of them. */
const mostWhole = 5;
const fewestWhole = 3;
/** So many batches: their noise is then a third of what is compared with the gradient, and known. */
const batchesInWhole = 32;
/** The random stream of the samples, if not all are taken. */
const sampleStream = 0x5a3e;

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
 * Parameters that wander around a minimum have gradients of changing directions, so ḡ is smaller than they are: the condition is necessary
 * only. Then the gradient g over M samples, all of them or those of 32 batches, is evaluated at three to five measurements, and the
 * same must hold for the mean of
 *
 *   G² = ‖g‖² − (S/M)(1 − M/N)
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
  #isOff = false;
  /** The samples of a gradient that is compared with the noise. */
  readonly #many: readonly number[];
  /** How many such gradients may still be evaluated. */
  #wholeLeft: number;
  /** How many are averaged before the first decision. */
  readonly #fewest: number;
  #nextWhole = 0;
  /** The steps and the squared norms of the last of them. */
  #whole: { readonly t: number; readonly size: number }[] = [];
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
    const { samples, batch, seed, steps } = context.config;
    const all = Array.from({ length: samples! }, (_, i) => i);
    const count = batchesInWhole * batch!;
    if (count < samples!) shuffle(all, seededRandom(seed, sampleStream));
    this.#many = all.slice(0, count);
    this.#wholeLeft = Math.floor((allowance(steps, context.dim) * batch!) / this.#many.length);
    this.#fewest = Math.max(fewestWhole, Math.min(mostWhole, this.#wholeLeft));
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
    else if (this.#take(2 * half, scale, a, b)) await this.#lookAtMany(step, 2 * half, scale);
  }

  /** Whether the halves of batches suggest that the noise is much larger. */
  #take(batch: number, scale: number, a: Float64Array, b: Float64Array): boolean {
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
    if (!Number.isFinite(this.#noise) || this.#looks < looksAtLeast) return false;
    const isNoise = this.#noise > 0 && this.#noise > far * batch * Math.max(0, this.#signal);
    this.#streak = isNoise ? this.#streak + 1 : 0;
    return this.#streak >= inARow;
  }

  /** S, the variance of the gradient of one sample: the running mean without the weight of its start at 0. */
  get #variance(): number {
    return this.#noise / (1 - decay ** this.#looks);
  }

  /** Compares the noise with the gradient over many samples. */
  async #lookAtMany({ t, before }: StepView, batch: number, scale: number): Promise<void> {
    if (t < this.#nextWhole) {
      this.#posted?.extendTo(t);
      return;
    }
    if (this.#wholeLeft + this.#whole.length < this.#fewest || this.#wholeLeft === 0) return;
    this.#wholeLeft--;
    const { objective, open } = this.#probing;
    const many = this.#many.length;
    const grad = new Float64Array(objective.dim);
    await objective.valueAndGradient(before, grad, open(t, this.#many));
    // A loss that is a sum has the gradient of so many samples.
    const share = scale === 1 ? 1 : batch / many;
    const own = (this.#variance / many) * (1 - many / this.#context.config.samples!);
    const size = grad.reduce((sum, each) => sum + (share * each) ** 2, 0) - own;
    if (!Number.isFinite(size)) return;
    this.#whole = [...this.#whole, { t, size }].slice(-mostWhole);
    if (this.#whole.length < this.#fewest) return;
    // What is known lasts for a while.
    if (this.#whole.length === mostWhole) this.#nextWhole = nextUpdateAfter(t);
    const mean = this.#whole.reduce((sum, each) => sum + each.size / this.#whole.length, 0);
    if (!(this.#variance > far * batch * mean)) {
      this.#whole = [];
      return;
    }
    if (this.#posted) this.#posted.replace(this.#report(t, mean));
    else this.#posted = this.#context.board.post(this.#report(t, mean));
  }

  #report(t: number, signal: number): FindingReport {
    const { config } = this.#context;
    // The probe omits a sample of an odd batch.
    const batch = config.batch!;
    const from = this.#posted?.report.steps[0] ?? this.#whole[0]!.t;
    const critical = (size: number) => equalSize(this.#variance / Math.max(0, size), config.samples);
    const sizes = this.#whole.map(({ size }) => critical(size)).sort((one, other) => one - other);
    return {
      code: 'noise-limited',
      severity: 'info',
      headline: 'Mini-batch noise is much larger than the gradient.',
      detail:
        `Since step ${from}, the step direction is dominated by mini-batch noise. By the gradients over ${this.#many.length} samples at ` +
        `${sizes.length} of these steps, both would have equal size at batch sizes of about ${formatNumber(sizes[0]!)} to ${formatNumber(sizes.at(-1)!)}. ` +
        `The batch size is ${batch}.`,
      advice: anyOf('increase the batch size', config.schedule === null ? 'decay lr' : 'decrease lr'),
      steps: [from, t],
      coordinates: [],
      subject: option('batch'),
      evidence: { noise: this.#variance, signal, criticalBatch: critical(signal), batch },
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
