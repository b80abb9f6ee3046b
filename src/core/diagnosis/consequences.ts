import { type DiagnosisCode, isRunCode, type RunCode } from './catalogue';
import type { Finding } from './finding';

/**
 * Whether the findings of a code follow from the gradient, so that they say nothing about the loss or the configuration if
 * the gradient is wrong.
 */
const followsFromGradient: { readonly [C in RunCode]: boolean } = {
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
  'no-finite-minimum': true,
  'stopped-while-improving': false,
  'precision-loss': false,
  'gradient-mismatch': false,
  'non-deterministic-loss': false,
  'piecewise-constant': false,
  'step-bound': false,
};

/**
 * The findings that compare single losses, or measure curvature by differences of gradients: where two evaluations at one point differ,
 * they describe the noise. A divergence is larger than noise.
 */
const followsFromNoise: ReadonlySet<DiagnosisCode> = new Set<DiagnosisCode>([
  'instability-at-start',
  'loss-spike',
  'oscillation',
  'plateau',
  'edge-of-stability',
  'stale-second-moment',
  'ill-conditioned',
  'noise-limited',
]);

/** A rise of the loss by up to this many times its rounding error is noise. */
const roundings = 10;

/** The findings without those that describe noise: of a loss whose evaluations at one point differ, or that rounding dominates. */
export function withoutNoise(findings: readonly Finding[]): readonly Finding[] {
  const isRandom = has(findings, 'non-deterministic-loss');
  const rounding = findings.find(isOfRoundedLoss)?.evidence.error;
  if (!isRandom && rounding === undefined) return findings;
  const isNoise = ({ code, evidence }: Finding) =>
    followsFromNoise.has(code) && (isRandom || !(Number(evidence.rise) > roundings * Number(rounding)));
  return findings.filter((finding) => !isNoise(finding));
}

function isOfRoundedLoss({ code, evidence }: Finding): boolean {
  return code === 'precision-loss' && evidence.class === 'rounded-loss';
}

/** The findings without those that are consequences of a wrong gradient, or of noise. */
export function withoutConsequences(findings: readonly Finding[]): readonly Finding[] {
  const left = withoutNoise(findings);
  return has(left, 'gradient-mismatch')
    ? left.filter(({ code }) => !(isRunCode(code) && followsFromGradient[code]))
    : left;
}

function has(findings: readonly Finding[], cause: DiagnosisCode): boolean {
  return findings.some(({ code }) => code === cause);
}
