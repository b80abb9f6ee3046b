import type { Severity } from './severity';

interface CatalogueEntry {
  /** The highest severity that its findings can have. */
  readonly severity: Severity;
  /**
   * The component that reports it: a rule that observes the steps of a run (and may evaluate the loss near
   * them), the gradient checks, or the check of a user-defined optimizer.
   */
  readonly foundBy: 'rule' | 'gradientChecks' | 'optimizerCheck';
  /** One line for lists; `docs/diagnoses/<code>.md` explains it. */
  readonly summary: string;
}

/** Every diagnosis that Adamscope can report; `docs/diagnoses/<code>.md` is its page. */
export const catalogue = {
  divergence: {
    severity: 'error',
    foundBy: 'rule',
    summary: 'the loss grows far above its starting value',
  },
  'instability-at-start': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the loss jumps above its starting value early in the run, then returns below it',
  },
  'loss-spike': { severity: 'warning', foundBy: 'rule', summary: 'the loss spikes in the middle of a run' },
  oscillation: {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'parameters oscillate, and the loss decreases little or not at all',
  },
  plateau: {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the loss has stopped improving, or decreases too slowly to converge within the run',
  },
  'edge-of-stability': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'step size times preconditioned sharpness has reached the stability limit',
  },
  'stale-second-moment': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the second moment v lagged behind growing gradients, and the loss spiked',
  },
  'eps-dominates': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'eps, not the gradient, determines the step size',
  },
  'unrectified-steps': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the first steps of RAdam were much longer than lr and increased the loss',
  },
  'non-finite-loss': { severity: 'error', foundBy: 'rule', summary: 'the loss is NaN or infinite' },
  'non-finite-gradient': {
    severity: 'error',
    foundBy: 'rule',
    summary: 'a component of the gradient is NaN or infinite',
  },
  'zero-gradient': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the gradient of a parameter is exactly 0, at the current point and around it',
  },
  'sparse-gradient': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'a parameter has a non-zero gradient in few steps only',
  },
  'ill-conditioned': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'the curvature differs too much between directions for the number of steps',
  },
  'noise-limited': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'mini-batch noise is much larger than the gradient',
  },
  overfitting: {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the training loss falls while the validation loss rises',
  },
  'cyclic-gradient': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'gradients that recur in a cycle drive a parameter uphill',
  },
  'coupled-weight-decay': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'the weight decay is rescaled together with the gradient',
  },
  'unbounded-loss': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the loss decreases without a lower bound',
  },
  'no-finite-minimum': {
    severity: 'info',
    foundBy: 'rule',
    summary: 'the loss falls towards a limit while parameters grow without bound',
  },
  'weight-decay-dominates': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'weight decay balances the gradient where the loss is far above what it reaches without it',
  },
  'clipping-dominates': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'nearly every gradient is clipped, and that limits the progress of the run',
  },
  'schedule-mismatch': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the learning-rate schedule does not fit the run',
  },
  'stopped-while-improving': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'early stopping ended the run while the loss was still falling',
  },
  saturation: {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'outputs or units are at their asymptotes, where the derivative is nearly 0',
  },
  'poor-scaling': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'the numbers of a parameter are too large or too small for the steps',
  },
  'precision-loss': {
    severity: 'warning',
    foundBy: 'rule',
    summary: 'gradients overflow or underflow in the chosen precision',
  },
  'gradient-mismatch': {
    severity: 'error',
    foundBy: 'gradientChecks',
    summary: 'the gradient differs from the gradient of the loss',
  },
  'non-deterministic-loss': {
    severity: 'warning',
    foundBy: 'gradientChecks',
    summary: 'two evaluations of the loss at the same point differ',
  },
  'piecewise-constant': {
    severity: 'error',
    foundBy: 'gradientChecks',
    summary: 'a rounding, a comparison or an index removes the derivative of a term of the loss',
  },
  'step-bound': {
    severity: 'error',
    foundBy: 'optimizerCheck',
    summary: 'a step of your optimizer is longer than the reference optimizer allows',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosisCode = keyof typeof catalogue;

/** The codes that one kind of component reports. */
export type CodeFoundBy<F extends CatalogueEntry['foundBy']> = {
  [C in DiagnosisCode]: (typeof catalogue)[C]['foundBy'] extends F ? C : never;
}[DiagnosisCode];
