import type { MakeStep } from '../stepper';

/** A reference with one thing wrong, or in another form. */
export interface Slip {
  /** Kebab-case. */
  readonly code: string;
  /** What is wrong and what would be right, a sentence: "the bias of m is not corrected: …". */
  readonly says: string;
  /** bug: wrong. form: what others do, not what the reference does. option: right, at other options. */
  readonly kind: 'bug' | 'form' | 'option';
  readonly make: MakeStep;
}

export function bug(code: string, says: string, make: MakeStep): Slip {
  return { code, says, kind: 'bug', make };
}
