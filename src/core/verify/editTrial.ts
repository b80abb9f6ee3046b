import { batchesOf } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { Objective } from '../objective';
import type { SourceEdit } from '../sourceEdit';
import { isSameProblem } from './sameProblem';
import type { TriedProgram, VerificationSetting } from './verificationSetting';
import { finalLossOf, type Trial } from './watcher';

/** What the comparison with the baseline run must know about the trial of an edit. */
export interface EditTrial {
  /** L0 of the edited program; the watched loss if the run has one. */
  readonly startLoss: number;
  /** The trial as the loss itself measures its last and best point; null if the edit does not change the function near it. */
  readonly measured: Trial | null;
  /** Whether the result depends on the constant of a guard: then it lies outside the domain of the loss. */
  readonly isGuarded: boolean;
  /** Whether the edit changes the problem: the loss that it reaches need not be one of the user's own loss. */
  readonly isOtherProblem: boolean;
}

/** Inside the domain, a result may depend on the constant of a guard by this share of the decrease of the loss; outside, by rounding. */
const guardedShare = 1e-3;
const rounding = 64 * Number.EPSILON;

export async function editTrial(
  setting: VerificationSetting,
  edit: SourceEdit,
  trial: Trial,
  baseline: Trial,
): Promise<EditTrial> {
  const program = await setting.edited(edit);
  const startLoss = program ? await watchedLossAt(program, trial.config, setting.start) : Number.NaN;
  return {
    startLoss,
    measured: edit.meaning.kind === 'smooth' ? await measured(setting, trial) : null,
    isGuarded: !program || (await isGuarded(setting, edit, program, trial)),
    isOtherProblem:
      edit.meaning.kind === 'units' &&
      !(program && (await isInOtherUnits(setting, program, trial, baseline))),
  };
}

async function isInOtherUnits(
  own: TriedProgram,
  edited: TriedProgram,
  trial: Trial,
  baseline: Trial,
): Promise<boolean> {
  const { config, outcome } = trial;
  const [now, reached] = [finalLossOf(baseline), finalLossOf(trial)];
  const gain = Number.isFinite(now) ? now - reached : reached;
  try {
    return await isSameProblem({ own, edited, config, end: outcome.final.params, gain });
  } catch {
    // The user's code may throw at random points, and the budget may end: then it is not known.
    return false;
  }
}

async function measured(setting: VerificationSetting, trial: Trial): Promise<Trial> {
  const { config, outcome } = trial;
  const { final, best } = outcome;
  const [last, lowest] = await Promise.all(
    [final, best].map(async ({ params }) => watchedLossAt(setting, config, params)),
  );
  return {
    ...trial,
    level: last!,
    low: Number.NaN,
    lastWatched: last!,
    expected: null,
    outcome: {
      ...outcome,
      final: { ...final, loss: last! },
      best: lowest! < last! ? { ...best, loss: lowest! } : { ...final, loss: last!, t: outcome.steps },
    },
  };
}

async function isGuarded(
  setting: VerificationSetting,
  edit: SourceEdit,
  program: TriedProgram,
  { config, outcome: { final, best } }: Trial,
): Promise<boolean> {
  if (edit.meaning.kind !== 'guard') return false;
  const other = await setting.edited({ ...edit, after: edit.meaning.otherwise });
  if (!other) return true;
  const start = await lossAt(await program.objective(config), config, setting.start);
  for (const { params } of [final, best])
    for (const lossOf of [objectiveOf, validationOf]) {
      const [one, two, unguarded] = await Promise.all(
        [program, other, setting].map(async (each) => lossAt(await lossOf(each, config), config, params)),
      );
      const share = Number.isFinite(unguarded) ? guardedShare : rounding;
      const allowed = share * Math.max(Math.abs(start - one!), Number.MIN_VALUE);
      if (!(Math.abs(one! - two!) <= allowed) && !(Number.isNaN(one) && Number.isNaN(two))) return true;
    }
  return false;
}

type Valued = Pick<Objective, 'value'>;

function objectiveOf(program: TriedProgram, config: RunConfig): Promise<Valued | null> {
  return program.objective(config);
}

async function validationOf({ validation }: TriedProgram): Promise<Valued | null> {
  return validation && { value: validation };
}

/** The loss at a point over all samples; the watched loss if the program has one. */
export async function watchedLossAt(
  program: TriedProgram,
  config: RunConfig,
  params: Float64Array,
): Promise<number> {
  return lossAt((await validationOf(program)) ?? (await program.objective(config)), config, params);
}

/** NaN if there is no loss, or it throws. */
async function lossAt(
  loss: Valued | null,
  { seed, samples, batch }: RunConfig,
  params: Float64Array,
): Promise<number> {
  const batches = batchesOf(samples, batch, seed);
  try {
    return (await loss?.value(params, contextAt(seed, batches, 1, batches.all))) ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
}
