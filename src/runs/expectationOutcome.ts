import type { LossProblem } from '../loss/problem';
import type { Run } from './run';

/** The result of a run as a test of its `@expect`. */
export type ExpectationOutcome =
  | { readonly kind: 'passed' | 'failed' }
  /** The loss could not be run to its end. */
  | { readonly kind: 'errored'; readonly problems: readonly LossProblem[] }
  /** The run has no result: it was stopped, or expects nothing. */
  | { readonly kind: 'unknown' };

/** By the rule of `adamscope check`: a test also fails if a finding is an error, even where the expectation is met. */
export function expectationOutcome({ record, isLive }: Run): ExpectationOutcome {
  const { status, problems, expectation, findings, stopped } = record;
  if (status === 'failed')
    return { kind: 'errored', problems: problems.filter(({ severity }) => severity === 'error') };
  if (isLive || status === 'interrupted' || stopped === 'user' || !expectation) return { kind: 'unknown' };
  const hasError = findings.some(({ severity }) => severity === 'error');
  return { kind: expectation.met && !hasError ? 'passed' : 'failed' };
}
