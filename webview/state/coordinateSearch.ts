import {
  type CoordinateGroup,
  type CoordinateLayout,
  partsOf,
} from '../../src/core/coordinates/coordinateLayout';

/** The names that a search reads, at most. Beyond, arrays whose names do not match are left out. */
const mostNames = 100_000;

/** The coordinates that a search finds. */
export interface Matches {
  readonly count: number;
  /** The first ones, ascending. */
  readonly first: readonly number[];
  /** False if not all names were read: there may be more. */
  readonly isWhole: boolean;
}

/**
 * Coordinates whose name contains the search, or whose index it is, recorded or not. The name of a group or an array that contains it
 * decides for all its coordinates, so that few names are made.
 *
 * @param within  the group to search; null: all coordinates
 * @param most    the number of coordinates to return
 */
export function matching(
  layout: CoordinateLayout,
  search: string,
  within: CoordinateGroup | null,
  most: number,
): Matches {
  // "w1[*" finds the array.
  const wanted = search
    .trim()
    .toLowerCase()
    .replace(/\*\]?$/, '');
  const index = /^\d+$/.test(wanted) ? Number(wanted) : -1;
  const first: number[] = [];
  let count = 0;
  let read = 0;
  let isWhole = true;
  const add = (from: number, size: number) => {
    count += size;
    for (let i = from; i < from + size && first.length < most; i++) first.push(i);
  };
  const visit = (part: CoordinateGroup): void => {
    const { name, offset, size } = part;
    if (name.toLowerCase().includes(wanted)) add(offset, size);
    else if (size === 1) {
      if (offset === index) add(offset, 1);
    } else if (part.children.length > 0) for (const child of part.children) visit(child);
    else if (read + size <= mostNames) {
      read += size;
      for (const child of partsOf(part)) visit(child);
    } else {
      isWhole = false;
      if (index >= offset && index < offset + size) add(index, 1);
    }
  };
  for (const part of within ? [within] : layout.groups) visit(part);
  return { count, first, isWhole };
}
