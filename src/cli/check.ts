import { statSync } from 'node:fs';
import { inTagsOf, tagAbove } from '../loss/annotation/tagWords';
import type { LossDeclaration } from '../loss/declaration';
import { hasExpectation } from '../loss/discovery/hasExpectation';
import type { JobLimits } from '../protocol/jobProcess';
import { BadInput, Interrupted } from './badInput';
import { type Checked, formats, type Unchecked } from './checkFormats';
import { DistinctDeclarations, display, findExpectations, findLoss } from './findLosses';
import { type LimitFlags, limitsOf } from './limits';
import { oneLine } from './oneLine';
import { planOf, requireStart, sentences } from './prepare';
import { runToEnd } from './runToEnd';
import { filesAt } from './sourceFiles';

export interface CheckOptions extends LimitFlags {
  readonly format: string;
  readonly verify: boolean;
}

/**
 * `adamscope check`: runs every loss that has `@expect`. A loss that cannot be run is reported on stderr, and the others are
 * still checked.
 *
 * @returns the exit code: 0 if all expectations are met; 1 if one is not, or if a loss has a finding of severity error; 2 if
 *   something could not be run
 * @throws BadInput if no loss has `@expect`, because a check of nothing must not pass
 */
export async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  const format = Object.hasOwn(formats, options.format) ? formats[options.format] : undefined;
  if (!format)
    throw new BadInput(
      `--format: unknown format ${options.format}; available: ${Object.keys(formats).join(', ')}`,
    );
  const limits = limitsOf(options);
  const errors: Unchecked[] = [];
  const onError = (error: unknown, what: Omit<Unchecked, 'error'>) => {
    if (!(error instanceof BadInput)) throw error;
    const unchecked = { ...what, error };
    errors.push(unchecked);
    console.error(`adamscope: ${oneLine(error.message)}`);
    format.bad(unchecked);
  };
  const declarations = declarationsWithExpect(paths, onError);
  if (declarations.length === 0 && errors.length === 0)
    throw new BadInput(
      `no loss in ${paths.join(', ')} has @expect: write, for example, @expect loss<1e-8 within 5000 above one`,
    );
  const all: Checked[] = [];
  for (const declaration of declarations) {
    const startedAt = performance.now();
    try {
      const checked = await checkLoss(declaration, limits, options.verify);
      all.push(checked);
      format.checked(checked);
    } catch (error) {
      if (error instanceof Interrupted) {
        console.error(`adamscope: ${oneLine(error.message)}`);
        break;
      }
      onError(error, { what: declaration, elapsedMs: performance.now() - startedAt });
    }
  }
  format.end(all, errors);
  if (errors.length > 0) return 2;
  return all.every(({ passed }) => passed) ? 0 : 1;
}

/** All functions with `@expect` at the paths, each once. */
function declarationsWithExpect(
  paths: readonly string[],
  onError: (error: unknown, what: Omit<Unchecked, 'error'>) => void,
): LossDeclaration[] {
  const found = new DistinctDeclarations();
  const attempt = (path: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      onError(error, { what: path, elapsedMs: 0 });
    }
  };
  for (const target of paths)
    attempt(target, () => {
      const isPath = statSync(target, { throwIfNoEntry: false }) !== undefined;
      if (!isPath && target.lastIndexOf('#') > 0) found.add([lossWithExpect(target)]);
      else
        for (const file of filesAt(target)) attempt(display(file), () => found.add(findExpectations(file)));
    });
  return found.all;
}

function lossWithExpect(target: string): LossDeclaration {
  const declaration = findLoss(target);
  const { language } = declaration;
  if (!hasExpectation(declaration))
    throw new BadInput(
      `${target} has no ${inTagsOf(language, '@expect')}: write, for example, ${tagAbove(language, 'expect', 'loss<1e-8 within 5000')} above it`,
      declaration.location,
    );
  return declaration;
}

/** @throws BadInput if the loss cannot be run, or fails while it runs */
async function checkLoss(declaration: LossDeclaration, limits: JobLimits, verify: boolean): Promise<Checked> {
  const plan = planOf(declaration, []);
  requireStart(plan);
  const { report, end } = await runToEnd({ declaration, plan, above: [], limits, verify, budget: null });
  const [problem] = end.problems;
  if (problem) throw new BadInput(sentences(end.problems), problem.location);
  const { expect } = plan.config;
  const { expectation } = end;
  if (!report || !expect || !expectation || report.stopped === 'user')
    throw new Interrupted(`the check was stopped during the run of ${declaration.name}`);
  const hasError = report.findings.some(({ severity }) => severity === 'error');
  return { declaration, expect, result: expectation, report, passed: expectation.met && !hasError };
}
