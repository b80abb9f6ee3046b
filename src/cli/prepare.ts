import type { RunConfigPatch } from '../core/config/runConfig';
import { validatePatch } from '../core/config/validate';
import { lineAfterFile } from '../core/sourceLocation';
import { tagAbove } from '../loss/annotation/tagWords';
import type { LossDeclaration } from '../loss/declaration';
import { type Plan, planRun } from '../loss/plan';
import type { LossProblem, SourceProblem } from '../loss/problem';
import { exampleStart } from '../loss/start/startText';
import { BadInput } from './badInput';
import { display, findLoss } from './findLosses';
import { oneLine } from './oneLine';
import { chosenPython } from './python';

/**
 * The plan of a loss under the given layers.
 *
 * @throws BadInput with the first error, at its place
 */
export function prepare(
  target: string,
  above: readonly RunConfigPatch[],
): { readonly declaration: LossDeclaration; readonly plan: Plan } {
  // Flags are checked separately, because their problems have no place in a file.
  const wrong = above.flatMap((layer) => validatePatch(layer))[0];
  if (wrong) throw new BadInput(wrong.message);
  const declaration = findLoss(target);
  return { declaration, plan: planOf(declaration, above) };
}

/** @throws BadInput with the first error, at its place */
export function planOf(declaration: LossDeclaration, above: readonly RunConfigPatch[]): Plan {
  const plan = planRun(declaration, { below: [], above }, [], chosenPython());
  const errors = plan.problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new BadInput(sentences(errors), errors[0]!.location);
  return plan;
}

/**
 * @param flag  the flag that the message suggests
 * @throws BadInput if neither the configuration nor the module defines the start
 */
export function requireStart({ startKnown, source }: Plan, flag = '--start'): void {
  if (startKnown) return;
  const { tag, option } = exampleStart(source.form);
  throw new BadInput(
    `the start of ${source.lossName} is unknown: pass ${flag} ${option} or write ${tagAbove(source.language, 'start', tag)} above the function`,
    source.location,
  );
}

/** The first problem as "fit.ts:3:14: message", and the number of further problems. */
export function sentences(problems: readonly (SourceProblem | LossProblem)[]): string {
  const { location, message } = problems[0]!;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${display(location.file)}:${lineAfterFile(location)}:${location.column}: ${oneLine(message)}${more}`;
}
