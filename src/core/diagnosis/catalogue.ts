import type { Severity } from './finding';

interface CatalogueEntry {
  readonly severity: Severity;
  /** One line for lists; the whole story is `docs/diagnoses/<code>.md`. */
  readonly summary: string;
}

/** Every diagnosis that Adamscope makes. `docs/diagnoses/<code>.md` is its page. */
export const catalogue = {
  divergence: { severity: 'error', summary: 'the loss grows far beyond where it started' },
  'instability-at-start': {
    severity: 'warning',
    summary: 'the loss jumps up in the first steps and comes back',
  },
  'non-finite-loss': { severity: 'error', summary: 'the loss became NaN or infinite' },
  'non-finite-gradient': {
    severity: 'error',
    summary: 'a coordinate of the gradient became NaN or infinite',
  },
  'gradient-mismatch': { severity: 'error', summary: 'the gradient is not that of the loss' },
  'non-deterministic-loss': {
    severity: 'warning',
    summary: 'two evaluations at one point differ',
  },
  plateau: { severity: 'warning', summary: 'the loss stopped improving' },
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosisCode = keyof typeof catalogue;

/** What is found by evaluating the loss again, not by watching the steps. */
export type CheckCode = 'gradient-mismatch' | 'non-deterministic-loss';
