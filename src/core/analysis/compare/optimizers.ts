import { lrPatch } from '../../config/readOptions';
import type { RunConfig, RunConfigPatch } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import { type OptimizerName, optimizerNames } from '../../optimizers/registry';
import { optimizerTitle } from '../../ownOptimizer/ownRuns';
import { changed, type RecordedRun, type RunSetting, recordRun } from '../recordedRun';
import type { Report, ReportChart, ReportRow } from '../report';
import { axisFrom, line, lossChart, startLossOf } from './curves';

/**
 * Every optimizer is tried at these learning rates, and then half a decade above and below the best of them.
 */
const decades = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];
const refinements = 2;

/** The runs of one optimizer at every tried learning rate, in ascending order of lr. */
export interface OptimizerCandidate {
  /** Of the registry, or the name of the user's own. */
  readonly name: string;
  readonly tried: readonly { readonly lr: number; readonly run: RecordedRun }[];
  /** The run with the lowest final loss; null if the optimizer does not support the run's schedule. */
  readonly best: { readonly lr: number; readonly run: RecordedRun } | null;
}

export interface OptimizerComparison {
  /** The run with the current configuration. */
  readonly given: RecordedRun;
  /** Its learning rate; NaN for an optimizer of the user that takes none. */
  readonly givenLr: number;
  readonly candidates: readonly OptimizerCandidate[];
}

/**
 * Runs every optimizer on one loss, from one start, with the same steps, mini-batches, schedule and clipping.
 * Each one is compared at its own best learning rate, because a comparison at one common rate would compare
 * learning rates instead of optimizers. The configured optimizer keeps its options; the others use their
 * defaults. The user's own optimizer is compared with those of the registry; if it takes no learning rate, with its own.
 */
