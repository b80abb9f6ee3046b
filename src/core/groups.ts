import { coordinatesOfGroups, optionsOfGroup } from './config/groups';
import type { RunConfig } from './config/runConfig';
import { type Phase, phaseOf } from './phases';

/** The parameter groups of a run: the coordinates outside all groups first. */
export interface ParameterGroups {
  readonly phases: readonly Phase[];
  readonly coordinates: readonly (readonly number[])[];
  /** The index of the group of each coordinate, shape [dim]. */
  readonly of: Uint32Array;
}

/**
 * The groups of a run; null if all coordinates have the same options.
 *
 * @throws RangeError if a group contains a coordinate that the loss does not have
 */
export function parameterGroupsOf(config: RunConfig, dim: number): ParameterGroups | null {
  const phases = groupPhasesOf(config);
  if (!phases) return null;
  const { coordinates, problems } = coordinatesOfGroups(config.groups!, config.names, dim);
  if (problems.length > 0) throw new RangeError(problems[0]!.message);
  const of = new Uint32Array(dim);
  for (const [g, members] of coordinates.entries()) for (const i of members) of[i] = g + 1;
  const rest = [...of.keys()].filter((i) => of[i] === 0);
  return { phases, coordinates: [rest, ...coordinates], of };
}

/** The options of the coordinates outside all groups, then those of each group; null without groups. */
export function groupPhasesOf(config: RunConfig): readonly Phase[] | null {
  if (!config.groups) return null;
  return [{}, ...config.groups.map(optionsOfGroup)].map((options) =>
    phaseOf(config, { ...config.optimizer, ...options }),
  );
}
