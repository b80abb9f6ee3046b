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
import { nudge, Tolerance } from './tolerance';
import { flipped, permuted, rotated, scaled, type Transform, translated } from './transforms';

export interface InvarianceResult {
  readonly config: RunConfig;
  /** In words, whose path it is: "adam", "your step". */
  readonly subject: string;
  readonly checks: readonly InvarianceCheck[];
  /** Steps that were asked for. */
  readonly steps: number;
  /** Steps until which the path does not make much of rounding: what is not exact is compared over these. */
  readonly horizon: number;
  /** What of the run took no part, in words. */
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
/** Of one path, which is kept whole: 40 MB. Six are kept at a time, or what is as large. */
const numbersAtMost = 5e6;

/** As many as memory bears and the run has. */
export function stepsToCompare(dim: number, config: RunConfig): number {
  const affordable = Math.max(stepsAtLeast, Math.floor(numbersAtMost / dim));
  return Math.min(stepsAtMost, affordable, config.steps);
}

/** Runs of one check: the reference, the nudged one, and one of the subject for each change of the loss. */
export const runsOfCheck = pathChecks.length + 3;

/** An optimizer that claims to be the configuration's. */
export interface Claimant {
  readonly subject: string;
  /** See `Ground`; where moments are corrected otherwise, eps counts otherwise. */
  readonly epsSlack: number;
  follow(steps: number, mayGo: () => void): Follow;
}

/**
 * Changes the loss, or the coordinates that it is written in, and looks whether the optimizer's path changes with it as its
 * theory says. Whatever the change, every step has the batch and the random numbers that it has in the run.
 *
 * @throws Cancelled  if the user gave up
 * @throws what the loss throws
 */
export function checkInvariances(request: InvarianceRequest): Promise<InvarianceResult> {
  const { config } = request;
  const follow = (steps: number, mayGo: () => void) =>
    followRun({ config: undisturbed(config).config, steps, mayGo });
  return checkClaimant(request, { subject: config.optimizer.name, epsSlack: 1, follow });
}

/**
 * The same for any optimizer that claims to be the configuration's: it is measured by what is to be expected of that.
 *
 * @param runs  what `control` is told: runs done before these, and all runs
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
  const tolerance = new Tolerance(reference, nudged, facts);

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

/** The configuration without what goes by the value of the loss, which the checks change, and with one optimizer. */
function undisturbed(config: RunConfig): { readonly config: RunConfig; readonly leftOut: readonly string[] } {
  const followsLoss = config.schedule?.name === 'reduceOnPlateau';
  return {
    config: { ...config, switch: null, schedule: followsLoss ? null : config.schedule },
    leftOut: [
      ...(config.switch ? [`the switch to ${config.switch.to.name}`] : []),
      ...(followsLoss ? ['reduceOnPlateau, which goes by the loss'] : []),
    ],
  };
}
