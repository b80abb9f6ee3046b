import { type Direction, turned } from '../ascent';
import type { DiagnosisCode } from './catalogue';

/**
 * The evidence that consists of values of the minimized function, of their signed changes, or of components of its gradient.
 * In a run that maximizes, their sign is that of the user's function. All other evidence is the same for both: sizes of a rise
 * or an improvement, norms, curvatures, and numbers of steps.
 */
const general = [
  'startLoss',
  'finalLoss',
  'loss',
  'lastLoss',
  'lossBefore',
  'peakLoss',
  'polishedLoss',
  'meanGradient',
] as const;

const own: { readonly [C in DiagnosisCode]?: readonly string[] } = {
  overfitting: ['bestValidation', 'validation', 'training', 'trainingThen'],
  'poor-scaling': ['reached'],
  saturation: ['freedLoss'],
  'unbounded-loss': ['farLoss'],
  'no-finite-minimum': ['limit'],
  'gradient-mismatch': ['given', 'right', 'firstCall', 'secondCall'],
  'non-deterministic-loss': ['first', 'second', 'difference'],
  'piecewise-constant': ['jumps', 'rest', 'before', 'after'],
  'zero-gradient': ['changeAbove', 'changeBelow'],
};

type Evidence = Readonly<Record<string, number | string>>;

/** The evidence of a rule, in values of the user's function. */
export function turnedEvidence(code: DiagnosisCode, evidence: Evidence, direction: Direction): Evidence {
  if (direction === 1) return evidence;
  const names: ReadonlySet<string> = new Set([...general, ...(own[code] ?? [])]);
  return Object.fromEntries(
    Object.entries(evidence).map(([name, value]) => [
      name,
      typeof value === 'number' && names.has(name) ? turned(value, direction) : value,
    ]),
  );
}
