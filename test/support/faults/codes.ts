import type { Severity } from '../../../src/core/diagnosis/severity';

/** Every code that a label may name, with the severity of its findings; a plateau's depends on its class. */
export const faultCodes = {
  divergence: 'error',
  'instability-at-start': 'warning',
  'loss-spike': 'warning',
  oscillation: 'warning',
  'plateau:converged': 'info',
  'plateau:noise-floor': 'info',
  'plateau:saddle': 'warning',
  'plateau:flat-valley': 'warning',
  'plateau:eps-stall': 'warning',
  'plateau:lr-too-small': 'warning',
  'non-finite-loss': 'error',
  'non-finite-gradient': 'error',
  'edge-of-stability': 'warning',
  'stale-second-moment': 'warning',
  'eps-dominates': 'warning',
  'step-bound': 'error',
  'coupled-weight-decay': 'info',
  'zero-gradient': 'warning',
  'sparse-gradient': 'info',
  'ill-conditioned': 'info',
  'noise-limited': 'info',
  overfitting: 'warning',
  'cyclic-gradient': 'warning',
  'unrectified-steps': 'warning',
  'gradient-mismatch': 'error',
  'non-deterministic-loss': 'warning',
  'precision-loss': 'warning',
  'piecewise-constant': 'error',
  'unbounded-loss': 'warning',
  'no-finite-minimum': 'info',
  'weight-decay-dominates': 'warning',
  'clipping-dominates': 'warning',
  'schedule-mismatch': 'warning',
  'stopped-while-improving': 'warning',
  saturation: 'warning',
  'poor-scaling': 'warning',
} as const satisfies Record<string, Severity>;

/** A code; for a plateau the code and the class, `plateau:saddle`. */
export type FaultCode = keyof typeof faultCodes;

export function isFaultCode(text: string): text is FaultCode {
  return Object.hasOwn(faultCodes, text);
}

export const allFaultCodes = Object.keys(faultCodes) as FaultCode[];
