import type { PlotAxis } from './valueAxis';

/** A place on the x axis that has a name. */
export interface XMark {
  readonly name: string;
  readonly x: number;
}

/** Height of a row of names above the plot, in pixels. */
export const markRowHeight = 13;

export interface LaidOutMark extends XMark {
  readonly row: number;
  /** The left edge of the name, in pixels. */
  readonly left: number;
}

export interface MarkLayout {
  readonly marks: readonly LaidOutMark[];
  readonly rows: number;
}

/**
 * Assigns a row above the plot to the name of every visible mark: the lowest row in which it overlaps no
 * other name and no line of another mark. A name begins at its line, or ends there if the right edge is near.
 */
export function layOutMarks(
  marks: readonly XMark[],
  axis: PlotAxis,
  [left, right]: readonly [number, number],
  widthOf: (text: string) => number,
): MarkLayout {
  const transform = axis.kind === 'logarithmic' ? Math.log10 : (value: number) => value;
  const [low, high] = [transform(axis.min), transform(axis.max)];
  const inSight = marks
    .filter(({ x }) => x >= axis.min && x <= axis.max)
    .map((mark) => ({ ...mark, at: left + ((transform(mark.x) - low) / (high - low)) * (right - left) }))
    .sort((a, b) => b.at - a.at);
  const placed: (LaidOutMark & { readonly at: number; readonly right: number })[] = [];
  for (const mark of inSight) {
    const width = widthOf(mark.name);
    const begins = mark.at + 3 + width <= right;
    const from = begins ? mark.at + 3 : Math.max(left, mark.at - 3 - width);
    const to = from + width;
    let row = 0;
    const touched = (other: (typeof placed)[number]) =>
      other.row === row
        ? from < other.right + 6 && to > other.left - 6
        : other.row > row && other.at > from - 2 && other.at < to + 2;
    while (placed.some(touched)) row++;
    placed.push({ name: mark.name, x: mark.x, row, left: from, at: mark.at, right: to });
  }
  return {
    marks: placed.map(({ name, x, row, left: from }) => ({ name, x, row, left: from })),
    rows: placed.reduce((most, { row }) => Math.max(most, row + 1), 0),
  };
}
