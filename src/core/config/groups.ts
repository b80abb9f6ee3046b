import { CoordinateLayout } from '../coordinates/coordinateLayout';
import { countOfNames } from '../coordinates/nameEntry';
import type { ConfigProblem, GroupConfig, OptionValue } from './runConfig';

/** The options of a group that differ from those of the optimizer. */
export function optionsOfGroup(group: GroupConfig): Readonly<Record<string, OptionValue>> {
  const { names: _, ranges: __, ...options } = group;
  return options as Readonly<Record<string, OptionValue>>;
}

/**
 * The coordinates of each group, ascending.
 *
 * @param names  of the coordinates, which may have ranges; null if they have none. A group may name an array, or a part of it
 * @param dim    null if it is not known; ranges are then not checked against it
 */
export function coordinatesOfGroups(
  groups: readonly GroupConfig[],
  names: readonly string[] | null,
  dim: number | null,
): { readonly coordinates: readonly (readonly number[])[]; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const owners = new Map<number, number>();
  const layout = names && new CoordinateLayout(names, null, countOfNames(names) ?? names.length);
  const nameOf = (i: number) => layout?.nameOf(i) ?? String(i);
  const coordinates = groups.map((group, g) => {
    const report = (message: string) =>
      problems.push({ path: ['groups', String(g)], code: 'out-of-range', message });
    const members = new Set<number>();
    for (const name of group.names ?? []) {
      const selected = layout?.select(name);
      if (selected) for (let i = selected[0]; i <= selected[1]; i++) members.add(i);
      else if (names)
        report(
          `the group names ${name}, which is no parameter of this loss; its parameters: ${listed(names)}`,
        );
      else
        report(
          `the group names ${name}, but the parameters have no names: write an index or a range such as 0..9`,
        );
    }
    for (const [from, to] of group.ranges ?? []) {
      if (dim !== null && to >= dim) {
        report(
          `the group contains ${to}, but the loss has ${dim} parameters: their indices are 0..${dim - 1}`,
        );
        continue;
      }
      for (let i = from; i <= to; i++) members.add(i);
    }
    for (const i of members) {
      const owner = owners.get(i);
      if (owner !== undefined && owner !== g) {
        report(`${nameOf(i)} is in two groups: remove it from one of them`);
        break;
      }
      owners.set(i, g);
    }
    return [...members].sort((a, b) => a - b);
  });
  return { coordinates, problems };
}

/** The largest number of names in a message. */
const listedNames = 20;

function listed(names: readonly string[]): string {
  const rest = names.length - listedNames;
  return `${names.slice(0, listedNames).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}
