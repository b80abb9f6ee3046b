import type { Finding, Fix } from '../diagnosis/finding';
import type { SearchReport } from './search/searchBudget';
import type { VerifiedFixes } from './verificationSetting';

export interface Verification {
  readonly fixes: VerifiedFixes;
  /** One sentence per finding that says why none of its fixes helps; null if one helps or none was tried. */
  readonly refusals: readonly (string | null)[];
  /** The same for the verdict. */
  readonly ofVerdict: Judged;
  /** What the search has spent; null if there was none. */
  readonly search: SearchReport | null;
  /** false: the user stopped before all candidates were tried. */
  readonly isComplete: boolean;
}

/** The fixes that help, best first. If none helps, the reason. */
export interface Judged {
  readonly fixes: readonly Fix[];
  readonly refusal: string | null;
}

/** A verification without results. */
export function nothingVerified(findings: readonly Finding[], isComplete: boolean): Verification {
  return {
    fixes: findings.map(() => []),
    refusals: findings.map(() => null),
    ofVerdict: { fixes: [], refusal: null },
    search: null,
    isComplete,
  };
}
