import { Refusal } from '../autodiff/refusal';
import type { LossProblem, ProblemCode } from '../loss/problem';
import { WrongResultError } from '../loss/providers/javascript/userObjective';
import type { LossSource } from '../loss/source';
import { ForbiddenCallError } from './guards';

/** Where in the user's source an error was thrown; null if no frame of it is the user's. */
export type Locate = (error: unknown) => Pick<LossProblem, 'location' | 'stack'> | null;

/** Problems of the user's source or input: they are told to the user, never thrown past the session. */
export class JobFailure extends Error {
  readonly problems: readonly LossProblem[];
  constructor(problems: readonly LossProblem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
  }
}

/** A failure at the loss's name. */
export function fail(source: LossSource, code: ProblemCode, message: string): JobFailure {
  return new JobFailure([{ code, severity: 'error', message, location: source.location }]);
}

/** What the user's code threw, in one sentence and at its line, or at the loss's name if it has none. */
export function problemOf(error: unknown, source: LossSource, locate: Locate, step?: number): LossProblem {
  const place = error instanceof WrongResultError ? null : locate(error);
  const when = step === undefined ? '' : ` at step ${step}`;
  const [code, message]: [ProblemCode, string] =
    error instanceof WrongResultError
      ? ['wrong-result', `${error.message}${when && ` (${when.trim()})`}`]
      : error instanceof Refusal
        ? ['no-exact-gradient', `${error.message}${when}`]
        : error instanceof ForbiddenCallError
          ? ['forbidden-call', error.message]
          : ['loss-threw', `${source.lossName} failed${when}: ${sentenceOf(error)}`];
  return { code, severity: 'error', message, ...(place ?? { location: source.location }) };
}

/** "TypeError: x is not a function", or what a value that is no error looks like. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error) return error.message ? `${error.name}: ${error.message}` : error.name;
  return `threw ${JSON.stringify(error) ?? String(error)}`;
}
