import type { LossProblem, ProblemCode } from '../problem';

/**
 * Problems in the user's source or input, to be reported to the user. They are not errors of this program.
 */
export class LossFailure extends Error {
  readonly problems: readonly LossProblem[];

  constructor(problems: readonly LossProblem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
  }
}

/** Makes a failure with one problem, whose place is the name of the loss. */
export function failureAtName(
  { location }: Pick<LossProblem, 'location'>,
  code: ProblemCode,
  message: string,
): LossFailure {
  return new LossFailure([{ code, severity: 'error', message, location }]);
}
