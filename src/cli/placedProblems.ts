import type { LossProblem } from '../loss/problem';
import { display } from './findLosses';

/** The problems that ended a run, as JSON shows them: the line on stderr is about the first one only. */
export function placedProblems(problems: readonly LossProblem[]) {
  return problems.map(({ code, severity, message, location }) => ({
    code,
    severity,
    message,
    location: { ...location, file: display(location.file) },
  }));
}
