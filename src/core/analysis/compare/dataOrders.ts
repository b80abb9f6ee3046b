import type { RunConfig } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import { changed, type RecordedRun, type RunSetting, recordRun } from '../recordedRun';
import type { Report } from '../report';
import { line, lossChart } from './curves';

export interface OrderedRun {
  readonly seed: number;
  readonly run: RecordedRun;
  /** Pairs of t and ‖θ − θ of the first seed‖; empty for the first seed. */
  readonly distance: Float64Array;
}

/** The largest number of steps at which the paths are compared. */
const placesAtMost = 500;
const maxSeed = 2 ** 32;

/**
 * The same run with several seeds. The seed determines the order of the samples and the loss's random
 * numbers.
 */
export async function compareDataOrders(
  setting: RunSetting,
  config: RunConfig,
  seeds: number,
): Promise<readonly OrderedRun[]> {
  const every = Math.max(1, Math.ceil(config.steps / placesAtMost));
  const path: Float64Array[] = [];
  const runs: OrderedRun[] = [];
  for (let i = 0; i < seeds; i++) {
    const seed = (config.seed + i) % maxSeed;
    const distance: number[] = [];
    const run = await recordRun(setting, changed(config, { seed })!, [i, seeds], ({ t, params }) => {
      if (t % every !== 0) return;
      if (i === 0) path.push(params.slice());
      else distance.push(t, apart(params, path[t / every - 1]));
    });
    runs.push({ seed, run, distance: Float64Array.from(distance) });
  }
  return runs;
}

function apart(a: Float64Array, b: Float64Array | undefined): number {
  if (!b) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}

export function dataOrdersReport(runs: readonly OrderedRun[]): Report {
  const finals = runs.map(({ run }) => run.outcome.final.loss);
  const least = Math.min(...finals);
  const most = Math.max(...finals);
  const isSame = runs.every(({ distance }) => distance.every((value, i) => i % 2 === 0 || value === 0));
  const named = runs.map(({ seed, run }) => ({ name: `seed ${seed}`, run }));
  return {
    title: 'Compare data orders',
    summary: isSame
      ? 'All seeds give the same run: this loss uses neither samples nor random numbers.'
      : `For ${runs.length} orders of the data, the final loss is between ${formatNumber(least)} and ${formatNumber(most)}. A difference between two runs that is smaller than this range may be due to the order of the data.`,
    charts: [
      lossChart(named),
      {
        title: `Distance from the path of seed ${runs[0]!.seed}`,
        x: { title: 'step', log: false },
        y: { title: '‖θ − θ’‖', log: false },
        lines: runs.slice(1).map(({ seed, distance }) => line(`seed ${seed}`, distance)),
        marks: [],
      },
    ],
    tables: [
      {
        title: 'Seeds',
        columns: [
          { title: 'seed', isNumber: true },
          { title: 'final loss', isNumber: true },
          { title: 'best loss', isNumber: true },
          { title: 'step of best loss', isNumber: true },
          { title: 'final distance', isNumber: true },
        ],
        rows: runs.map(({ seed, run, distance }) => ({
          cells: [
            String(seed),
            formatNumber(run.outcome.final.loss, 6),
            formatNumber(run.outcome.best.loss, 6),
            String(run.outcome.best.t),
            distance.length > 0 ? formatNumber(distance.at(-1)!) : '',
          ],
          verdict: run.outcome.final.loss === least && !isSame ? 'best' : null,
          patch: { seed },
        })),
      },
    ],
    notes: [
      'The final loss is computed on all samples. With mini-batches the curve shows the validation loss, or without one the loss over all samples, after each epoch.',
    ],
  };
}
