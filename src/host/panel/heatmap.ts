import type { StepLayout } from '../../core/trace/layout';
import { blockStarts, mostGroups, rootMeanSquare, type VectorSample } from '../../core/trace/vectorSample';
import type { HeatmapView, Quantity } from '../../protocol/panel';
import type { Run } from '../../runs/run';

/** The largest number of columns of a heatmap. */
const mostColumns = 200;

/**
 * The heatmap of a quantity over all samples so far; null if the run has no samples, or none of the quantity.
 *
 * @param level  of the groups that are the rows; 0 for blocks
 */
export function heatmapOf(run: Run, quantity: Quantity, level: number): HeatmapView | null {
  const { samples, record } = run;
  const { layout } = record;
  const b = ((layout?.bands ?? []) as readonly Quantity[]).indexOf(quantity);
  if (!layout || b < 0 || samples.length === 0) return null;
  const rows = level === 0 ? blocksOf(layout) : groupsOf(run, layout, level);
  if (rows === null) return null;
  const columns = Math.min(mostColumns, samples.length);
  const chosen = Array.from(
    { length: columns },
    (_, i) => samples[columns === 1 ? 0 : Math.round((i * (samples.length - 1)) / (columns - 1))]!,
  );
  const count = rows.starts.length - 1;
  const values = new Float64Array(count * columns);
  for (let row = 0; row < count; row++)
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = rows.valueOf(chosen[column]!, b, row);
  return { level, steps: Float64Array.from(chosen, ({ t }) => t), starts: rows.starts, values };
}

/** The number of levels of groups that the samples of a run have. */
export function groupLevels({ record: { layout }, coordinates }: Run): number {
  if (!layout?.groups) return 0;
  const level = coordinates.deepestLevel(mostGroups);
  const isSame = coordinates.level(level).every(({ offset }, g) => offset === layout.groups![g]);
  return isSame ? level : 0;
}

interface Rows {
  readonly starts: Float64Array;
  /** @param b  the index of the quantity among the bands */
  readonly valueOf: (sample: VectorSample, b: number, row: number) => number;
}

function blocksOf({ dim, blocks }: StepLayout): Rows | null {
  if (blocks === undefined) return null;
  return {
    starts: Float64Array.from(blockStarts(dim, blocks)),
    valueOf: (sample, b, row) => sample.blocks[b * blocks + row]!,
  };
}

/** The root mean square of a group follows from those of its parts, whose squares count by their numbers of coordinates. */
function groupsOf(run: Run, { dim, groups: parts }: StepLayout, level: number): Rows | null {
  if (!parts || level > groupLevels(run)) return null;
  const starts = [...run.coordinates.level(level).map(({ offset }) => offset), dim];
  const sizes = parts.slice(0, -1).map((start, g) => parts[g + 1]! - start);
  const first = starts.map((start) => parts.indexOf(start));
  return {
    starts: Float64Array.from(starts),
    valueOf: ({ groups = new Float64Array(0) }, b, row) => {
      const [from, to] = [first[row]!, first[row + 1]!];
      const offset = b * sizes.length;
      return rootMeanSquare(groups.subarray(offset + from, offset + to), sizes.slice(from, to));
    },
  };
}
