import type { DiagnosisCode } from './catalogue';

/**
 * Labels for the numbers of a finding's evidence. Labels that belong to one code have priority over the
 * general ones.
 */
const general: Readonly<Record<string, string>> = {
  batch: 'batch size',
  bestEpoch: 'epoch of the best validation loss',
  bestStep: 'step of the best validation loss',
  bestValidation: 'best validation loss',
  class: 'kind',
  condition: 'condition number (largest / smallest curvature)',
  count: 'count',
  criticalBatch: 'critical batch size',
  curvature: 'curvature along the step',
  difference: 'difference',
  distance: 'estimated remaining distance',
  reach: 'share of the distance covered',
  training: 'training loss',
  trainingThen: 'training loss at the best validation loss',
  overflowStep: 'step of the overflow',
  eps: 'eps',
  epsShare: 'share of eps in the preconditioner',
  expectedRebound: 'expected rise of the loss',
  finalLoss: 'final loss',
  gap: 'steps between non-zero gradients',
  growth: 'rise / scale of the loss',
  improvement: 'improvement since the start',
  largest: 'largest curvature',
  largestRootV: 'largest sqrt(v) so far',
  lastLoss: 'last finite loss',
  limit: 'stability limit',
  longestStep: 'longest step',
  loss: 'loss',
  lossBefore: 'loss before the spike',
  lossScale: 'loss scale',
  lr: 'learning rate',
  meanGradient: 'mean gradient',
  memory: 'averaging time of v (steps)',
  moved: 'net movement',
  net: 'net movement',
  noise: 'gradient noise (variance per sample)',
  overLr: 'longest step / lr',
  overflowSteps: 'steps with overflow',
  path: 'distance travelled',
  peakLoss: 'highest loss',
  peakStep: 'step of the highest loss',
  preconditioner: 'preconditioner P along the sharpest direction',
  rise: 'rise of the loss',
  rms: 'RMS of gradient / sqrt(vHat)',
  rmsStep: 'step of the largest RMS',
  rootV: 'sqrt(v)',
  scale: 'scale of the loss',
  share: 'share',
  signal: 'squared norm of the mean gradient',
  since: 'zero since step',
  smallest: 'smallest curvature',
  stability: 'step size × preconditioned sharpness',
  startLoss: 'loss at the start',
  steps: 'steps',
  strength: 'abs(sum of gradients) / root of their sum of squares',
  t: 'step',
  trend: 'trend of the loss (Mann-Kendall S)',
  uncertainty: 'uncertainty of the finite differences',
  underflowSteps: 'steps with underflow',
  validation: 'validation loss',
  weightDecay: 'weight decay',
  window: 'window length (steps)',
  work: 'first-order loss change per window',
  workPerStep: 'first-order loss change per step',
};

const own: { readonly [C in DiagnosisCode]?: Readonly<Record<string, string>> } = {
  'edge-of-stability': { curvature: 'sharpness' },
  divergence: { curvature: 'largest curvature along the path' },
  'eps-dominates': { share: 'share of eps in the preconditioner' },
  'gradient-mismatch': { given: 'gradient in use', right: 'gradient by finite differences of the loss' },
  'loss-spike': { count: 'number of spikes' },
  'non-deterministic-loss': { first: 'first evaluation', second: 'second evaluation' },
  'non-finite-gradient': { count: 'components that are not finite' },
  'piecewise-constant': { exact: 'exact derivative', measured: 'slope by differences of the loss' },
  'sparse-gradient': { share: 'share of steps with a gradient', count: 'parameters' },
  'step-bound': {
    step: 'your step',
    bound: 'longest step allowed',
    excess: 'step / longest step allowed',
    sequence: 'test gradients',
  },
  'zero-gradient': { count: 'parameters' },
};

/** "loss before the spike": the label of a number of the evidence. */
export function evidenceWords(code: DiagnosisCode, name: string): string {
  return (
    own[code]?.[name] ?? general[name] ?? name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  );
}
