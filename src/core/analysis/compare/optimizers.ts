import type { RunConfig, RunConfigPatch } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import { type OptimizerName, optimizerNames } from '../../optimizers/registry';
import { changed, lrPatch, type RecordedRun, type RunSetting, recordRun } from '../recordedRun';
import type { Report, ReportChart, ReportRow } from '../report';
import { line, lossAxis, lossChart } from './curves';

/** The learning rates that every optimizer is tried with: decades, then half a decade to each side of the best. */
const decades = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];
const refinements = 2;

/** One optimizer at every learning rate that was tried, ascending in lr. */
export interface Candidate {
  readonly name: OptimizerName;
  readonly tried: readonly { readonly lr: number; readonly run: RecordedRun }[];
  /** The one that ended lowest; null if the optimizer does not go with the run's schedule. */
  readonly best: { readonly lr: number; readonly run: RecordedRun } | null;
}

export interface OptimizerComparison {
  /** The run as it is configured. */
  readonly given: RecordedRun;
  readonly candidates: readonly Candidate[];
}

/**
 * Every optimizer on one loss, from one start, with the same steps, batches, schedule and clipping, each at the
 * learning rate that suits it best: a comparison at one common rate, or at defaults, compares rates. Their other
 * options are the defaults, but for the configured optimizer, which keeps its own.
 */
export async function compareOptimizers(
  setting: RunSetting,
  config: RunConfig,
  names: readonly OptimizerName[] = optimizerNames,
): Promise<OptimizerComparison> {
  const total = 1 + names.length * (decades.length + refinements);
  let done = 0;
  const record = (each: RunConfig) => recordRun(setting, each, [done++, total]);
  const given = await record(config);
  const candidates: Candidate[] = [];
  for (const name of names) {
    const tried: { lr: number; run: RecordedRun }[] = [];
    const attempt = async (lr: number) => {
      const named = name === config.optimizer.name ? config : changed(config, { optimizer: { name } });
      const at = named && changed(named, lrPatch(config, lr));
      if (at) tried.push({ lr, run: await record(at) });
      else done++;
    };
    for (const lr of decades) await attempt(lr);
    const coarse = lowest(tried);
    for (const factor of [Math.sqrt(0.1), Math.sqrt(10)])
      if (coarse) await attempt(Number((coarse.lr * factor).toPrecision(2)));
      else done++;
    tried.sort((a, b) => a.lr - b.lr);
    candidates.push({ name, tried, best: lowest(tried) });
  }
  return { given, candidates };
}

function lowest(tried: Candidate['tried']): Candidate['best'] {
  return tried.reduce<Candidate['best']>(
    (best, each) => (best === null || finalLoss(each.run) < finalLoss(best.run) ? each : best),
    null,
  );
}

/** Where a run ended; one that broke ended nowhere. */
function finalLoss({ outcome }: RecordedRun): number {
  return Number.isFinite(outcome.final.loss) ? outcome.final.loss : Number.POSITIVE_INFINITY;
}

