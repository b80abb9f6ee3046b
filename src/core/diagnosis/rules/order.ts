import type { CodeFoundBy } from '../catalogue';

type RuleCode = CodeFoundBy<'rule'>;

/** A missing code is a compile error. */
function complete<
  const First extends readonly RuleCode[],
  const M extends RuleCode,
  const Unmuted extends readonly RuleCode[],
  const Muted extends readonly RuleCode[],
>(
  order: {
    readonly first: First;
    readonly mutes: M;
    readonly unmuted: Unmuted;
    readonly muted: Muted;
  },
  ..._missing: Exclude<RuleCode, First[number] | M | Unmuted[number] | Muted[number]> extends never
    ? []
    : [missing: never]
) {
  return order;
}

/**
 * The order in which rules receive a step: `first`, then the muting rule, `unmuted`, and the rules that it mutes.
 *
 * `unrectified-steps` and `poor-scaling` are first, because they may be the cause of a divergence. Divergence mutes the rules after
 * it, because their findings would be its consequences. `non-finite-loss` waits for the cause instead: an overflow is a consequence, and
 * an operand outside its domain is not. It is before `non-finite-gradient`,
 * and `eps-dominates` after `plateau`, which may report the same cause. `plateau` is after the rules that name the cause
 * of one.
 */
export const ruleOrder = complete({
  first: ['unrectified-steps', 'poor-scaling'],
  mutes: 'divergence',
  unmuted: ['non-finite-loss'],
  muted: [
    'non-finite-gradient',
    'coupled-weight-decay',
    'instability-at-start',
    'stale-second-moment',
    'loss-spike',
    'oscillation',
    'unbounded-loss',
    'no-finite-minimum',
    'weight-decay-dominates',
    'clipping-dominates',
    'schedule-mismatch',
    'stopped-while-improving',
    'saturation',
    'plateau',
    'edge-of-stability',
    'eps-dominates',
    'zero-gradient',
    'sparse-gradient',
    'ill-conditioned',
    'noise-limited',
    'overfitting',
    'cyclic-gradient',
    'precision-loss',
  ],
});
