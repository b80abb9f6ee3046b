import type { LossProblem, ProblemCode } from '../problem';

/** Problems of the user's source or input. They are reported to the user; they are no fault of this program. */
export class LossFailure extends Error {
  readonly problems: readonly LossProblem[];

  constructor(problems: readonly LossProblem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
  }
}

/** A failure at the name of the loss. */
export function failureAtName(
  { location }: Pick<LossProblem, 'location'>,
  code: ProblemCode,
  message: string,
): LossFailure {
  return new LossFailure([{ code, severity: 'error', message, location }]);
}
