import { type ComparedRun, type Parting, runsReport } from '../../core/analysis/compare/runs';
import type { Report } from '../../core/analysis/report';
import { recordPlaces } from '../../core/trace/layout';
import { Quantities } from '../../core/trace/quantities';
import type { RunInFile } from '../files/runInFile';
import { quantityName } from '../quantityName';
import type { RunRecord } from '../runRecord';
import { firstDifferencesOfRuns, roundingTolerance } from './firstDifferencesOfRuns';

/** A run to compare, and what it is called in the report. */
export interface NamedRun {
  readonly name: string;
  readonly run: RunInFile;
}

const pointsAtMost = 1000;

/**
 * The report on several runs in files: the others are compared with the first.
 *
 * @throws UnreadableRun if a file can no longer be read
 */
export async function compareRuns(runs: readonly NamedRun[]): Promise<Report> {
  const compared: ComparedRun[] = [];
  for (const [i, { name, run }] of runs.entries()) {
    const parting = i === 0 ? null : await partingOf(runs[0]!.run, run);
    compared.push(await comparedRun(uniqueName(name, compared), run, parting));
  }
  return runsReport(compared, roundingTolerance);
}

async function comparedRun(name: string, run: RunInFile, parting: Parting | null): Promise<ComparedRun> {
  const { config, steps, outcome, gradientMode, layout } = run.record;
  const every = Math.max(1, Math.ceil(steps / pointsAtMost));
  const loss: number[] = [];
  const gradNorm: number[] = [];
  const lr: number[] = [];
  const stability: number[] = [];
  const quantities = layout && new Quantities(layout, config);
  const stabilityAt = quantities?.has('stability') ? quantities.reader('stability', 0) : null;
  for await (const { data, offset } of run.steps()) {
    const t = data[offset + recordPlaces.t]!;
    // It is measured at some steps only, all of which are taken.
    const sample = stabilityAt?.(data, offset) ?? Number.NaN;
    if (!Number.isNaN(sample)) stability.push(t, sample);
    if ((t - 1) % every !== 0 && t !== steps) continue;
    loss.push(t, data[offset + recordPlaces.loss]!);
    gradNorm.push(t, data[offset + recordPlaces.gradNorm]!);
    lr.push(t, data[offset + recordPlaces.lr]!);
  }
  return {
    name,
    config,
    steps,
    gradientMode,
    dim: layout?.dim ?? 0,
    result: outcome && {
      verdict: outcome.verdict.kind,
      finalLoss: outcome.final.loss,
      bestLoss: outcome.best.loss,
    },
    loss: Float64Array.from(loss),
    gradNorm: Float64Array.from(gradNorm),
    lr: Float64Array.from(lr),
    stability: Float64Array.from(stability),
    parting,
  };
}

async function partingOf(first: RunInFile, run: RunInFile): Promise<Parting> {
  const { first: differences, compared } = await firstDifferencesOfRuns(first, run);
  const [earliest] = differences;
  return {
    isSameSource: textsOf(first.record) === textsOf(run.record),
    compared,
    first: earliest
      ? {
          step: earliest.t,
          quantities: differences
            .filter(({ t }) => t === earliest.t)
            .map((difference) => quantityName(difference, first.record)),
          ofFirst: earliest.a,
          ofThis: earliest.b,
        }
      : null,
  };
}

function textsOf({ source }: RunRecord): string {
  return JSON.stringify([source.lossName, source.texts]);
}

function uniqueName(name: string, before: readonly ComparedRun[]): string {
  const isTaken = (candidate: string) => before.some((run) => run.name === candidate);
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}
