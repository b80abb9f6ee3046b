import type { Severity } from './severity';

interface CatalogueEntry {
  /** The severest that it is given. */
  readonly severity: Severity;
  /**
   * Who finds it: a rule that watches the steps of a run (and may look at the loss around them), the checks of its
   * gradient, or the audit of an optimizer of the user's own.
   */
  readonly foundBy: 'rule' | 'gradientChecks' | 'optimizerCheck';
  /** One line for lists; the whole story is `docs/diagnoses/<code>.md`. */
  readonly summary: string;
}

/** Every diagnosis that Adamscope makes. `docs/diagnoses/<code>.md` is its page. */
export const catalogue = {
  divergence: {
    severity: 'error',
    foundBy: 'rule',
    summary: 'the loss grows far beyond where it started',
  },
  'instability-at-start': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the loss jumps up in the first steps and comes back',
  },
  'loss-spike': { severity: 'warning', foundBy: 'rule', summary: 'the loss jumps up in the middle of a run' },
  oscillation: {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'coordinates swing to and fro and the loss does not fall',
  },
  plateau: { severity: 'warning', foundBy: 'rule', summary: 'the loss stopped improving' },
  'edge-of-stability': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'steps along the sharpest direction have become too long to stay stable',
  },
  'stale-second-moment': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'v lagged behind gradients that grew, and the loss jumped',
  },
  'eps-dominates': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'eps, not the size of the gradient, decides the size of the steps',
  },
  'unrectified-steps': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'RAdam’s first steps, which nothing divides, were far longer than lr',
  },
  'non-finite-loss': { severity: 'error', foundBy: 'rule', summary: 'the loss became NaN or infinite' },
  'non-finite-gradient': {
    severity: 'error',
    foundBy: 'rule',
    summary: 'a coordinate of the gradient became NaN or infinite',
  },
  'zero-gradient': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the loss does not depend on a coordinate, there and around',
  },
  'sparse-gradient': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'a coordinate has a gradient on few steps only',
  },
  'ill-conditioned': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'curvatures differ by far more than the optimizer evens out',
  },
  'noise-limited': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'the batches’ noise is far larger than the gradient',
  },
  overfitting: {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the validation loss rises while the training loss falls',
  },
  'cyclic-gradient': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'gradients that come round again drive the parameters uphill',
  },
  'coupled-weight-decay': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'the weight decay goes through the division by √v',
  },
  'precision-loss': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'gradients are lost in rounding to the chosen precision',
  },
  'gradient-mismatch': {
    severity: 'error',
    foundBy: 'gradientChecks',
    summary: 'the gradient is not that of the loss',
  },
  'non-deterministic-loss': {
    severity: 'warning',
    foundBy: 'gradientChecks',
    summary: 'two evaluations at one point differ',
  },
  'step-bound': {
    severity: 'error',
    foundBy: 'optimizerCheck',
    summary: 'a step of your optimizer is longer than the reference can make it',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosisCode = keyof typeof catalogue;

/** The codes that are found in one way. */
export type CodeFoundBy<F extends CatalogueEntry['foundBy']> = {
  [C in DiagnosisCode]: (typeof catalogue)[C]['foundBy'] extends F ? C : never;
}[DiagnosisCode];
