import type { LossProblem } from '../loss/problem';
import { display } from './findLosses';

/** The problems that ended a run, for JSON output. The line on stderr describes only the first one. */
export function placedProblems(problems: readonly LossProblem[]) {
  return problems.map(({ code, severity, message, location }) => ({
    code,
    severity,
    message,
    location: { ...location, file: display(location.file) },
  }));
}
