import type { OptimizerName } from '../../../optimizers/registry';
import type { MakeStep } from '../stepper';

/** Options that are on or off. */
export const switchOptions = ['nesterov', 'amsgrad', 'centered'] as const;
type SwitchOption = (typeof switchOptions)[number];

/**
 * The code of every error that the check can detect. Some codes end in the name of an optimizer, a dialect or
 * an option.
 */
export type SlipCode =
  | `is-${OptimizerName | SwitchOption}`
  | `dialect-${string}`
  | `other-${string}`
  | `no-${SwitchOption}`
  | 'amsgrad-of-corrected-v'
  | 'amsgrad-of-plain-v'
  | 'alpha-inverted'
  | 'amsgrad-forgets'
  | 'amsgrad-in-v'
  | 'amsgrad-of-squares'
  | 'beta1-inverted'
  | 'beta1-twice'
  | 'beta2-inverted'
  | 'beta2-twice'
  | 'betas-exchanged'
  | 'betas-hard-coded'
  | 'betas-inverted'
  | 'bias-corrected'
  | 'buffer-of-last-step'
  | 'correction-of-the-other'
  | 'correction-stored'
  | 'correction-with-product'
  | 'correction-without-power'
  | 'correction-without-root'
  | 'dampening-inverted'
  | 'dampening-of-buffer'
  | 'decay-after-step'
  | 'decay-coupled'
  | 'decay-decoupled'
  | 'decay-sign'
  | 'decay-times-lr'
  | 'decay-without-lr'
  | 'eps-after-correction'
  | 'eps-before-correction'
  | 'eps-inside-root'
  | 'eps-inside-root-before-correction'
  | 'first-step-dampened'
  | 'lr-decay-early'
  | 'lr-decay-power'
  | 'lr-ignored'
  | 'm-and-v-without-gain'
  | 'm-without-gain'
  | 'mean-not-squared'
  | 'momentum-added'
  | 'momentum-averages'
  | 'momentum-averages-after-first'
  | 'momentum-of-gradients'
  | 'nesterov-without-gradient'
  | 'no-bias-correction'
  | 'no-bias-correction-m'
  | 'no-bias-correction-v'
  | 'no-decay'
  | 'no-eps'
  | 'no-first-moment'
  | 'no-momentum'
  | 'no-root'
  | 'no-second-moment'
  | 'state-and-t-forgotten'
  | 'state-forgotten'
  | 'state-shared'
  | 'step-and-decay-sign'
  | 'step-sign'
  | 'sum-is-mean'
  | 'sum-of-abs'
  | 'sum-of-g'
  | 't-from-0'
  | 't-one-ahead'
  | 't-per-coordinate'
  | 't-stuck'
  | 'v-of-abs'
  | 'v-of-g'
  | 'v-of-m'
  | 'v-without-gain'
  | 'variance-sign';

/** The reference optimizer with one error, or in another variant. */
export interface Slip {
  readonly code: SlipCode;
  /**
   * A clause without an initial capital that says what is wrong and what is right: "the bias of m is not
   * corrected: …".
   */
  readonly says: string;
  /** bug: an error. form: a variant of another framework. option: the reference with other options. */
  readonly kind: 'bug' | 'form' | 'option';
  readonly make: MakeStep;
}

export function bug(code: SlipCode, says: string, make: MakeStep): Slip {
  return { code, says, kind: 'bug', make };
}
