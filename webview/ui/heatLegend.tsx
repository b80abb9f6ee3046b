import type { CellScale } from '../charts/heatmapCells';
import { shortNumber } from '../numberText';

/** The scale of a heatmap in words and brightness. */
export function HeatLegend({ scale: { least, largest, linear = false } }: { readonly scale: CellScale }) {
  if (Number.isNaN(least)) return <p class="summary">All values are 0 or not finite.</p>;
  return (
    <p class="heatmapLegend">
      {!linear && (
        <>
          <span>0</span>
          <span class="heatmapZero" />
        </>
      )}
      <span>{shortNumber(least)}</span>
      <span class="heatmapScale" />
      <span>{shortNumber(largest)}</span>
    </p>
  );
}
