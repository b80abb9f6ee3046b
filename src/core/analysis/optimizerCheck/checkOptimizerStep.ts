import { batchesOf } from '../../batches';
import { optionsOf, resolveConfig } from '../../config/resolve';
import type { OptimizerConfig, RunConfig } from '../../config/runConfig';
import { contextAt } from '../../context';
import { audit } from '../../diagnosis/audits/registry';
import type { Finding } from '../../diagnosis/finding';
import { optimizers } from '../../optimizers/registry';
import type { MakeInstance } from '../../ownOptimizer/ownOptimizer';
import { BrokenStep, type StepFault, UserRun, type VectorKind } from '../../ownOptimizer/userRun';
import { type AnalysisProgress, Cancelled } from '../analysis';
import { checkClaimant, type InvarianceResult, runsOfCheck } from '../invariances/checkInvariances';
import { factsOf } from '../invariances/facts';
import { type Follow, followNudged, followRun } from '../invariances/follow';
import { apart, nudge, PathTolerance } from '../invariances/tolerance';
import { Agreement, roundingOfStep } from './agreement';
import { type FirstQuantity, firstQuantity } from './firstQuantity';
import { followGradients, followInTurns, type UserPath } from './followGradients';
import { type LikelyBug, likelyBugs } from './likelyBugs';
import { type GradientSequence, sequencesFor } from './sequences';
import { type SmallLoss, smallLosses } from './smallLosses';
import { pointsOf, referenceStep } from './stepper';

export interface OptimizerCheckRequest {
  /** The user's optimizer without memory of earlier runs, as far as that is possible. */
  readonly fresh: () => Promise<MakeInstance>;
  readonly reference: OptimizerConfig;
  /** The type of the optimizer's params and grad; plain arrays if absent. */
  readonly vectors?: VectorKind;
  readonly control: AnalysisProgress;
}

/** The first step that differs from the reference. */
export interface Departure {
  readonly sequence: string;
  readonly t: number;
  readonly coordinate: number;
  /**
   * The gradient of that step, the parameter before it, and the parameter after it: the user's and the
   * reference's.
   */
  readonly grad: number;
  readonly before: number;
  readonly own: number;
  readonly reference: number;
}

export interface SequenceResult {
  readonly name: string;
  readonly steps: number;
  readonly departure: Departure | null;
  /** The largest distance from the reference, relative to the rounding tolerance. */
  readonly worst: number;
  /** Pairs of t and the largest abs(theta − theta of the reference). */
  readonly distance: Float64Array;
}

export interface LossResult {
  readonly name: string;
  readonly own: number;
  readonly reference: number;
  /** The largest distance of the two paths, relative to the distance from the start. */
  readonly deviation: number;
  readonly tolerance: number;
}

export interface OptimizerCheckResult {
  readonly reference: OptimizerConfig;
  readonly faults: readonly StepFault[];
  readonly sequences: readonly SequenceResult[];
  /** The first departure in all sequences; null if all steps agree. */
  readonly departure: Departure | null;
  /** What differs first where `departure` is; null without a departure. */
  readonly quantity: FirstQuantity | null;
  readonly bugs: readonly LikelyBug[];
  readonly losses: readonly LossResult[];
  /** Findings about steps that exceed the bound of the reference. */
  readonly findings: readonly Finding[];
  /** null if the step cannot be run on a loss. */
  readonly invariances: InvarianceResult | null;
}

const lossSteps = 50;
const runsPerLoss = 3;
/**
 * Without bias correction √v is up to 1/√(1 − beta2) times smaller, 32 at 0.999, so eps has that much more
 * influence.
 */
const epsSlack = 100;

/**
 * Compares a user's optimizer step with its reference in three ways: step by step for fixed gradients, so
 * that a difference does not affect later gradients; on small losses; and by the invariances. If the step
 * differs, every known error is applied to the reference, and the errors that reproduce the user's path are
 * reported.
 *
 * @throws Cancelled  if the user cancelled
 */
