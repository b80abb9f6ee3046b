import type { LossAnalysis } from '../core/analysis/analysis';
import type { Report } from '../core/analysis/report';
import { toJson } from '../core/numerics/json';
import { isOptimizerName, optimizerNames } from '../core/optimizers/registry';
import { lineAfterFile } from '../core/sourceLocation';
import { isOptimizerStep } from '../loss/discovery/optimizerStep';
import { ActiveAnalysis } from '../runner/activeAnalysis';
import { BadInput, Interrupted } from './badInput';
import { findingLines } from './findingLines';
import { display } from './findLosses';
import { whileInterruptible } from './interruption';
import { jobs } from './jobs';
import { layersOf, numberOf, type RunFlags } from './layers';
import { type LimitFlags, limitsOf } from './limits';
import { placedFinding } from './placedFinding';
import { prepare, requireStart, sentences } from './prepare';
import { clearProgress, showProgress } from './progress';
import { tableText } from './tableText';

export interface AnalysisFlags extends RunFlags, LimitFlags {
  readonly json?: boolean;
}

/** `adamscope compare`: compares optimizers, dialects or data orders. */
export function compare(
  target: string,
  flags: AnalysisFlags & {
    readonly optimizers?: string;
    readonly dialects?: boolean;
    readonly orders?: string;
  },
): Promise<number> {
  if (flags.dialects) return analyse(target, flags, { kind: 'dialects' });
  if (flags.orders !== undefined)
    return analyse(target, flags, { kind: 'dataOrders', seeds: countOf('--orders', flags.orders) });
  const names = flags.optimizers?.split(',').map((name) => {
    if (!isOptimizerName(name))
      throw new BadInput(`--optimizers: unknown optimizer ${name}; available: ${optimizerNames.join(', ')}`);
    return name;
  });
  return analyse(target, flags, { kind: 'optimizers', names: names ?? null });
}

/** `adamscope lr-range`: runs the learning-rate range test. */
export function lrRange(target: string, flags: AnalysisFlags & { readonly seeds?: string }): Promise<number> {
  return analyse(target, flags, { kind: 'lrRange', seeds: countOf('--seeds', flags.seeds ?? '5') });
}

/**
 * `adamscope invariances`: checks the invariances of the optimizer on a loss, or of the user's optimizer
 * step.
 */
export function invariances(target: string, flags: AnalysisFlags): Promise<number> {
  return analyse(target, flags, { kind: 'invariances' });
}

/** @returns the exit code: 1 if a check failed */
async function analyse(target: string, flags: AnalysisFlags, analysis: LossAnalysis): Promise<number> {
  const { declaration, plan } = prepare(target, layersOf(flags));
  const { config, source } = plan;
  const isStep = analysis.kind === 'invariances' && isOptimizerStep(declaration);
  if (!isStep) requireStart(plan);
  const limits = limitsOf(flags);
  const job = isStep
    ? ({ kind: 'optimizerStep', config } as const)
    : ({ kind: 'analysis', config, analysis } as const);
  const active = new ActiveAnalysis(jobs, { source, limits, job }, (done, total) =>
    showProgress(`${done} of ${total} runs`),
  );
  const end = await whileInterruptible(active.ended, () => active.stop());
  clearProgress();
  if (end.kind === 'failed') throw new BadInput(sentences(end.problems));
  if (end.kind === 'stopped') throw new Interrupted('the analysis was stopped before it had a result');
  const { findings = [], thrownAt: at, ...rest } = end.report;
  const report = { ...rest, ...(at && { thrownAt: { ...at, file: display(at.file) } }) };
  const placed = findings.map((finding) => placedFinding(finding, declaration, []));
  console.log(
    flags.json
      ? toJson(isStep ? { ...report, findings: placed } : report, 2)
      : [textOf(report), ...placed.flatMap(findingLines)].join('\n'),
  );
  const hasError = findings.some(({ severity }) => severity === 'error');
  return hasError || report.tables.some(({ rows }) => rows.some(({ verdict }) => verdict === 'fail')) ? 1 : 0;
}

function countOf(flag: string, text: string): number {
  const count = numberOf(flag, text);
  if (!Number.isInteger(count) || count < 1 || count > 100)
    throw new BadInput(`${flag} must be an integer from 1 to 100, got ${text}`);
  return count;
}

function textOf({ title, summary, thrownAt: at, tables, notes }: Report): string {
  const place = at ? [`Thrown at ${at.file}:${lineAfterFile(at)}:${at.column}.`] : [];
  return [title, [summary, ...place].join(' '), ...tables.map(tableText), ...notes].join('\n\n');
}
