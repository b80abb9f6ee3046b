import { coordinatesOfGroups } from '../../core/config/groups';
import { resolveConfig } from '../../core/config/resolve';
import type { GroupConfig, RunConfig } from '../../core/config/runConfig';
import { LineMap } from '../places/lineMap';
import { readAnnotation } from './annotation';

/** A group that a person entered, or what is wrong with the text. */
export type EnteredGroup =
  | { readonly group: GroupConfig; readonly wrong?: never }
  | { readonly wrong: string; readonly group?: never };

/** Reads the value of a `@group` tag: `b 4..9 lr=0.1`. */
export function readGroup(text: string): EnteredGroup {
  if (/[@\n]|\*\//.test(text)) return { wrong: 'Write one group, such as b lr=0.1 or 0..9 weightDecay=0' };
  const comment = `/** @group ${text} */`;
  const { patch, problems } = readAnnotation(new LineMap('', comment), 0, comment.length, 'javascript');
  const [problem] = problems;
  if (problem) return { wrong: problem.message };
  const group = patch.groups?.[0];
  return group
    ? { group }
    : { wrong: 'Write the parameters of the group and their options, such as b lr=0.1' };
}

/**
 * Why the groups of a run do not fit its optimizer or its parameters: the first problem of one group.
 *
 * @param g    the index of that group
 * @param dim  null if it is not known
 */
export function problemOfGroup(
  groups: readonly GroupConfig[],
  g: number,
  { optimizer, names }: Pick<RunConfig, 'optimizer' | 'names'>,
  dim: number | null,
): string | undefined {
  const { problems } = resolveConfig([{ optimizer, groups }]);
  const all = [...problems, ...coordinatesOfGroups(groups, names, dim).problems];
  return all.find(({ path }) => path[0] === 'groups' && path[1] === String(g))?.message;
}