export async function compareOptimizers(
  setting: RunSetting,
  config: RunConfig,
  names: readonly OptimizerName[] = optimizerNames,
): Promise<OptimizerComparison> {
  const { own = null } = setting;
  const all = own ? [own.name, ...names] : names;
  const givenTitle = optimizerTitle(config.optimizer);
  const total = 1 + all.length * (decades.length + refinements);
  let done = 0;
  const record = (each: RunConfig) => recordRun(setting, each, [done++, total]);
  const given = await record(config);
  const candidates: OptimizerCandidate[] = [];
  for (const name of all) {
    const tried: { lr: number; run: RecordedRun }[] = [];
    const isOwn = name === own?.name;
    if (isOwn && !own.takesLr) {
      done += decades.length + refinements;
      candidates.push({ name, tried: [], best: { lr: Number.NaN, run: given } });
      continue;
    }
    const attempt = async (lr: number) => {
      const named = name === givenTitle ? config : changed(config, { optimizer: { name } });
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
  const givenLr = own && !own.takesLr ? Number.NaN : lrOf(given);
  return { given, givenLr, candidates };
}

function lowest(tried: OptimizerCandidate['tried']): OptimizerCandidate['best'] {
  return tried.reduce<OptimizerCandidate['best']>(
    (best, each) => (best === null || finalLoss(each.run) < finalLoss(best.run) ? each : best),
    null,
  );
}

/** The final loss for ranking: infinite if it is not finite. */
function finalLoss({ outcome }: RecordedRun): number {
  return Number.isFinite(outcome.final.loss) ? outcome.final.loss : Number.POSITIVE_INFINITY;
}

export function optimizersReport({ given, givenLr, candidates }: OptimizerComparison): Report {
  const givenName = withLr(optimizerTitle(given.config.optimizer), givenLr);
  const ranked = candidates
    .flatMap(({ name, best }) => (best ? [{ name, ...best }] : []))
    .sort((a, b) => finalLoss(a.run) - finalLoss(b.run));
  const [winner] = ranked;
  const left = candidates.filter(({ best }) => best === null).map(({ name }) => name);
  const target = winner && reachTarget(given, winner.run);
  return {
    title: 'Compare optimizers',
    summary: winner
      ? summaryOf(given, givenName, winner, ranked.length)
      : 'No optimizer supports the configuration of this run.',
    charts: [
      lossChart([
        { name: `current configuration: ${givenName}`, run: given },
        ...ranked.map(({ name, lr, run }) => ({
          name: withLr(name, lr),
          subject: name,
          run,
        })),
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
          row(`current configuration: ${givenName}`, givenLr, given, target, null, null),
          ...ranked.map(({ name, lr, run }, i) =>
            row(name, lr, run, target, patchOf(given.config, name, lr), i === 0 ? 'best' : null),
          ),
        ],
      },
    ],
    notes: [
      `Every optimizer ran ${given.config.steps} steps from the same start, with the same mini-batches, schedule and clipping. The learning rates were ${decades.length} values from ${formatNumber(decades[0]!)} to ${formatNumber(decades.at(-1)!)}, then half a decade above and below the best of them. Other options are at their defaults unless configured.`,
      '“Steps to 99 %” is the number of steps after which the loss has made 99 % of its decrease from the first loss to the lowest final loss of all runs.',
      ...(left.length > 0
        ? [`Not compared, because the schedule changes an option that they do not have: ${left.join(', ')}.`]
        : []),
    ],
  };
}

function summaryOf(
  given: RecordedRun,
  givenName: string,
  winner: { readonly name: string; readonly lr: number; readonly run: RecordedRun },
  count: number,
): string {
  const now = finalLoss(given);
  const reached = finalLoss(winner.run);
  const among = count === 1 ? '' : `Of ${count} optimizers, `;
  const at = Number.isNaN(winner.lr) ? '' : ` at lr ${formatNumber(winner.lr)}`;
  const first = `${among}${winner.name}${at} has the lowest final loss: ${formatNumber(reached)}.`;
  if (!(reached < now)) return `${first} The current configuration reaches the same loss.`;
  const ended = Number.isFinite(now)
    ? `has a final loss of ${formatNumber(now)}`
    : 'does not end at a finite loss';
  return `${first} The current configuration (${givenName}) ${ended}.`;
}

function withLr(name: string, lr: number): string {
  return Number.isNaN(lr) ? name : `${name} lr ${formatNumber(lr)}`;
}

function lrOf({ config }: RecordedRun): number {
  const { schedule, optimizer } = config;
  return (schedule && 'maxLr' in schedule ? schedule.maxLr : optimizer.lr) as number;
}

/** The patch that runs an optimizer at a learning rate; null where it takes none, because nothing would change. */
function patchOf(config: RunConfig, name: string, lr: number): RunConfigPatch | null {
  if (Number.isNaN(lr)) return null;
  if (name === optimizerTitle(config.optimizer)) return lrPatch(config, lr);
  const rate = lrPatch(config, lr);
  return { ...rate, optimizer: { name, ...rate.optimizer } };
}

/** The loss at which 99 % of the decrease from the first loss to the lowest final loss is reached. */
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
      Number.isNaN(lr) ? 'its own' : formatNumber(lr),
      formatNumber(outcome.final.loss, 4),
      formatNumber(outcome.best.loss, 4),
      reached === null ? 'never' : String(reached),
    ],
    verdict,
    patch,
  };
}

/** Final loss against learning rate: shows how wide the range of good learning rates is. */
function sensitivityChart(candidates: readonly OptimizerCandidate[]): ReportChart {
  const shown = candidates.filter(({ tried }) => tried.length > 0);
  const runs = shown.flatMap(({ tried }) => tried.map(({ run }) => run));
  return {
    title: 'Final loss by learning rate',
    x: { title: 'learning rate', log: true },
    y: {
      ...axisFrom(
        startLossOf(runs),
        runs.map(({ outcome }) => outcome.final.loss),
      ),
      title: 'final loss',
    },
    lines: shown.map(({ name, tried }) =>
      line(name, Float64Array.from(tried.flatMap(({ lr, run }) => [lr, run.outcome.final.loss]))),
    ),
    marks: [],
  };
}
