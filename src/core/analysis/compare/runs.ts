import { directionOf, isBetter } from '../../ascent';
import { configDifferences } from '../../config/configDifferences';
import { valueAt } from '../../config/optionPath';
import { stepsPerEpochOf } from '../../config/readOptions';
import type { RunConfig } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import type { GradientMethod } from '../../objective';
import type { VerdictKind } from '../../verdict/verdict';
import type { Report, ReportChart, ReportTable } from '../report';
import { line, lossAxis } from './curves';

/** A finished or running run, as far as a comparison shows it. */
export interface ComparedRun {
  /** Unique among the compared runs. */
  readonly name: string;
  readonly config: RunConfig;
  readonly steps: number;
  /** null while the run goes on, and if it made no step. */
  readonly result: {
    readonly verdict: VerdictKind;
    readonly finalLoss: number;
    readonly bestLoss: number;
  } | null;
  /** How its gradients were computed; null if that is not known. */
  readonly gradientMode: GradientMethod | null;
  readonly dim: number;
  /** Pairs of step and value, at most a few thousand. */
  readonly loss: Float64Array;
  readonly gradNorm: Float64Array;
  readonly lr: Float64Array;
  /** The samples of the stability value; empty if it was not measured. */
  readonly stability: Float64Array;
  /** Where it parts from the first run; null for the first run itself. */
  readonly parting: Parting | null;
}

/** How a run differs from the first one. */
export interface Parting {
  /** Whether both ran the same source texts. */
  readonly isSameSource: boolean;
  /** The number of steps that both contain; null if they have different dimensions and cannot be compared. */
  readonly compared: number | null;
  /** The first difference beyond rounding; null if there is none. */
  readonly first: {
    readonly step: number;
    /** The quantities that differ at this step, such as "params[x]", in the order of the record. */
    readonly quantities: readonly string[];
    /** The values of the first of these quantities. */
    readonly ofFirst: number;
    readonly ofThis: number;
  } | null;
}

/**
 * Compares any number of runs: their curves aligned by step, what their configurations set differently, where each of them
 * parts from the first one, and their results.
 *
 * @param runs  at least one; the others are compared with the first
 * @param tolerance  relative differences up to it count as rounding
 */
export function runsReport(runs: readonly ComparedRun[], tolerance: number): Report {
  const best = bestOf(runs);
  const options = differingOptions(runs);
  return {
    title: 'Compare runs',
    summary: summaryOf(runs, best, options),
    charts: [
      chartOf('Loss', 'loss', runs, ({ loss }) => loss),
      chartOf('Gradient norm', 'gradient norm', runs, ({ gradNorm }) => gradNorm),
      ...(hasOneLr(runs) ? [] : [chartOf('Learning rate', 'lr', runs, ({ lr }) => lr)]),
      chartOf('Stability value', 'stability value', runs, ({ stability }) => stability),
    ].filter(({ lines }) => lines.length > 0),
    tables: [
      resultTable(runs, best),
      partingTable(runs),
      ...(options.length > 0 ? [optionTable(runs, options)] : []),
    ],
    notes: [
      'The charts can be aligned by step, by epoch, or by evaluations of the loss. An evaluation with an exact gradient counts as one; central differences take two more for each parameter. Without mini-batches, every step is an epoch.',
      `The loss at step t is that of the point from which step t starts. Differences of at most ${tolerance} of the largest value of a quantity so far count as rounding.`,
      ...(options.length === 0 ? ['The configurations are equal.'] : []),
    ],
  };
}

function chartOf(
  title: string,
  quantity: string,
  runs: readonly ComparedRun[],
  pairsOf: (run: ComparedRun) => Float64Array,
): ReportChart {
  const drawn = runs.filter((run) => pairsOf(run).length > 0);
  const values = drawn.flatMap((run) => [...pairsOf(run)].filter((_, i) => i % 2 === 1));
  return {
    title,
    x: { title: alignments[0], log: false },
    y: { ...lossAxis(values), title: quantity },
    lines: drawn.map((run) => ({ ...line(run.name, pairsOf(run)), scales: scalesOf(run) })),
    alignments,
    marks: [],
  };
}

/** Whether a chart of the learning rates would show one straight line. */
function hasOneLr(runs: readonly ComparedRun[]): boolean {
  const values = runs.flatMap(({ lr }) => [...lr].filter((_, i) => i % 2 === 1));
  return new Set(values).size <= 1;
}

const alignments = ['step', 'epoch', 'evaluations'] as const;

/** For each alignment, how much of it a step of the run is. Without mini-batches, every step is an epoch. */
function scalesOf({ config, gradientMode, dim }: ComparedRun): number[] {
  return [1, 1 / stepsPerEpochOf(config), gradientMode === 'finite-difference' ? 1 + 2 * dim : 1];
}

