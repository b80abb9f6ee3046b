import type { OptimizerConfig } from '../../config/runConfig';
import type { CodeFoundBy } from '../catalogue';
import type { Finding, FindingReport } from '../finding';
import { type AuditedPath, stepBound } from './stepBound';

type Audit = (reference: OptimizerConfig, paths: readonly AuditedPath[]) => FindingReport | null;

/** The checks of the steps of a user-defined optimizer, by code. */
const audits = { 'step-bound': stepBound } satisfies { readonly [C in CodeFoundBy<'optimizerCheck'>]: Audit };

/** The findings from the steps of an optimizer for given gradients. */
export function audit(reference: OptimizerConfig, paths: readonly AuditedPath[]): Finding[] {
  return Object.values(audits)
    .map((judge) => judge(reference, paths))
    .filter((report) => report !== null)
    .map((report) => ({ ...report, id: `${report.code}-1`, origin: null, location: null }));
}
