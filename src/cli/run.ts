import { lossWord } from '../core/ascent';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import { expectationWords } from '../core/expectation';
import { accuracyWords } from '../core/gradient/differenceAccuracy';
import { formatNumber } from '../core/numerics/format';
import { toJson } from '../core/numerics/json';
import { searchSentence } from '../core/verify/search/searchBudget';
import { environmentWords } from '../loss/environment';
import type { Plan } from '../loss/plan';
import type { LossProblem } from '../loss/problem';
import { BadInput, Interrupted } from './badInput';
import { findingLines, fixLines, problemLine } from './findingLines';
import { display } from './findLosses';
import { budgetOf } from './fixBudget';
import { interruption } from './interruption';
import { layersOf, type RunFlags } from './layers';
import { type LimitFlags, limitsOf } from './limits';
import { outFileOf } from './outFile';
import { placedProblems } from './placedProblems';
import { prepare, requireStart, sentences } from './prepare';
import { type RunReport, runToEnd } from './runToEnd';
import { StepsFile } from './stepsFile';

export interface RunOptions extends RunFlags, LimitFlags {
  readonly verify: boolean;
  readonly fixBudget?: string;
  readonly diagnosis?: DiagnosisLevel;
  readonly json?: boolean;
  readonly stepsOut?: string;
  readonly out?: string;
}

/**
 * `adamscope run`: a run from start to end.
 *
 * @returns the exit code: 1 if there is a finding of severity error, the verdict is `diverged` or `broken`, or the
 *   `@expect` is not met
 * @throws BadInput if the loss cannot be run, or fails during the run (after the results so far have been printed)
 */
export async function run(target: string, options: RunOptions): Promise<number> {
  const limits = limitsOf(options);
  const above = layersOf(options);
  const { declaration, plan } = prepare(target, above);
  requireStart(plan);
  const steps =
    options.stepsOut === undefined ? {} : { stepsFile: new StepsFile(options.stepsOut, plan.config) };
  const { report, end } = await runToEnd({
    declaration,
    plan,
    above,
    limits,
    verify: options.verify,
    budget: budgetOf(options),
    prints: (problem) => !options.json && isResult(problem),
    ...(options.diagnosis ? { diagnosis: options.diagnosis } : {}),
    ...steps,
    ...(options.out === undefined ? {} : { outFile: outFileOf(options.out, declaration, plan, above) }),
  });
  const { expect } = plan.config;
  const expected = expect && end.expectation && expectationWords(expect, end.expectation);
  if (!report && interruption.aborted)
    throw new Interrupted(`${declaration.name} was stopped before its first step`);
  if (options.json)
    console.log(toJson(report ?? { loss: notLoaded(plan), problems: placedProblems(end.problems) }, 2));
  else if (report) console.log(textOf(report, expected));
  if (end.problems.length > 0) throw new BadInput(sentences(end.problems));
  const isMet = end.expectation?.met ?? true;
  if (options.json && !isMet) console.error(`adamscope: ${expected}`);
  return isMet && report && !isBad(report) ? 0 : 1;
}

/** The description of a loss that could not be loaded: only its file and name are known. */
function notLoaded({ source: { file, lossName } }: Plan) {
  return { file: display(file), name: lossName, dim: null };
}

/** Whether the run diverged or broke, or has a finding of severity error. */
function isBad({ verdict: { kind }, findings }: RunReport): boolean {
  return kind === 'diverged' || kind === 'broken' || findings.some(({ severity }) => severity === 'error');
}

/** Whether the loss at the final point is known. It is not if the run was ended during an evaluation. */
function isEvaluated({ stopped, final }: RunReport): boolean {
  const isCut = stopped === 'user' || stopped === 'timeout' || stopped === 'error';
  return !isCut || !Number.isNaN(final.loss) || !Number.isNaN(final.gradNorm);
}

/** Whether a warning is about the user's code, as a finding is, and not about how the run was made. */
function isResult({ code }: Pick<LossProblem, 'code'>): boolean {
  return code === 'optimizer-check';
}

function optimizerWords({ config: { optimizer } }: RunReport): string {
  const { name, lr, own } = optimizer;
  return own === undefined ? `${name} lr ${lr}` : `${own} (marked as ${name} lr ${lr})`;
}

function gradientWords({ gradientMode, environment, differenceAccuracy }: RunReport): string {
  const parts = [
    ...(environment?.gradientBy && gradientMode === 'exact' ? [environment.gradientBy] : []),
    ...(differenceAccuracy ? [accuracyWords(differenceAccuracy)] : []),
  ];
  return `${gradientMode} gradient${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

function textOf(report: RunReport, expected: string | null): string {
  const { loss, config, steps, stopped, final, best, verdict, findings, problems, search } = report;
  const numbers = (values: Float64Array) => {
    const shown = [...values.subarray(0, 8)].map((value) => formatNumber(value, 6)).join(', ');
    return `[${shown}${values.length > 8 ? ', …' : ''}]`;
  };
  return [
    `${loss.name} (${loss.file}): ${optimizerWords(report)}, ${gradientWords(report)}`,
    ...(report.environment ? [`    ${environmentWords(report.environment)}`] : []),
    verdict.headline,
    `    ${verdict.detail}`,
    ...verdict.fixes.flatMap(fixLines),
    ...(verdict.refusal ? [`    ${verdict.refusal}`] : []),
    ...(search ? [`    ${searchSentence(search)}`] : []),
    `${steps} ${steps === 1 ? 'step' : 'steps'}, stopped: ${stopped}`,
    isEvaluated(report)
      ? `final  ${lossWord(config)} ${formatNumber(final.loss, 6)} at ${numbers(final.params)}, gradient norm ${formatNumber(final.gradNorm)}`
      : `final  not evaluated, at ${numbers(final.params)}`,
    ...(steps === 0 && !isEvaluated(report)
      ? []
      : [
          `${verdict.isBestLucky ? `${config.maximize ? 'highest' : 'lowest'} single` : 'best  '} ${config.validation === null ? '' : 'validation '}${lossWord(config)} ${formatNumber(best.loss, 6)} at ${numbers(best.params)} (t = ${best.t})`,
        ]),
    ...(expected === null ? [] : [expected]),
    ...problems.filter(isResult).map(problemLine),
    ...findings.flatMap(findingLines),
  ].join('\n');
}
