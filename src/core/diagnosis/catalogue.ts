import type { Severity } from './severity';

interface CatalogueEntry {
  /** The highest severity that its findings can have. */
  readonly severity: Severity;
  /**
   * The component that reports it: a rule that observes the steps of a run (and may evaluate the loss near
   * them), the gradient checks, the check of a user-defined optimizer, or the recording of a training.
   */
  readonly foundBy: 'rule' | 'gradientChecks' | 'optimizerCheck' | 'recording';
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
  'unexplained-update': {
    severity: 'warning',
    foundBy: 'recording',
    summary: "the step is not what the optimizer's formula makes of parameters, gradients and state",
  },
  'written-between': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'parameters were written outside the optimizer, between two steps',
  },
  'no-new-gradient': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'a step uses the gradient of the step before again',
  },
  'gradients-not-zeroed': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'gradients are added to those of the step before',
  },
  'loss-not-divided': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'gradients of several backward passes are added up, and no loss is divided by their number',
  },
  'clipped-before-unscale': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'gradients are clipped while they are multiplied by the loss scale',
  },
  'decays-vectors': {
    severity: 'info',
    foundBy: 'recording',
    summary: 'weight decay includes biases and norms',
  },
  'eps-vanishes': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'eps is 0 in the type of the parameters',
  },
  'update-below-spacing': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'updates are too small to change the numbers of a short type',
  },
  'never-reached': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'parameters of the optimizer have no gradient',
  },
  'not-in-optimizer': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'parameters of the model are in no optimizer',
  },
  'not-in-model': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'the optimizer trains parameters that the model does not use',
  },
  'optimizer-remade': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'a new optimizer starts without the state of the one before',
  },
  'state-lost': {
    severity: 'warning',
    foundBy: 'recording',
    summary: "the optimizer's state is gone, or counts fewer steps than before",
  },
  'load-changed-state': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'load_state_dict lost, reordered or rounded a part of the state',
  },
  'schedule-before-step': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'a scheduler steps before the first step of the optimizer',
  },
  'schedule-after-skip': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'a scheduler steps although the gradient scaler skipped the step',
  },
  'schedule-per-batch': {
    severity: 'warning',
    foundBy: 'recording',
    summary: 'a schedule ends within an epoch, because it steps at each batch',
  },
  'ranks-differ': {
    severity: 'error',
    foundBy: 'recording',
    summary: 'parameters, buffers or state differ between the ranks of a distributed training',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosisCode = keyof typeof catalogue;

/** The codes that one kind of component reports. */
export type CodeFoundBy<F extends CatalogueEntry['foundBy']> = {
  [C in DiagnosisCode]: (typeof catalogue)[C]['foundBy'] extends F ? C : never;
}[DiagnosisCode];

/** The codes of runs: those of recordings concern the script of a training, of which nothing is evaluated. */
export type RunCode = Exclude<DiagnosisCode, CodeFoundBy<'recording'>>;

export function isRunCode(code: DiagnosisCode): code is RunCode {
  return catalogue[code].foundBy !== 'recording';
}
