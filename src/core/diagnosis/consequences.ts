import type { DiagnosisCode } from './catalogue';
import type { Finding } from './finding';

/**
 * Whether the findings of a code follow from the gradient, so that they say nothing about the loss or the configuration if
 * the gradient is wrong.
 */
const followsFromGradient: { readonly [C in DiagnosisCode]: boolean } = {
  divergence: true,
  'instability-at-start': true,
  'loss-spike': true,
  oscillation: true,
  plateau: true,
  'edge-of-stability': true,
  'stale-second-moment': true,
  'eps-dominates': true,
  'unrectified-steps': true,
  'zero-gradient': true,
  'sparse-gradient': true,
  'ill-conditioned': true,
  'noise-limited': true,
  'cyclic-gradient': true,
  'weight-decay-dominates': true,
  'clipping-dominates': true,
  'schedule-mismatch': true,
  'poor-scaling': true,
  saturation: true,
  'non-finite-loss': false,
  'non-finite-gradient': false,
  overfitting: false,
  'coupled-weight-decay': false,
  'unbounded-loss': false,
  'stopped-while-improving': false,
  'precision-loss': false,
  'gradient-mismatch': false,
  'non-deterministic-loss': false,
  'piecewise-constant': false,
  'step-bound': false,
};

/** The findings without those that are consequences of a wrong gradient. */
export function withoutConsequences(findings: readonly Finding[]): readonly Finding[] {
  return findings.some(({ code }) => code === 'gradient-mismatch')
    ? findings.filter(({ code }) => !followsFromGradient[code])
    : findings;
}