/** The run with the best finite final loss; null if the losses are not comparable, because texts differ. */
function bestOf(runs: readonly ComparedRun[]): ComparedRun | null {
  if (runs.length < 2 || runs.some(({ parting }) => parting !== null && !parting.isSameSource)) return null;
  const direction = directionOf(runs[0]!.config);
  return runs.reduce<ComparedRun | null>((best, run) => {
    const loss = run.result?.finalLoss ?? Number.NaN;
    if (!Number.isFinite(loss)) return best;
    return !best || isBetter(loss, best.result!.finalLoss, direction) ? run : best;
  }, null);
}

function summaryOf(
  runs: readonly ComparedRun[],
  best: ComparedRun | null,
  options: readonly string[],
): string {
  const sentences: string[] = [];
  if (best) {
    const word = best.config.maximize ? 'highest' : 'lowest';
    sentences.push(
      `Of ${runs.length} runs, ${best.name} has the ${word} final loss: ${formatNumber(best.result!.finalLoss)}.`,
    );
  } else if (runs.some(({ parting }) => parting && !parting.isSameSource))
    sentences.push('The source texts of the runs differ, so their losses may be of different functions.');
  sentences.push(
    options.length === 0
      ? 'Their configurations are equal.'
      : `Their configurations differ in ${options.slice(0, 4).join(', ')}${options.length > 4 ? ` and ${options.length - 4} more options` : ''}.`,
  );
  const steps = runs.flatMap(({ parting }) => (parting?.first ? [parting.first.step] : []));
  if (steps.length > 0) sentences.push(`The first difference in the steps is at step ${Math.min(...steps)}.`);
  else if (runs.length > 1 && runs.every(({ parting }) => !parting || parting.compared !== null))
    sentences.push('Their common steps agree.');
  return sentences.join(' ');
}

function resultTable(runs: readonly ComparedRun[], best: ComparedRun | null): ReportTable {
  return {
    title: 'Results',
    columns: [
      { title: 'run', isNumber: false },
      { title: 'outcome', isNumber: false },
      { title: 'final loss', isNumber: true },
      { title: 'best loss', isNumber: true },
      { title: 'steps', isNumber: true },
    ],
    rows: runs.map((run) => ({
      cells: [
        run.name,
        run.result?.verdict ?? 'not ended',
        run.result ? formatNumber(run.result.finalLoss, 6) : '',
        run.result ? formatNumber(run.result.bestLoss, 6) : '',
        String(run.steps),
      ],
      verdict: run === best ? 'best' : null,
      patch: null,
    })),
  };
}

function partingTable(runs: readonly ComparedRun[]): ReportTable {
  const [first, ...others] = runs;
  return {
    title: `Where each run parts from ${first!.name}`,
    columns: [
      { title: 'run', isNumber: false },
      { title: 'first step', isNumber: true },
      { title: 'quantities', isNumber: false },
      { title: first!.name, isNumber: true },
      { title: 'this run', isNumber: true },
      { title: 'source texts', isNumber: false },
    ],
    rows: others.map(({ name, parting }) => ({
      cells: [name, ...partingCells(parting!), parting!.isSameSource ? 'equal' : 'different'],
      verdict: null,
      patch: null,
    })),
  };
}

function partingCells({ compared, first }: Parting): string[] {
  if (compared === null) return ['', 'different number of parameters', '', ''];
  if (!first) return ['never', `all of ${compared} common steps`, '', ''];
  const [quantity, ...others] = first.quantities;
  const named = others.length > 0 ? `${quantity}; also ${others.join(', ')}` : quantity!;
  return [String(first.step), named, String(first.ofFirst), String(first.ofThis)];
}

/** The paths of the options that are not equal in all runs. */
function differingOptions(runs: readonly ComparedRun[]): string[] {
  const [first, ...others] = runs;
  const paths = others.flatMap(({ config }) =>
    configDifferences(first!.config, config).map(({ path }) => path),
  );
  return [...new Set(paths)];
}

function optionTable(runs: readonly ComparedRun[], options: readonly string[]): ReportTable {
  return {
    title: 'Options that differ',
    columns: [
      { title: 'option', isNumber: false },
      ...runs.map(({ name }) => ({ title: name, isNumber: false })),
    ],
    rows: options.map((path) => ({
      cells: [path, ...runs.map(({ config }) => valueText(valueAt(config, path)))],
      verdict: null,
      patch: null,
    })),
  };
}

const textAtMost = 60;

function valueText(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > textAtMost ? `${text.slice(0, textAtMost - 1)}…` : text;
}
