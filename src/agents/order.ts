import type { RunConfigPatch } from '../core/config/runConfig';
import { validatePatch } from '../core/config/validate';
import { lineAfterFile } from '../core/sourceLocation';
import { tagAbove } from '../loss/annotation/tagWords';
import type { LossDeclaration } from '../loss/declaration';
import { planRun } from '../loss/plan';
import type { LossProblem, SourceProblem } from '../loss/problem';
import { exampleStart } from '../loss/start/startText';
import type { RunOrder } from '../runs/runOrder';
import type { Roots } from './roots';
import { ToolProblem } from './toolProblem';
import type { Surroundings } from './workplace';

/**
 * The order of a run of a loss.
 *
 * @param overrides  options that override the annotation, as a client sent them
 * @throws ToolProblem if it cannot be run, with the place
 */
export function orderOf(
  declaration: LossDeclaration,
  { defaults, texts, interpreter, ...rest }: Surroundings,
  overrides: RunConfigPatch,
  roots: Roots,
): RunOrder {
  const [wrong] = validatePatch(overrides);
  if (wrong) throw new ToolProblem(`configuration: ${wrong.message}`);
  const layers = { below: [defaults], above: [overrides] };
  const { config, source, startKnown, problems } = planRun(declaration, layers, texts, interpreter);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ToolProblem(problemSentence(errors, roots));
  if (!startKnown) {
    const { tag } = exampleStart(source.form);
    throw new ToolProblem(
      `the start of ${source.lossName} is unknown: pass start in the configuration, or write ${tagAbove(source.language, 'start', tag)} above the function`,
    );
  }
  return { config, source, overrides, ...rest };
}

/** The first problem as "fit.ts:3:14: message", and the number of further problems. */
export function problemSentence(problems: readonly (SourceProblem | LossProblem)[], roots: Roots): string {
  const { location, message } = problems[0]!;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${roots.display(location.file)}:${lineAfterFile(location)}:${location.column}: ${message}${more}`;
}
