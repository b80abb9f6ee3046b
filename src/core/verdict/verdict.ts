import type { Fix } from '../diagnosis/finding';

/**
 * How a run ended.
 *
 *   converged        at a minimum of the loss, as far as the run can tell
 *   still-improving  the loss was still decreasing: more steps or another configuration would lower it
 *   stalled          not at a minimum, but the loss no longer decreased
 *   unstable         the loss rose or oscillated at the end, well above its lowest value
 *   diverged         the loss grew far above its starting value
 *   broken           the loss, its gradient or a parameter is not a number, or the loss threw an error
 *   unbounded        the loss decreases without a lower bound
 */
export const verdictKinds = [
  'converged',
  'still-improving',
  'stalled',
  'unstable',
  'diverged',
  'broken',
  'unbounded',
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** Stands for the verdict where a fix is named by the id of its finding. */
export const verdictId = 'verdict';

/** The verdict on a run, from its findings and its end. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** One sentence of at most 90 characters, with its full stop. */
  readonly headline: string;
  /** The evidence: at most three sentences. */
  readonly detail: string;
  /** How often a verdict of this kind is right, estimated from labelled runs, in [0, 1]. */
  readonly certainty: number;
  readonly evidence: Readonly<Record<string, number | string>>;
  /** Whether the losses of the run are draws, or values of different functions: the best of them is a lucky one. Absent: no. */
  readonly isBestLucky?: true;
  /** Configurations that lower the loss; verified like the fixes of a finding. */
  readonly fixes: readonly Fix[];
}
