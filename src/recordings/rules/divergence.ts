import { formatNumber } from '../../core/numerics/format';
import type { RecordedReport, RecordedStep, RecordingRule } from './rule';

const atStart = 10;
const recent = 10;
/** The rise that counts, relative to the largest loss at the start and its fluctuation. */
const factor = 10;

/**
 * All of the last 10 recorded losses are far above the first 10:
 *
 *   min(last 10) > max(first 10) + 10 max(abs(max(first 10)), max(first 10) − min(first 10))
 *
 * so that neither the noise of mini-batches nor a single spike suffices.
 */
export class Divergence implements RecordingRule {
  readonly #start: number[] = [];
  readonly #recent: { readonly t: number; readonly loss: number }[] = [];
  #best = { t: 0, loss: Number.POSITIVE_INFINITY };
  #found: RecordedReport | null = null;

  take({ t, loss }: RecordedStep): void {
    if (loss === null || !Number.isFinite(loss)) return;
    if (loss < this.#best.loss) this.#best = { t, loss };
    if (this.#start.length < atStart) {
      this.#start.push(loss);
      return;
    }
    this.#recent.push({ t, loss });
    if (this.#recent.length > recent) this.#recent.shift();
    if (this.#recent.length === recent) this.#check();
  }

  #check(): void {
    const highest = Math.max(...this.#start);
    const range = highest - Math.min(...this.#start);
    const lowest = Math.min(...this.#recent.map(({ loss }) => loss));
    const isFar = lowest > highest + factor * Math.max(Math.abs(highest), range);
    if (!isFar) {
      this.#found = null;
      return;
    }
    const last = this.#recent.at(-1)!;
    const since = this.#found?.steps[0] ?? this.#recent[0]!.t;
    this.#found = {
      code: 'divergence',
      severity: 'error',
      headline: `The loss has grown far above its start: ${formatNumber(last.loss)} at step ${last.t}.`,
      detail: `The first ${atStart} recorded losses are at most ${formatNumber(highest)}, the last ${recent} at least ${formatNumber(lowest)}; the lowest was ${formatNumber(this.#best.loss)} at step ${this.#best.t}. The curvature, which would tell how much too long the steps are, cannot be seen from a recording.`,
      advice: 'Decrease lr, warm it up, or clip the gradient norm.',
      steps: [since, last.t],
      evidence: { startLoss: highest, lastLoss: last.loss, t: since },
      tensors: [],
    };
  }

  get report(): RecordedReport | null {
    return this.#found;
  }
}
