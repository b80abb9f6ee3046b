import type { RunConfig } from '../config/runConfig';
import type { Finding } from '../diagnosis/finding';
import { isCut, lacksTerm } from '../diagnosis/lacksTerm';
import type { Verdict } from '../verdict/verdict';
import { aimOfCode } from './aims';
import { verdictTarget } from './fixTarget';

/** Whether the verification of a run would try anything. */
export function isWorthVerifying(
  { optimizer }: RunConfig,
  findings: readonly Finding[],
  verdict: Verdict | null,
  isSearched: boolean,
): boolean {
  // A change of the configuration does not reach an optimizer that the user wrote.
  if (optimizer.own !== undefined) return false;
  return (
    findings.some(
      ({ code, severity, fixes }) => fixes.length > 0 || (severity !== 'info' && aimOfCode(code).edits),
    ) ||
    verdictTarget(withFixes(findings, verdict)) !== null ||
    (isSearched && wantsSearch(findings, withFixes(findings, verdict)))
  );
}

/** The verdict, if a configuration can help: not where the gradient lacks a term of the loss. */
export function withFixes(findings: readonly Finding[], verdict: Verdict | null): Verdict | null {
  const isBlind = verdict?.kind === 'stalled' && findings.some(isCut);
  return isBlind || lacksTerm(findings) ? null : verdict;
}

/** Whether a search may find what helps: not where an error lies in the loss itself. */
export function wantsSearch(findings: readonly Finding[], verdict: Verdict | null): boolean {
  if (findings.some(({ code, severity }) => severity === 'error' && aimOfCode(code).isOfLoss)) return false;
  return verdictTarget(verdict) !== null || findings.some(asksForSearch);
}

export function asksForSearch({ code, severity }: Finding): boolean {
  return severity !== 'info' && !aimOfCode(code).isOfLoss;
}
