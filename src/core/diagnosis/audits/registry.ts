import type { OptimizerConfig } from '../../config/runConfig';
import type { FindingReport } from '../board';
import type { CodeFoundBy } from '../catalogue';
import type { Finding } from '../finding';
import { type AuditedPath, stepBound } from './stepBound';

type Audit = (reference: OptimizerConfig, paths: readonly AuditedPath[]) => FindingReport | null;

/** What is found in the steps of a user's own optimizer, by code. */
const audits = { 'step-bound': stepBound } satisfies { readonly [C in CodeFoundBy<'optimizerCheck'>]: Audit };

/** What can be said of an optimizer by its steps alone, along gradients that it did not choose. */
export function audit(reference: OptimizerConfig, paths: readonly AuditedPath[]): Finding[] {
  return Object.values(audits)
    .map((judge) => judge(reference, paths))
    .filter((report) => report !== null)
    .map((report) => ({ ...report, id: `${report.code}-1`, origin: null, location: null }));
}
