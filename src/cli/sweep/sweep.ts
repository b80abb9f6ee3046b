import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { CellResult, SweptCell } from '../../core/analysis/sweep/sweptCell';
import { toJson } from '../../core/numerics/json';
import { inParallel } from '../../runs/inParallel';
import { axisOf, SweepProblem } from '../../runs/sweep/axis';
import { BadInput, Interrupted } from '../badInput';
import { display } from '../findLosses';
import { interruption, whileInterruptible } from '../interruption';
import { layersOf, type RunFlags } from '../layers';
import { type LimitFlags, limitsOf } from '../limits';
import { prepare, requireStart, sentences } from '../prepare';
import { clearProgress, showProgress } from '../progress';
import { type PlannedCell, plannedCells } from './plannedCells';
import { keptResult, runCell, warnOnce } from './runCell';
import { sweepText } from './sweepText';

export interface SweepFlags extends RunFlags, LimitFlags {
  readonly x: string;
  readonly y?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `adamscope sweep`: runs a loss with every combination of the values of one or two options, on all cores but one. With `--out`
 * each run is kept, and a sweep goes on from the runs that are kept already. Ctrl-C ends it with the results so far.
 *
 * @throws BadInput if a run cannot be made
 */
export async function sweep(target: string, flags: SweepFlags): Promise<void> {
  const limits = limitsOf(flags);
  const above = layersOf(flags);
  const { x, y, declaration, cells } = readable(() => {
    const x = axisOf('--x', flags.x);
    const y = flags.y === undefined ? null : axisOf('--y', flags.y);
    const { declaration } = prepare(target, above);
    return { x, y, declaration, cells: plannedCells(declaration, above, x, y) };
  });
  requireStart(cells[0]!.plan);
  for (const { plan } of cells)
    for (const problem of plan.problems) if (problem.severity === 'warning') warnOnce(sentences([problem]));
  if (flags.out !== undefined) makeFolder(flags.out);
  const results: (CellResult | null)[] = cells.map(() => null);
  const fileOf = ({ fileName }: PlannedCell) =>
    flags.out === undefined ? null : path.join(flags.out, fileName);
  let done = 0;
  const showDone = () => showProgress(`${done} of ${cells.length} runs`);
  showDone();
  const all = inParallel(
    Math.max(1, availableParallelism() - 1),
    cells,
    async (cell, i, signal) => {
      const file = fileOf(cell);
      const kept = file === null ? null : await keptResult(declaration, cell, file);
      results[i] = kept ?? (await runCell(declaration, cell, { limits, file, signal }));
      if (results[i]) done++;
      showDone();
    },
    interruption,
  );
  await whileInterruptible(all, () => {}).finally(clearProgress);
  if (done === 0) throw new Interrupted('the sweep was stopped before its first result');
  const swept = cells.map((cell, i): PrintedCell => {
    const result = results[i] ?? null;
    return { x: cell.x, y: cell.y, result, file: result && fileOf(cell) };
  });
  const { config } = cells[0]!.plan;
  if (flags.json) {
    const loss = { file: display(declaration.file), name: declaration.name };
    console.log(toJson({ loss, x, y, cells: swept.filter(({ result }) => result).map(printedCell) }, 2));
  } else console.log(sweepText({ name: declaration.name, config, x, y, cells: swept }));
}

/** A cell with its file; null if it is not kept. */
type PrintedCell = SweptCell & { readonly file: string | null };

function printedCell({ x, y, result, file }: PrintedCell) {
  return { x, y, ...result, ...(file === null ? {} : { file }) };
}

/** @throws BadInput instead of SweepProblem */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SweepProblem ? new BadInput(error.message) : error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new BadInput(`--out: ${folder} cannot be made: ${(error as NodeJS.ErrnoException).code}`);
  }
}
