import { type Direction, directionOf, turned } from '../ascent';
import { hasMiniBatches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { CoordinateLayout } from '../coordinates/coordinateLayout';
import { spreadOut } from '../coordinates/coordinateSet';
import { wide } from '../gradient/allowance';
import { gradientScalingOf } from '../gradientScaling';
import type { MeasuredName, Measurements } from '../measurements';
import type { RecordedState } from '../optimizers/optimizer';
import { cyclingSchedule, type Phase, phasesOf, stateNamesOf } from '../phases';
import type { StepView } from '../update';
import { type BandName, bandLevels, bandNamesOf } from './bandNames';
import { blockCount, mostGroups } from './vectorSample';

/** Positions of the numbers at the start of every record. */
export const recordPlaces = { t: 0, loss: 1, gradNorm: 2, clipFactor: 3, lr: 4 } as const;
const globals = Object.keys(recordPlaces).length;

/** Values of a step that only some runs record. */
export type ExtraName =
  | 'beta'
  | 'phase'
  | 'age'
  | 'lossScale'
  | 'underflow'
  | 'overflow'
  | 'watched'
  | 'bestWatched'
  | 'muProduct'
  | MeasuredName;

/** The values that are recorded for each coordinate, in this order. The state is that after the step. */
export type RecordedName = 'params' | 'grad' | 'update' | RecordedState;

/**
 * One step as a flat row of numbers:
 *
 *   t  loss  gradNorm  clipFactor  lr | extras | params of c0, c1, … | grad of … | update of … | each state array of … | bands
 *
 * where c0, c1, … are the recorded coordinates, and a band is 7 quantiles of a quantity over all coordinates. The worker writes such rows; the trace stores them.
 */
export interface StepLayout {
  readonly dim: number;
  /** Recorded coordinates, ascending. */
  readonly coordinates: readonly number[];
  readonly stateNames: readonly RecordedState[];
  readonly extras: readonly ExtraName[];
  /** The run maximizes: a larger loss is better. Losses and gradients are recorded as those of the user's function. */
  readonly maximizes?: true;
  /** The quantities whose quantiles over all coordinates are recorded, at some steps; absent if none. */
  readonly bands?: readonly BandName[];
  /** The number of blocks of coordinates in the samples of a run with bands (`VectorSample`); absent if it has no samples. */
  readonly blocks?: number;
  /**
   * The first coordinate of each named group whose root mean square is in the samples, and `dim`: the groups of the deepest level of
   * `CoordinateLayout` with at most 64. Absent if the run has no groups.
   */
  readonly groups?: readonly number[];
}

/**
 * The layout of a run's records.
 *
 * @param budget    bytes that the recorded coordinates may take over the planned steps
 * @param isGauged  whether the stability value is measured
 */
export function layoutOf(config: RunConfig, dim: number, budget: number, isGauged = false): StepLayout {
  const stateNames = stateNamesOf(config);
  const coordinates = recordedCoordinates(dim, stateNames.length, config.steps, budget);
  const extras = extrasOf(config, isGauged);
  const bands = bandNamesOf(config, dim);
  return {
    dim,
    coordinates,
    stateNames,
    extras,
    ...(config.maximize && { maximizes: true }),
    ...(bands.length > 0 && { bands, blocks: blockCount(dim), ...groupStarts(config, dim) }),
  };
}

function groupStarts({ names }: RunConfig, dim: number): Pick<StepLayout, 'groups'> {
  const layout = new CoordinateLayout(names, null, dim);
  const level = layout.deepestLevel(mostGroups);
  return level === 0 ? {} : { groups: [...layout.level(level).map(({ offset }) => offset), dim] };
}

function extrasOf(config: RunConfig, isGauged: boolean): ExtraName[] {
  const isScaled = gradientScalingOf(config) !== null;
  const extras: ExtraName[] = [];
  if (cyclingSchedule(config)) extras.push('beta');
  if (config.switch) extras.push('phase');
  if (config.switch || config.lossScale === 'dynamic') extras.push('age');
  if (isScaled) extras.push('lossScale', 'underflow', 'overflow');
  if (config.validation !== null || hasMiniBatches(config)) extras.push('watched', 'bestWatched');
  if (isGauged && phasesOf(config).some(hasStabilityLimit)) extras.push('stability', 'rebound');
  // With groups, each coordinate has its own.
  const scalars = config.groups
    ? []
    : phasesOf(config).flatMap(({ definition }) => definition.scalarNames ?? []);
  return [...extras, ...new Set(scalars)];
}

function hasStabilityLimit({ definition, options, beta }: Phase): boolean {
  return Number.isFinite(definition.stabilityLimit(options)({ t: 1, lr: 0, beta }));
}

/** The number of values in a record. */
export function recordLength(layout: StepLayout): number {
  return bandOffset(layout) + bandLevels.length * (layout.bands?.length ?? 0);
}

/** The position in a record of the first band; the others follow. */
export function bandOffset(layout: StepLayout): number {
  return headLength(layout) + layout.coordinates.length * (3 + layout.stateNames.length);
}

function headLength(layout: StepLayout): number {
  return globals + layout.extras.length;
}

/** The position of an extra value in a record; −1 if the run does not have it. */
export function extraPlace(layout: StepLayout, name: ExtraName): number {
  const place = layout.extras.indexOf(name);
  return place < 0 ? -1 : globals + place;
}

/** The values that a record has for each coordinate, in their order. */
export function recordedNames({ stateNames }: StepLayout): readonly RecordedName[] {
  return ['params', 'grad', 'update', ...stateNames];
}

/**
 * The position in a record of the first value of a name, which belongs to the first recorded coordinate. −1
 * if not recorded.
 */
export function recordOffset(layout: StepLayout, name: RecordedName): number {
  const place = recordedNames(layout).indexOf(name);
  return place < 0 ? -1 : headLength(layout) + place * layout.coordinates.length;
}

/**
 * Writes one step into `target` at `offset`, without its bands, which `BandRecorder` writes.
 *
 * @param measurements  the measurements of the run, if the layout contains them
 */
export function writeRecord(
  layout: StepLayout,
  step: StepView,
  target: Float64Array,
  offset: number,
  measurements: Measurements | null = null,
): void {
  const { coordinates, extras } = layout;
  const direction = layoutDirection(layout);
  const count = coordinates.length;
  target[offset + recordPlaces.t] = step.t;
  target[offset + recordPlaces.loss] = turned(step.loss, direction);
  target[offset + recordPlaces.gradNorm] = step.gradNorm;
  target[offset + recordPlaces.clipFactor] = step.clipFactor;
  target[offset + recordPlaces.lr] = step.lr;
  for (let k = 0; k < extras.length; k++) {
    const name = extras[k]!;
    target[offset + globals + k] = isMeasured(name)
      ? (measurements?.at(step.t, name) ?? Number.NaN)
      : turned(step[name], isLoss(name) ? direction : 1);
  }
  let at = offset + globals + extras.length;
  for (let k = 0; k < count; k++) {
    const c = coordinates[k]!;
    target[at + k] = step.params[c]!;
    target[at + count + k] = turned(step.grad[c]!, direction);
    target[at + 2 * count + k] = step.params[c]! - step.before[c]!;
  }
  at += 3 * count;
  for (const values of step.state) {
    for (let k = 0; k < count; k++) target[at + k] = values[coordinates[k]!]!;
    at += count;
  }
}

/** The direction in which the run of a layout goes. */
export function layoutDirection({ maximizes }: StepLayout): Direction {
  return directionOf({ maximize: maximizes === true });
}

function isLoss(name: ExtraName): boolean {
  return name === 'watched' || name === 'bestWatched';
}

function isMeasured(name: ExtraName): name is MeasuredName {
  return name === 'stability' || name === 'rebound';
}

/**
 * The largest size in bytes of a record, unless the budget is infinite. Each process that a record passes through holds several
 * copies of it.
 */
const recordBytes = 8 * 2 ** 20;

/** More evenly spaced coordinates show no more of a wide run, and recording them would take as long as an update. */
const recordedOfWide = 2 ** 14;

/**
 * The coordinates to record: all of them, or as many as fit into `budget` bytes over the planned steps and into `recordBytes`, above
 * 65,536 coordinates at most `recordedOfWide`, but at least 16. They are evenly spaced and include the first and the last.
 */
export function recordedCoordinates(dim: number, states: number, steps: number, budget: number): number[] {
  const perStep = budget === Number.POSITIVE_INFINITY ? budget : Math.min(recordBytes, budget / steps);
  const mostOfWide = dim > wide && Number.isFinite(budget) ? recordedOfWide : dim;
  const affordable = Math.min(mostOfWide, Math.floor(perStep / (8 * (3 + states))));
  const count = Math.min(dim, Math.max(16, affordable));
  return spreadOut({ dim, spread: count, others: [] });
}
