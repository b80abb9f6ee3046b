import type { DiagnosisCode } from '../diagnosis/catalogue';
import type { Finding } from '../diagnosis/finding';
import { formatNumber } from '../numerics/format';
import type { Trial } from './watcher';

/**
 * What a fix is to do about a finding.
 *
 *   survive   the run broke, or its numbers are wrong: it is to reach its end without an error, below its start
 *   calm      the path was bad: the finding is to go or to shrink tenfold, and the run not to end higher
 *   lower     the loss stands too high: the run is to hold a lower one at its end, and to have touched a lower one
 */
export type Aim = 'survive' | 'calm' | 'lower';

export interface CodeAim {
  readonly aim: Aim;
  /** Evidence that says how large it is, to tell a smaller one; absent: it is there or it is not. */
  readonly size?: string;
  /** What comes of the run as it is, in a few words. */
  now(finding: Finding, twin: Trial, digits: number): string;
}

const endsAt: CodeAim['now'] = (_, { outcome }, digits) =>
  `ends at ${formatNumber(outcome.final.loss, digits)}`;
const numbers = (value: number | string | undefined, digits = 3) => formatNumber(Number(value), digits);

const stopsAt: CodeAim['now'] = (finding, twin, digits) =>
  Number.isNaN(twin.level)
    ? endsAt(finding, twin, digits)
    : `stops improving at ${numbers(twin.level, digits)}`;

/** How high the loss jumps, and where the run ends for all that. */
const jumpsTo: CodeAim['now'] = (finding, twin, digits) =>
  `jumps to ${numbers(finding.evidence.peakLoss)}, ${endsAt(finding, twin, digits)}`;

/** The aim of every diagnosis: a missing one does not compile. */
export const aims: { readonly [C in DiagnosisCode]: CodeAim } = {
  divergence: { aim: 'survive', now: ({ steps }) => `diverges at ${steps[0]}` },
  'non-finite-loss': {
    aim: 'survive',
    now: ({ steps, evidence }) => `${numbers(evidence.loss)} at ${steps[0]}`,
  },
  'non-finite-gradient': { aim: 'survive', now: ({ steps }) => `gradient not finite at ${steps[0]}` },
  'gradient-mismatch': { aim: 'survive', now: endsAt },
  'step-bound': { aim: 'survive', now: endsAt },
  'non-deterministic-loss': { aim: 'survive', now: endsAt },

  'instability-at-start': { aim: 'calm', size: 'rise', now: jumpsTo },
  'loss-spike': { aim: 'calm', size: 'rise', now: jumpsTo },
  'edge-of-stability': {
    aim: 'calm',
    now: (finding, twin, digits) => `at its limit from ${finding.steps[0]}, ${endsAt(finding, twin, digits)}`,
  },
  'stale-second-moment': {
    aim: 'calm',
    now: (finding, twin, digits) =>
      `jumps to ${numbers(finding.evidence.loss)}, ${endsAt(finding, twin, digits)}`,
  },
  'unrectified-steps': {
    aim: 'calm',
    size: 'longestStep',
    now: (finding, twin, digits) =>
      `jumps to ${numbers(finding.evidence.loss)}, ${endsAt(finding, twin, digits)}`,
  },
  overfitting: {
    aim: 'calm',
    size: 'rise',
    now: ({ evidence }, twin, digits) =>
      `rises from ${numbers(evidence.bestValidation)} to ${numbers(twin.level, digits)}`,
  },
  'cyclic-gradient': { aim: 'calm', now: endsAt },
  'precision-loss': { aim: 'calm', now: endsAt },

  plateau: {
    aim: 'lower',
    now: (finding, twin, digits) =>
      (finding.evidence.class === 'lr-too-small' ? endsAt : stopsAt)(finding, twin, digits),
  },
  oscillation: { aim: 'lower', now: stopsAt },
  'eps-dominates': { aim: 'lower', now: endsAt },
  'zero-gradient': { aim: 'lower', now: endsAt },
  'sparse-gradient': { aim: 'lower', now: endsAt },
  'ill-conditioned': { aim: 'lower', now: endsAt },
  'noise-limited': { aim: 'lower', now: endsAt },
  'coupled-weight-decay': { aim: 'lower', now: endsAt },
};

/** How large a finding is; NaN where its code has no measure. */
export function sizeOf({ code, evidence }: Finding): number {
  const { size } = aims[code];
  return size === undefined ? Number.NaN : (evidence[size] as number);
}
