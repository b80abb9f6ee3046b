import type { RunConfig } from '../../config/runConfig';
import type { Objective } from '../../objective';
import { phasesOf } from '../../phases';
import { type AnalysisProgress, Cancelled } from '../analysis';
import { expectations, type Ground } from './expectations';
import { factsOf } from './facts';
import { firstStepOf } from './firstStep';
import { type Follow, followNudged, followRun } from './follow';
import type { InvarianceCheck } from './invarianceCheck';
import { judge } from './judge';
import { type PathCheck, pathChecks, scales } from './pathChecks';
import { theories } from './theory';
import { nudge, PathTolerance } from './tolerance';
import { flipped, permuted, rotated, scaled, type Transform, translated } from './transforms';

export interface InvarianceResult {
  readonly config: RunConfig;
  /** The name of the optimizer in sentences: "adam", "your step". */
  readonly subject: string;
  readonly checks: readonly InvarianceCheck[];
  /** The planned number of steps. */
  readonly steps: number;
  /**
   * The number of steps before rounding errors are amplified too much. Only exact comparisons use later
   * steps.
   */
  readonly horizon: number;
  /** The parts of the configuration that the checks do not use. */
  readonly leftOut: readonly string[];
}

export interface InvarianceRequest {
  readonly objective: Objective;
  /** theta_0, shape [dim]; not modified. */
  readonly start: Float64Array;
  readonly config: RunConfig;
  readonly control: AnalysisProgress;
}

const stepsAtMost = 50;
const stepsAtLeast = 5;
/** The largest number of values in one path (40 MB). At most six paths are in memory at the same time. */
const numbersAtMost = 5e6;

/** The number of steps to compare, limited by memory and by the length of the run. */
export function stepsToCompare(dim: number, config: RunConfig): number {
  const affordable = Math.max(stepsAtLeast, Math.floor(numbersAtMost / dim));
  return Math.min(stepsAtMost, affordable, config.steps);
}

/**
 * The runs of one check: the reference, the perturbed reference, and the subject on the original and each
 * changed loss.
 */
export const runsOfCheck = pathChecks.length + 3;

/** An optimizer that should equal the one of the configuration. */
export interface Claimant {
  readonly subject: string;
  /** See `Ground`. A different bias correction changes the influence of eps. */
  readonly epsSlack: number;
  follow(steps: number, mayGo: () => void): Follow;
}

/**
 * Transforms the loss or its coordinates and checks that the optimizer's path changes as its theory predicts.
 * In all of these runs each step sees the same mini-batch and the same random numbers.
 *
 * @throws Cancelled  if the user cancelled
 * @throws what the loss throws
 */
export function checkInvariances(request: InvarianceRequest): Promise<InvarianceResult> {
  const { config } = request;
  const follow = (steps: number, mayGo: () => void) =>
    followRun({ config: undisturbed(config).config, steps, mayGo });
  return checkClaimant(request, { subject: config.optimizer.name, epsSlack: 1, follow });
}

/**
 * Checks another optimizer against the invariances of the configured one.
 *
 * @param runs  for progress reports: the number of runs done before these, and the total number of runs
 */
export async function checkClaimant(
  { objective, start, config: given, control }: InvarianceRequest,
  claimant: Claimant,
  runs = { before: 0, total: runsOfCheck },
): Promise<InvarianceResult> {
  const { config, leftOut } = undisturbed(given);
  const steps = stepsToCompare(objective.dim, config);
  let done = runs.before;
  const mayGo = () => {
    if (!control.went(done++, runs.total)) throw new Cancelled();
  };
  const gathered = factsOf(config);
  const reference = await followRun({ config, steps, mayGo }, gathered.take)(objective, start);
  const { facts, firstGradient } = gathered;
  const nudged = await followNudged({ config, steps, mayGo }, nudge)(objective, start);
  const tolerance = new PathTolerance(reference, nudged, facts);

  const follow = claimant.follow(steps, mayGo);
  const base = await follow(objective, start);
  const [{ definition, options }] = phasesOf(config);
  const ground: Ground = {
    config,
    theory: theories[config.optimizer.name](options),
    l2: definition.l2(options),
    objective,
    facts: facts.slice(0, tolerance.horizon),
    firstGradient,
    epsSlack: claimant.epsSlack,
    tolerance,
  };
  const firstLoss = facts[0]?.loss ?? 0;
  const transforms: { readonly [C in PathCheck]: () => Transform } = {
    repeat: () => scaled(objective, 1),
    'scale up': () => scaled(objective, scales['scale up']),
    'scale down': () => scaled(objective, scales['scale down']),
    flip: () => flipped(objective),
    permute: () => permuted(objective),
    rotate: () => rotated(objective),
    translate: () => translated(objective, 100 * (1 + Math.abs(firstLoss))),
  };
  const checks: InvarianceCheck[] = [];
  for (const name of pathChecks) {
    const transform = transforms[name]();
    const path = await follow(transform.objective, transform.point(start));
    const isClipped = base.isClipped || path.isClipped;
    const expected = expectations[name]({ ...ground, isClipped });
    checks.push({ name, expected, ...judge({ expected, base, path, transform, tolerance }) });
  }
  checks.push(firstStepOf(ground, base));
  const { horizon } = tolerance;
  return { config, subject: claimant.subject, checks, steps, horizon, leftOut };
}

/**
 * The configuration without the switch of optimizers, without groups, and without a schedule that depends on the value of the
 * loss.
 */
function undisturbed(config: RunConfig): { readonly config: RunConfig; readonly leftOut: readonly string[] } {
  const followsLoss = config.schedule?.name === 'reduceOnPlateau';
  return {
    config: { ...config, switch: null, groups: null, schedule: followsLoss ? null : config.schedule },
    leftOut: [
      ...(config.switch ? [`the switch to ${config.switch.to.name}`] : []),
      ...(config.groups ? ['the groups of parameters'] : []),
      ...(followsLoss ? ['the schedule reduceOnPlateau, which depends on the loss'] : []),
    ],
  };
}
