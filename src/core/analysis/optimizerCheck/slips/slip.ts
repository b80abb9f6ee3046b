import type { MakeStep } from '../stepper';

/** The reference optimizer with one error, or in another variant. */
export interface Slip {
  /** Kebab-case. */
  readonly code: string;
  /** What is wrong and what would be right, a clause without a capital: "the bias of m is not corrected: …". */
  readonly says: string;
  /** bug: an error. form: a variant of another framework. option: the reference with other options. */
  readonly kind: 'bug' | 'form' | 'option';
  readonly make: MakeStep;
}

export function bug(code: string, says: string, make: MakeStep): Slip {
  return { code, says, kind: 'bug', make };
}
