import type { Severity } from '../../core/diagnosis/severity';
import type { VerdictKind } from '../../core/verdict/verdict';
import type { Run } from '../../runs/run';

/** The names of VS Code's icons that stand for a state of a run. */
export type RunIcon = 'debug-pause' | 'pulse' | 'check' | 'ellipsis' | Severity;

const verdictIcons: { readonly [K in VerdictKind]: RunIcon } = {
  converged: 'check',
  'still-improving': 'ellipsis',
  stalled: 'warning',
  unstable: 'warning',
  unbounded: 'warning',
  diverged: 'error',
  broken: 'error',
};

/** A check mark only if the run converged, or met its expectation, and nothing speaks against it. */
export function runIcon(run: Run): RunIcon {
  const { verdict, expectation } = run;
  const { status, findings } = run.record;
  const has = (severity: Severity) => findings.some((finding) => finding.severity === severity);
  if (status === 'paused') return 'debug-pause';
  if (run.isLive) return 'pulse';
  if (status === 'failed' || has('error')) return 'error';
  if (status === 'interrupted' || has('warning') || expectation?.met === false) return 'warning';
  if (expectation?.met) return 'check';
  return verdict ? verdictIcons[verdict.kind] : 'info';
}
