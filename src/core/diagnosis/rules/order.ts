import type { CodeFoundBy } from '../catalogue';

type RuleCode = CodeFoundBy<'rule'>;

/** Refuses to compile where a code is missing. */
function complete<
  const First extends readonly RuleCode[],
  const M extends RuleCode,
  const Muted extends readonly RuleCode[],
>(
  order: { readonly first: First; readonly mutes: M; readonly muted: Muted },
  ..._missing: Exclude<RuleCode, First[number] | M | Muted[number]> extends never ? [] : [missing: never]
) {
  return order;
}

/**
 * The order in which a step goes through the rules: `first`, then the rule that may mute, then those that it mutes.
 *
 * RAdam's unrectified steps come first, because they end in divergence. Divergence mutes the others: what they would report
 * follows from it. A loss that is not finite comes before its gradient, and eps after the plateau that may report the same.
 */
export const ruleOrder = complete({
  first: ['unrectified-steps'],
  mutes: 'divergence',
  muted: [
    'non-finite-loss',
    'non-finite-gradient',
    'coupled-weight-decay',
    'instability-at-start',
    'stale-second-moment',
    'loss-spike',
    'oscillation',
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
