import { lossWord } from '../ascent';
import type { RunConfig } from '../config/runConfig';
import { type DiagnosisCode, isRunCode, type RunCode } from '../diagnosis/catalogue';
import type { Finding } from '../diagnosis/finding';
import { formatNumber } from '../numerics/format';
import type { EditKind } from '../sourceEdit';
import { finalLossOf, type Trial } from './watcher';

/**
 * What a fix must achieve.
 *
 *   survive   the run failed, or its numbers are wrong: the fixed run must reach its last step without an error, and end
 *             below the loss at the start
 *   calm      the path was bad: the finding must disappear or become ten times smaller, and the final loss must not be
 *             higher
 *   lower     the loss is too high: the final loss and the lowest loss must both be lower, or the final loss must be below the
 *             lowest tenth of the last losses
 */
export type Aim = 'survive' | 'calm' | 'lower';

export interface CodeAim {
  readonly aim: Aim;
  /** Whether the cause lies in the loss or its data: no search for another configuration removes it. */
  readonly isOfLoss?: true;
  /** The edits of the source that may help although no operation is known as the cause. */
  readonly edits?: readonly EditKind[];
  /** The name of the evidence that measures the finding's size; absent where it has no size. */
  readonly size?: string;
  /** What the current configuration leads to, in a few words. */
  now(finding: Finding, baseline: Trial): Now;
}

/** What the current configuration leads to: words, and the loss that follows them, if any. */
export interface Now {
  readonly words: string;
  readonly loss: number | null;
}

const without = (words: string): Now => ({ words, loss: null });

const endsAt: CodeAim['now'] = (_, baseline) => {
  const loss = finalLossOf(baseline);
  return Number.isFinite(loss)
    ? { words: 'ends at', loss }
    : without(`not finite after step ${baseline.outcome.steps}`);
};

/** "rises to …, ends at": the peak of the loss, and the final loss. */
const spikesTo =
  (peak: string): CodeAim['now'] =>
  ({ evidence }, baseline) => ({
    words: `${risesTo(baseline.config)} ${formatNumber(Number(evidence[peak]))}, ends at`,
    loss: finalLossOf(baseline),
  });

function risesTo({ maximize }: RunConfig): string {
  return maximize ? 'falls to' : 'rises to';
}

/** The aim of every diagnosis of a run. A missing one is a compile error. */
const aims: { readonly [C in RunCode]: CodeAim } = {
  divergence: {
    aim: 'survive',
    edits: ['columns'],
    now: ({ steps }) => without(`diverges at step ${steps[0]}`),
  },
  'non-finite-loss': {
    aim: 'survive',
    edits: ['exponentials'],
    now: ({ steps, evidence }, { config }) =>
      without(`${lossWord(config)} ${formatNumber(Number(evidence.loss))} at step ${steps[0]}`),
  },
  'non-finite-gradient': {
    aim: 'survive',
    now: ({ steps }) => without(`gradient not finite at step ${steps[0]}`),
  },
  // The right gradient is advised also where both end at the same loss.
  'gradient-mismatch': {
    aim: 'survive',
    isOfLoss: true,
    now: (_, baseline) => ({ words: 'with a wrong gradient, ends at', loss: finalLossOf(baseline) }),
  },
  'step-bound': { aim: 'survive', isOfLoss: true, now: endsAt },
  'non-deterministic-loss': { aim: 'survive', isOfLoss: true, now: endsAt },

  'instability-at-start': { aim: 'calm', edits: ['columns'], size: 'rise', now: spikesTo('peakLoss') },
  'loss-spike': { aim: 'calm', size: 'rise', now: spikesTo('peakLoss') },
  'edge-of-stability': {
    aim: 'calm',
    now: ({ steps }, baseline) => ({
      words: `above the stability limit at step ${steps[0]}, ends at`,
      loss: finalLossOf(baseline),
    }),
  },
  'stale-second-moment': {
    aim: 'calm',
    now: spikesTo('loss'),
  },
  'unrectified-steps': {
    aim: 'calm',
    size: 'longestStep',
    now: spikesTo('loss'),
  },
  overfitting: {
    aim: 'calm',
    size: 'rise',
    now: ({ evidence }, baseline) => {
      const { config } = baseline;
      return {
        words: `${config.maximize ? 'falls' : 'rises'} from ${formatNumber(Number(evidence.bestValidation))} to`,
        loss: finalLossOf(baseline),
      };
    },
  },
  'cyclic-gradient': { aim: 'calm', isOfLoss: true, now: endsAt },
  'precision-loss': { aim: 'calm', isOfLoss: true, now: endsAt },

  'unbounded-loss': { aim: 'lower', isOfLoss: true, now: endsAt },
  'no-finite-minimum': { aim: 'lower', isOfLoss: true, now: endsAt },
  'weight-decay-dominates': { aim: 'lower', now: endsAt },
  'clipping-dominates': { aim: 'lower', now: endsAt },
  'schedule-mismatch': { aim: 'lower', now: endsAt },
  'stopped-while-improving': { aim: 'lower', now: endsAt },
  'poor-scaling': { aim: 'lower', edits: ['columns'], now: endsAt },
  saturation: { aim: 'lower', isOfLoss: true, now: endsAt },
  plateau: { aim: 'lower', edits: ['kink', 'columns'], now: endsAt },
  oscillation: { aim: 'lower', edits: ['kink', 'columns'], now: endsAt },
  'eps-dominates': { aim: 'lower', now: endsAt },
  'zero-gradient': { aim: 'lower', edits: ['rectifier'], isOfLoss: true, now: endsAt },
  'sparse-gradient': { aim: 'lower', now: endsAt },
  'ill-conditioned': { aim: 'lower', edits: ['columns'], now: endsAt },
  'noise-limited': { aim: 'lower', now: endsAt },
  'coupled-weight-decay': { aim: 'lower', now: endsAt },
  'piecewise-constant': { aim: 'lower', isOfLoss: true, now: endsAt },
};

/**
 * The aim of a diagnosis.
 *
 * @throws RangeError for one of a recording, of which nothing can be tried
 */
export function aimOfCode(code: DiagnosisCode): CodeAim {
  if (!isRunCode(code)) throw new RangeError(`${code} is no diagnosis of a run`);
  return aims[code];
}

/** The size of a finding; NaN if its code has no measure of size. */
export function sizeOf({ code, evidence }: Finding): number {
  const { size } = aimOfCode(code);
  return size === undefined ? Number.NaN : (evidence[size] as number);
}