export async function checkOptimizerStep({
  fresh,
  reference,
  vectors = 'plain',
  control,
}: OptimizerCheckRequest): Promise<OptimizerCheckResult> {
  const losses = smallLosses();
  const total = 1 + losses.length * runsPerLoss + runsOfCheck;
  const mayGo = (done: number) => {
    if (!control.went(done, total)) throw new Cancelled();
  };
  mayGo(0);
  const options = optionsOf(reference);
  const sequences = sequencesFor((options.eps as number | undefined) ?? 0);
  const references = sequences.map((sequence) => pointsOf(referenceStep(reference), sequence));

  const stateNames = optimizers[reference.name].stateNames(options);
  const paths: UserPath[] = [];
  for (const sequence of sequences) paths.push(followGradients(await fresh(), vectors, sequence, stateNames));
  const own = paths.map(({ points }) => points);
  const agreements = references.map((points) => new Agreement(points, options));
  const results = sequences.map((sequence, k) =>
    sequenceResult(sequence, references[k]!, own[k]!, agreements[k]!),
  );
  const faults = distinct(paths.flatMap((path) => path.faults));
  const isBroken = faults.some(({ code }) => code !== 'changesGradient');
  const notFinite = firstNotFinite(own, references);
  if (notFinite) faults.push(notFinite);
  const isStill = !isBroken && standsStill(own) && !standsStill(references);
  if (isStill) faults.push({ code: 'unchanged' });

  const known = (count: number) =>
    likelyBugs(reference, sequences.slice(0, count), references.slice(0, count), own.slice(0, count));
  const isKnownAtFirst = () => results[0]!.departure === null || known(1).length > 0;
  const memory = isBroken ? null : await memoryFault(fresh, vectors, sequences, own, isKnownAtFirst);
  if (memory) faults.push(memory);
  // If a step keeps data of earlier runs, only its first run is meaningful.
  const count = memory ? 1 : sequences.length;
  const departure = results.slice(0, count).find((result) => result.departure !== null)?.departure ?? null;
  const bugs = departure === null || isBroken || isStill ? [] : known(count);

  const k = results.findIndex((result) => result.departure === departure);
  const quantity =
    departure && firstQuantity(reference, sequences[k]!, own[k]!, paths[k]!.moments, departure.t);
  const config = configOf(reference);
  const follow = (steps: number, go: () => void) => followUser(fresh, vectors, steps, go);
  const onLosses: LossResult[] = [];
  let invariances: InvarianceResult | null = null;
  try {
    if (!isBroken) {
      for (const [k, loss] of losses.entries())
        onLosses.push(await onLoss(loss, config, follow, () => mayGo(1 + k * runsPerLoss)));
      const [{ objective, start }] = losses as [SmallLoss];
      const runs = { before: 1 + losses.length * runsPerLoss, total };
      invariances = await checkClaimant(
        { objective, start, config, control },
        { subject: 'your step', epsSlack, follow },
        runs,
      );
    }
  } catch (error) {
    if (!(error instanceof BrokenStep)) throw error;
    faults.push(error.fault);
  }
  const excesses = audit(
    reference,
    sequences.map(({ name }, k) => ({ name, points: own[k]! })),
  );
  const findings = excesses.map((finding) => underCause(finding, bugs));
  return {
    reference,
    faults,
    sequences: results,
    departure,
    quantity,
    bugs,
    losses: onLosses,
    findings,
    invariances,
  };
}

function configOf(reference: OptimizerConfig): RunConfig {
  return { ...resolveConfig([{ steps: lossSteps }]).config, optimizer: reference };
}

function sequenceResult(
  { name, gradients }: GradientSequence,
  reference: readonly Float64Array[],
  own: readonly Float64Array[],
  agreement: Agreement,
): SequenceResult {
  const found = agreement.parting(own);
  // A step that failed does not count as a departure, because its fault is reported separately.
  const parting = found && own[found.t] ? found : null;
  const at = (points: readonly Float64Array[], t: number) => points[t]?.[parting!.coordinate] ?? Number.NaN;
  const distance = own.slice(1).flatMap((point, k) => [k + 1, apart(point, reference[k + 1]!)]);
  return {
    name,
    steps: gradients.length,
    departure: parting && {
      sequence: name,
      ...parting,
      grad: gradients[parting.t - 1]![parting.coordinate]!,
      before: at(reference, parting.t - 1),
      own: at(own, parting.t),
      reference: at(reference, parting.t),
    },
    worst: agreement.worst(own),
    distance: Float64Array.from(distance),
  };
}

/**
 * Runs the step twice, and two runs in alternation. If the paths differ, it uses random numbers or data
 * outside `state`.
 */
