import { blockStarts } from '../../core/trace/vectorSample';
import type { HeatmapView, Quantity } from '../../protocol/panel';
import type { Run } from '../../runs/run';

/** The largest number of columns of a heatmap. */
const mostColumns = 200;

/** The heatmap of a quantity over all samples so far; null if the run has no samples, or none of the quantity. */
export function heatmapOf({ samples, record: { layout } }: Run, quantity: Quantity): HeatmapView | null {
  const { bands = [], blocks } = layout ?? {};
  const b = (bands as readonly Quantity[]).indexOf(quantity);
  if (!layout || blocks === undefined || b < 0 || samples.length === 0) return null;
  const columns = Math.min(mostColumns, samples.length);
  const chosen = Array.from(
    { length: columns },
    (_, i) => samples[columns === 1 ? 0 : Math.round((i * (samples.length - 1)) / (columns - 1))]!,
  );
  const values = new Float64Array(blocks * columns);
  for (let row = 0; row < blocks; row++)
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = chosen[column]!.blocks[b * blocks + row]!;
  return {
    steps: Float64Array.from(chosen, ({ t }) => t),
    starts: Float64Array.from(blockStarts(layout.dim, blocks)),
    values,
  };
}
