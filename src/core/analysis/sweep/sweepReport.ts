import { lossWord } from '../../ascent';
import { textOfValue, valueAt } from '../../config/optionPath';
import type { RunConfig, RunConfigPatch } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import { lossAxis } from '../compare/curves';
import type { HeatmapCell, Report, ReportTable } from '../report';
import { bestCell, hasLoss, type SweptCell } from './sweptCell';

/** An option and the values that a sweep gives it. */
interface Axis {
  /** "optimizer.lr" */
  readonly path: string;
  readonly values: readonly unknown[];
}

/** A cell of a sweep that the dashboard shows. */
export interface ShownCell extends SweptCell {
  readonly patch: RunConfigPatch;
  /** The id of its run; null if there is none. */
  readonly run: string | null;
}

export interface Sweep {
  /** The configuration that the sweep changes. */
  readonly config: RunConfig;
  readonly x: Axis;
  readonly y: Axis | null;
  /** Row by row (y). */
  readonly cells: readonly ShownCell[];
}

const bestShown = 5;

/** A sweep, finished or not: a heatmap of the results, and the best of them. */
export function sweepReport(sweep: Sweep): Report {
  const { config, x, y, cells } = sweep;
  const word = `final ${lossWord(config)}`;
  const values = Float64Array.from(cells, ({ result }) =>
    result && hasLoss(result) ? result.loss : Number.NaN,
  );
  const isPresent = (cell: ShownCell) => isPresentCell(sweep, cell);
  const axisOf = (axis: Axis) => ({ title: axis.path, values: axis.values.map(textOfValue) });
  return {
    title: 'Sweep two options',
    summary: summaryOf(sweep),
    heatmaps: [
      {
        title: `${word[0]!.toUpperCase()}${word.slice(1)} by ${shortOf(x)}${y ? ` and ${shortOf(y)}` : ''}`,
        quantity: word,
        x: axisOf(x),
        y: y && axisOf(y),
        values,
        log: lossAxis([...values]).log,
        maximizes: config.maximize,
        cells: cells.map(
          (cell): HeatmapCell => ({
            verdict: cell.result?.verdict ?? null,
            isBeyondLimit: cell.result?.crossing === undefined ? null : cell.result.crossing !== null,
            isPresent: isPresent(cell),
            text: `${settingOf(sweep, cell)}: ${outcomeOf(cell, word)}${isPresent(cell) ? '; the present configuration' : ''}`,
            run: cell.run,
            patch: cell.patch,
          }),
        ),
      },
    ],
    charts: [],
    tables: tablesOf(sweep, word),
    notes: notesOf(sweep),
  };
}

function shortOf({ path }: Axis): string {
  return path.startsWith('optimizer.') ? path.slice('optimizer.'.length) : path;
}

/** "lr = 0.1, beta2 = 0.9" */
function settingOf({ x, y }: Sweep, cell: SweptCell): string {
  const ofX = `${shortOf(x)} = ${textOfValue(cell.x)}`;
  return y ? `${ofX}, ${shortOf(y)} = ${textOfValue(cell.y)}` : ofX;
}

function outcomeOf({ result }: SweptCell, word: string): string {
  if (!result) return 'not run';
  const { loss, verdict, crossing, steps } = result;
  const reached = hasLoss(result) ? `${word} ${formatNumber(loss, 4)}, ${verdict}` : verdict;
  const limit = crossing
    ? `; passed its stability limit at step ${crossing.step} (${formatNumber(crossing.stability)} against ${formatNumber(crossing.limit)})`
    : '';
  return `${reached} after ${steps} steps${limit}`;
}

function isPresentCell({ config, x, y }: Sweep, cell: SweptCell): boolean {
  const isSet = (axis: Axis, value: unknown) =>
    JSON.stringify(valueAt(config, axis.path)) === JSON.stringify(value);
  return isSet(x, cell.x) && (y === null || isSet(y, cell.y));
}

function summaryOf(sweep: Sweep): string {
  const { config, cells } = sweep;
  const made = cells.filter(({ result }) => result !== null);
  const best = bestCell(cells, config);
  const present = cells.find((cell) => isPresentCell(sweep, cell))?.result;
  const word = lossWord(config);
  const sentences: string[] = [];
  if (made.length < cells.length) sentences.push(`${made.length} of ${cells.length} runs have a result.`);
  if (best) {
    const against =
      present && hasLoss(present)
        ? ` The present configuration reaches ${formatNumber(present.loss)}.`
        : present
          ? ` The run with the present configuration is ${present.verdict}.`
          : '';
    sentences.push(
      `The ${config.maximize ? 'highest' : 'lowest'} final ${word} is ${formatNumber(best.result!.loss)}, at ${settingOf(sweep, best)}.${against}`,
    );
  } else if (made.length > 0) sentences.push(`No run has a final ${word} that is a result.`);
  const beyond = made.filter(({ result }) => result!.crossing).length;
  if (beyond > 0)
    sentences.push(
      beyond === 1 ? '1 run passed its stability limit.' : `${beyond} runs passed their stability limit.`,
    );
  return sentences.join(' ') || 'No run has a result yet.';
}

function tablesOf(sweep: Sweep, word: string): ReportTable[] {
  const { config, x, y, cells } = sweep;
  const order = cells
    .filter(({ result }) => result !== null && hasLoss(result))
    .toSorted((a, b) => (config.maximize ? -1 : 1) * (a.result!.loss - b.result!.loss))
    .slice(0, bestShown);
  if (order.length === 0) return [];
  const best = bestCell(cells, config);
  return [
    {
      title: 'Best runs',
      columns: [
        { title: 'setting', isNumber: false },
        { title: word, isNumber: true },
        { title: 'outcome', isNumber: false },
        { title: 'stability limit', isNumber: false },
      ],
      rows: order.map((cell) => ({
        cells: [
          `${shortOf(x)}=${textOfValue(cell.x)}${y ? ` ${shortOf(y)}=${textOfValue(cell.y)}` : ''}`,
          formatNumber(cell.result!.loss, 6),
          cell.result!.verdict,
          limitText(cell),
        ],
        verdict: cell === best ? 'best' : null,
        patch: cell.patch,
      })),
    },
  ];
}

function limitText({ result }: SweptCell): string {
  const crossing = result?.crossing;
  if (crossing === undefined) return 'not measured';
  return crossing === null ? 'not reached' : `passed at step ${crossing.step}`;
}

function notesOf(sweep: Sweep): string[] {
  const { config, x, y, cells } = sweep;
  const present = [x, ...(y ? [y] : [])].map(
    (axis) => `${shortOf(axis)} = ${textOfValue(valueAt(config, axis.path) ?? null)}`,
  );
  return [
    'Each cell is one run with one seed, kept in the view Runs. A run counts as beyond its stability limit if consecutive samples of its stability value are at or above the limit.',
    ...(cells.some((cell) => isPresentCell(sweep, cell))
      ? []
      : [`The present configuration, ${present.join(', ')}, is not among the cells.`]),
  ];
}
