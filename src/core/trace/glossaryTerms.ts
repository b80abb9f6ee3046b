import type { Quantity } from './names';

/** The heading of `docs/glossary.md` that explains each quantity. */
export const glossaryTerms: { readonly [Q in Quantity]: string } = {
  loss: 'Loss',
  best: 'Best loss',
  watched: 'Watched loss',
  gradNorm: 'Gradient norm',
  clipFactor: 'Clip factor',
  lr: 'Learning rate',
  beta: 'beta1',
  lossScale: 'Loss scaling',
  underflow: 'Gradient underflow',
  overflow: 'Gradient overflow',
  rms: 'RMS ratio',
  updateNorm: 'Update norm',
  updateNormP: 'Update norm',
  predictedChange: 'Predicted change',
  actualChange: 'Actual change',
  stability: 'Stability value',
  stabilityLimit: 'Stability limit',
  muProduct: 'Product of mu',
  params: 'Parameter',
  grad: 'Gradient',
  m: 'First moment',
  v: 'Second moment',
  vMax: 'vMax',
  u: 'Infinity norm',
  momentum: 'Momentum',
  gAvg: 'Mean gradient',
  sum: 'Sum of squares',
  mHat: 'mHat',
  vHat: 'vHat',
  effectiveLr: 'Effective learning rate',
  preconditioner: 'Preconditioner',
  snr: 'Signal-to-noise ratio',
  epsShare: 'eps share',
  fisher: 'Fisher estimate',
  update: 'Update',
  absUpdate: 'Update',
  uncorrectedUpdate: 'Update without correction',
  updateOverBound: 'Update over bound',
  updateRatio: 'Update over parameter',
};

/**
 * The fragment that leads to a heading of a Markdown page, as VS Code and GitHub derive it from words and
 * hyphens.
 */
export function headingAnchor(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-');
}
