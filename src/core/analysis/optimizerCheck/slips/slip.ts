import type { OptimizerName } from '../../../optimizers/registry';
import type { MakeStep } from '../stepper';

/** Options that are on or off. */
export const switchOptions = ['nesterov', 'amsgrad', 'centered'] as const;
type SwitchOption = (typeof switchOptions)[number];

/**
 * The code of every error that the check can detect, and of two errors at once. Some codes end in the name of
 * an optimizer, a dialect or an option.
 */
export type SlipCode = SingleSlip | `${string}+${string}`;

type SingleSlip =
  | `is-${OptimizerName | SwitchOption}`
  | `dialect-${string}`
  | `other-${string}`
  | `no-${SwitchOption}`
  | 'alpha-inverted'
  | 'amsgrad-forgets'
  | 'amsgrad-in-v'
  | 'amsgrad-of-corrected-v'
  | 'amsgrad-of-plain-v'
  | 'amsgrad-of-squares'
  | 'beta1-decays'
  | 'beta1-inverted'
  | 'beta1-twice'
  | 'beta2-decays'
  | 'beta2-inverted'
  | 'beta2-twice'
  | 'betas-decay'
  | 'betas-exchanged'
  | 'betas-hard-coded'
  | 'betas-inverted'
  | 'bias-corrected'
  | 'buffer-of-last-step'
  | 'coordinate-skipped'
  | 'correction-multiplied-m'
  | 'correction-multiplied-v'
  | 'correction-of-beta1-twice'
  | 'correction-of-beta2-twice'
  | 'correction-of-the-other'
  | 'correction-of-xor'
  | 'correction-power-outside'
  | 'correction-power-swapped'
  | 'correction-stored'
  | 'correction-with-product'
  | 'correction-without-one'
  | 'correction-without-power'
  | 'correction-without-root'
  | 'corrections-multiplied'
  | 'dampening-inverted'
  | 'dampening-of-buffer'
  | 'decay-after-step'
  | 'decay-coupled'
  | 'decay-decoupled'
  | 'decay-divided'
  | 'decay-doubled'
  | 'decay-halved'
  | 'decay-in-m-only'
  | 'decay-in-v-only'
  | 'decay-of-sign'
  | 'decay-sign'
  | 'decay-times-lr'
  | 'decay-without-lr'
  | 'decay-without-parameter'
  | 'eps-after-correction'
  | 'eps-as-maximum'
  | 'eps-before-correction'
  | 'eps-inside-root'
  | 'eps-inside-root-before-correction'
  | 'eps-outside-fraction'
  | 'eps-squared'
  | 'first-step-dampened'
  | 'gradient-clipped'
  | 'gradient-normalized'
  | 'gradient-scaled'
  | 'lr-decay-early'
  | 'lr-decay-power'
  | 'lr-decays'
  | 'lr-ignored'
  | 'm-and-v-are-one-array'
  | 'm-and-v-of-last-step'
  | 'm-and-v-without-gain'
  | 'm-gain-of-beta2'
  | 'm-keep-of-beta2'
  | 'm-of-last-step'
  | 'm-shared'
  | 'm-without-decay'
  | 'm-without-gain'
  | 'mean-not-squared'
  | 'momentum-added'
  | 'momentum-averages'
  | 'momentum-averages-after-first'
  | 'momentum-misplaced'
  | 'momentum-of-gradients'
  | 'momentum-subtracted'
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
  | 'sum-for-all-coordinates'
  | 'sum-is-mean'
  | 'sum-of-abs'
  | 'sum-of-g'
  | 'sum-of-last-step'
  | 't-from-0'
  | 't-one-ahead'
  | 't-per-coordinate'
  | 't-per-tensor'
  | 't-stuck'
  | 't-twice'
  | 'v-for-all-coordinates'
  | 'v-gain-of-beta1'
  | 'v-keep-of-beta1'
  | 'v-of-abs'
  | 'v-of-deviation'
  | 'v-of-double'
  | 'v-of-g'
  | 'v-of-last-m'
  | 'v-of-last-step'
  | 'v-of-m'
  | 'v-of-m-times-g'
  | 'v-of-xor'
  | 'v-shared'
  | 'v-without-decay'
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
