import { numberOption } from '../core/config/readOptions';
import { resolveConfig } from '../core/config/resolve';
import type { RunConfig } from '../core/config/runConfig';
import { recordedStates } from '../core/optimizers/optimizer';
import { blankCoordinate, type CoordinateFormulas, formulasOf } from '../core/trace/coordinateFormulas';
import type { ExtraName, StepLayout } from '../core/trace/layout';
import type { CoordinateQuantity, GlobalQuantity } from '../core/trace/names';
import type { Derivation, OptimizerFormulas } from '../core/trace/quantities';
import { coordinateEntries, type Recording, tensorOf } from './recording';
import { configOfGroup } from './torchOptimizer';

/** The layout of the records that are made of the rows of a recording. With several groups, each coordinate has its learning rate. */
export function layoutOfRecording(recording: Recording, extras: readonly ExtraName[]): StepLayout {
  const { dim, coordinates, states, groups } = recording;
  const known = recordedStates.filter((name) => states.includes(name));
  return {
    dim,
    coordinates,
    stateNames: groups.length > 1 ? [...known, 'lr'] : known,
    extras,
    ...(groups[0]?.maximize === true && { maximizes: true }),
  };
}

/** The configuration that describes a recorded training: of its first group. Its steps are not known in advance. */
export function configOfRecording(recording: Recording): RunConfig {
  const config = configOfFirstGroup(recording) ?? resolveConfig([{ optimizer: { name: 'sgd' } }]).config;
  return { ...config, names: coordinateEntries(recording) };
}

/** Whether the registry has the optimizer of every group, so that quantities follow from its formulas. */
export function hasFormulas({ module, optimizer, groups }: Recording): boolean {
  return groups.every((group) => configOfGroup(module, optimizer, group) !== null);
}

/**
 * What is derived from the rows of a recording: the quantities of its optimizer for the recorded coordinates, each with the options of
 * its group. Of an optimizer without formulas, only what is recorded.
 */
export function derivationOfRecording(recording: Recording): Derivation {
  const { module, optimizer, groups, coordinates } = recording;
  const ofGroups = groups.map((group) => formulasOfGroup(configOfGroup(module, optimizer, group)));
  const ofCoordinate = (c: number) => ofGroups[recording.tensors[tensorOf(recording, c)]?.group ?? 0]!;
  return {
    phases: [ofGroups[0] ?? formulasOfGroup(null)],
    ofCoordinates: groups.length > 1 ? coordinates.map(ofCoordinate) : null,
    without: sumsOfAll,
  };
}

/** Sums over all coordinates, and changes of one loss: a recording has a part of the coordinates, and losses of batches. */
const sumsOfAll: ReadonlySet<GlobalQuantity> = new Set([
  'rms',
  'updateNorm',
  'updateNormP',
  'predictedChange',
  'actualChange',
]);

function configOfFirstGroup({ module, optimizer, groups: [first] }: Recording): RunConfig | null {
  return first ? configOfGroup(module, optimizer, first) : null;
}

function formulasOfGroup(config: RunConfig | null): OptimizerFormulas {
  if (config === null) return { formulas: recordedOnly, eps: 0 };
  return { formulas: formulasOf(config)[0]!, eps: numberOption(config.optimizer, 'eps') ?? 0 };
}

/** The formulas of an optimizer of which nothing is known. */
const recordedOnly: CoordinateFormulas = (() => {
  const sgd = formulasOf(resolveConfig([{ optimizer: { name: 'sgd' } }]).config)[0]!;
  const recorded: readonly CoordinateQuantity[] = ['params', 'grad', 'update', 'absUpdate', 'updateRatio'];
  const names = Object.keys(sgd.formulas) as CoordinateQuantity[];
  const kept = names.map((name) => [name, recorded.includes(name) ? sgd.formulas[name] : undefined]);
  return {
    ...sgd,
    formulas: Object.fromEntries(kept) as CoordinateFormulas['formulas'],
    bound: () => Number.POSITIVE_INFINITY,
    stabilityLimit: () => Number.POSITIVE_INFINITY,
    beta: blankCoordinate().beta,
  };
})();
