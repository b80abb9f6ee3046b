import type { LossProblem } from '../loss/problem';
import { display } from './findLosses';

/** Problems of a run or an evaluation, for JSON output. */
export function placedProblems(problems: readonly LossProblem[]) {
  return problems.map(({ code, severity, message, location }) => ({
    code,
    severity,
    message,
    location: { ...location, file: display(location.file) },
  }));
}