async function memoryFault(
  fresh: () => Promise<MakeInstance>,
  vectors: VectorKind,
  sequences: readonly GradientSequence[],
  own: readonly (readonly Float64Array[])[],
  isKnownAtFirst: () => boolean,
): Promise<StepFault | null> {
  const [first, second] = sequences as [GradientSequence, GradientSequence];
  const outside: StepFault = { code: 'memoryOutside' };
  try {
    const again = followGradients(await fresh(), vectors, first).points;
    if (!isSamePath(again, own[0]!)) {
      // Random numbers cannot reproduce a known path. If the first run did and this one differs, the step
      // keeps data.
      return isKnownAtFirst() ? outside : { code: 'notDeterministic' };
    }
    const [a, b] = followInTurns([await fresh(), await fresh()], vectors, [first, second]);
    return isSamePath(a!, own[0]!) && isSamePath(b!, own[1]!) ? null : outside;
  } catch (error) {
    if (!(error instanceof BrokenStep)) throw error;
    return outside;
  }
}

function isSamePath(a: readonly Float64Array[], b: readonly Float64Array[]): boolean {
  return a.length === b.length && a.every((point, t) => point.every((x, i) => Object.is(x, b[t]![i])));
}

function standsStill(paths: readonly (readonly Float64Array[])[]): boolean {
  return paths.every((points) => points.every((point) => point.every((x, i) => x === points[0]![i])));
}

/** The first parameter that is not finite although that of the reference is. */
function firstNotFinite(
  own: readonly (readonly Float64Array[])[],
  references: readonly (readonly Float64Array[])[],
): StepFault | null {
  for (const [k, points] of own.entries())
    for (const [t, point] of points.entries())
      for (const [i, found] of point.entries())
        if (!Number.isFinite(found) && Number.isFinite(references[k]![t]![i]))
          return { code: 'notFinite', t, coordinate: i, found };
  return null;
}

/** The first fault of each kind. */
function distinct(faults: readonly StepFault[]): StepFault[] {
  return faults.filter((fault, k) => faults.findIndex(({ code }) => code === fault.code) === k);
}

function followUser(
  fresh: () => Promise<MakeInstance>,
  vectors: VectorKind,
  steps: number,
  mayGo: () => void,
): Follow {
  return async (objective, start) => {
    mayGo();
    const run = new UserRun(await fresh(), vectors, start);
    const batches = batchesOf(null, null, 0);
    const grad = new Float64Array(start.length);
    const points: Float64Array[] = [start.slice()];
    for (let t = 1; t <= steps; t++) {
      await objective.valueAndGradient(run.params, grad, contextAt(0, batches, t, batches.all));
      const next = run.take(grad);
      if (!next.every(Number.isFinite)) break;
      points.push(next);
    }
    return { points, isClipped: false };
  };
}

async function onLoss(
  { name, objective, start }: SmallLoss,
  config: RunConfig,
  follow: (steps: number, mayGo: () => void) => Follow,
  mayGo: () => void,
): Promise<LossResult> {
  const options = { config, steps: lossSteps, mayGo };
  const { facts, take } = factsOf(config);
  const reference = await followRun(options, take)(objective, start);
  const tolerance = new PathTolerance(reference, await followNudged(options, nudge)(objective, start), facts);
  const own = await follow(lossSteps, mayGo)(objective, start);
  const until = Math.min(tolerance.horizon, own.points.length - 1);
  const at = (points: readonly Float64Array[]) =>
    objective.value(points.at(-1)!, contextAt(0, batchesOf(null, null, 0), 1, [])) as number;
  const distances = Array.from({ length: until + 1 }, (_, t) =>
    t === 0 ? 0 : apart(own.points[t]!, reference.points[t]!) / tolerance.travel[t]!,
  );
  const rounding = roundingOfStep(optionsOf(config.optimizer));
  const allowed = tolerance.relative(({ length }) => rounding * length);
  let worst = 0;
  for (let t = 1; t <= until; t++)
    if (worst === 0 || distances[t]! / allowed[t]! > distances[worst]! / allowed[worst]!) worst = t;
  return {
    name,
    own: at(own.points),
    reference: at(reference.points),
    deviation: until < tolerance.horizon ? Number.POSITIVE_INFINITY : distances[worst]!,
    tolerance: worst === 0 ? Number.NaN : allowed[worst]!,
  };
}

/**
 * A finding about steps that a known error reproduces: it is a consequence of that error, which the report names as the
 * problem.
 */
function underCause(finding: Finding, [cause]: readonly LikelyBug[]): Finding {
  if (!cause) return finding;
  return {
    ...finding,
    severity: 'info',
    detail: `${finding.detail} The error that the check names explains it: ${cause.code}.`,
    advice: 'Correct that error.',
  };
}