export function optimizersReport({ given, candidates }: OptimizerComparison): Report {
  const ranked = candidates
    .flatMap(({ name, best }) => (best ? [{ name, ...best }] : []))
    .sort((a, b) => finalLoss(a.run) - finalLoss(b.run));
  const [winner] = ranked;
  const left = candidates.filter(({ best }) => best === null).map(({ name }) => name);
  const target = winner && reachTarget(given, winner.run);
  return {
    title: 'Compare optimizers',
    summary: winner ? summaryOf(given, winner, ranked.length) : 'None of the optimizers goes with this run.',
    charts: [
      lossChart([
        { name: `as configured: ${givenName(given)}`, run: given },
        ...ranked.map(({ name, lr, run }) => ({ name: `${name} lr ${formatNumber(lr)}`, run })),
      ]),
      sensitivityChart(candidates),
    ],
    tables: [
      {
        title: 'Each optimizer at its best learning rate',
        columns: [
          { title: 'optimizer', isNumber: false },
          { title: 'lr', isNumber: true },
          { title: 'final loss', isNumber: true },
          { title: 'best loss', isNumber: true },
          { title: 'steps to 99 %', isNumber: true },
        ],
        rows: [
          row(`as configured: ${givenName(given)}`, lrOf(given), given, target, null, null),
          ...ranked.map(({ name, lr, run }, i) =>
            row(
              name,
              lr,
              run,
              target,
              name === given.config.optimizer.name
                ? lrPatch(given.config, lr)
                : namedPatch(given.config, name, lr),
              i === 0 ? 'best' : null,
            ),
          ),
        ],
      },
    ],
    notes: [
      `Every optimizer ran ${given.config.steps} steps from the same start, with the same batches, schedule and clipping, at ${decades.length} learning rates from ${formatNumber(decades[0]!)} to ${formatNumber(decades.at(-1)!)} and at half a decade to both sides of the best. Options that are not configured are the defaults.`,
      '“Steps to 99 %” counts until 99 % of the way from the first loss to the lowest final loss of all is done.',
      ...(left.length > 0
        ? [`Left out, because the schedule cycles what they lack: ${left.join(', ')}.`]
        : []),
    ],
  };
}

function summaryOf(
  given: RecordedRun,
  winner: { readonly name: string; readonly lr: number; readonly run: RecordedRun },
  count: number,
): string {
  const now = finalLoss(given);
  const reached = finalLoss(winner.run);
  const among = count === 1 ? '' : `Of ${count} optimizers `;
  const first = `${among}${winner.name} at lr ${formatNumber(winner.lr)} ends lowest, at ${formatNumber(reached)}.`;
  if (!(reached < now)) return `${first} The run as configured ends as low.`;
  const ended = Number.isFinite(now) ? `ends at ${formatNumber(now)}` : 'does not end at a finite loss';
  return `${first} The run as configured (${givenName(given)}) ${ended}.`;
}

function givenName({ config }: RecordedRun): string {
  return `${config.optimizer.name} lr ${formatNumber(lrOf({ config }))}`;
}

function lrOf({ config }: Pick<RecordedRun, 'config'>): number {
  const { schedule, optimizer } = config;
  return (schedule && 'maxLr' in schedule ? schedule.maxLr : optimizer.lr) as number;
}

function namedPatch(config: RunConfig, name: OptimizerName, lr: number): RunConfigPatch {
  const rate = lrPatch(config, lr);
  return { ...rate, optimizer: { name, ...rate.optimizer } };
}

/** 99 % of the way from the first loss to the lowest final one. */
function reachTarget(given: RecordedRun, winner: RecordedRun): number {
  const first = given.curve[1] ?? Number.NaN;
  return first - 0.99 * (first - finalLoss(winner));
}

function row(
  name: string,
  lr: number,
  { outcome, curve }: RecordedRun,
  target: number | undefined,
  patch: RunConfigPatch | null,
  verdict: ReportRow['verdict'],
): ReportRow {
  let reached: number | null = null;
  for (let i = 0; i < curve.length && reached === null; i += 2)
    if (curve[i + 1]! <= target!) reached = curve[i]!;
  return {
    cells: [
      name,
      formatNumber(lr),
      formatNumber(outcome.final.loss, 4),
      formatNumber(outcome.best.loss, 4),
      reached === null ? 'never' : String(reached),
    ],
    verdict,
    patch,
  };
}

/** Final loss against learning rate: how wide the valley of good rates is. */
function sensitivityChart(candidates: readonly Candidate[]): ReportChart {
  const shown = candidates.filter(({ tried }) => tried.length > 0);
  return {
    title: 'Final loss by learning rate',
    x: { title: 'learning rate', log: true },
    y: {
      ...lossAxis(shown.flatMap(({ tried }) => tried.map(({ run }) => run.outcome.final.loss))),
      title: 'final loss',
    },
    lines: shown.map(({ name, tried }) =>
      line(name, Float64Array.from(tried.flatMap(({ lr, run }) => [lr, run.outcome.final.loss]))),
    ),
    marks: [],
  };
}
