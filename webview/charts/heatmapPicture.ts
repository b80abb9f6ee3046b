import type { NameOf } from '../../src/core/coordinates/coordinateNames';
import type { HeatmapView } from '../../src/protocol/panel';
import { stepText } from '../numberText';
import { cssColour, mix } from './colour';
import { type Cell, extentOfCells, shareOf } from './heatmapCells';
import type { Theme } from './theme';

/** Space for the axes, in pixels. The plane begins where the plots of the charts do. */
export const heatmapInset = { left: 46, right: 8, top: 4, bottom: 16 };

interface HeatmapPicture {
  readonly map: HeatmapView;
  readonly nameOf: NameOf;
  /** The cell that is read; null for none. */
  readonly cell: Cell | null;
  /** The column of the step cursor. */
  readonly cursor: number;
  readonly theme: Theme;
}

/** Draws a heatmap. Cells without a value are crossed out. */
export function drawHeatmap(
  canvas: HTMLCanvasElement,
  { map, nameOf, cell, cursor, theme }: HeatmapPicture,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const [rows, columns] = [map.starts.length - 1, map.steps.length];
  const extent = extentOfCells(map.values);
  const left = (column: number) =>
    heatmapInset.left + ((width - heatmapInset.left - heatmapInset.right) * column) / columns;
  const top = (row: number) =>
    heatmapInset.top + ((height - heatmapInset.top - heatmapInset.bottom) * row) / rows;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const share = shareOf(map.values[row * columns + column]!, extent);
      const [x, y] = [left(column), top(row)];
      // Half a pixel more, so that no gaps remain between the cells.
      const [w, h] = [left(column + 1) - x + 0.5, top(row + 1) - y + 0.5];
      if (Number.isNaN(share)) {
        context.strokeStyle = theme.muted;
        context.beginPath();
        context.moveTo(x, y + h);
        context.lineTo(x + w, y);
        context.stroke();
        continue;
      }
      context.fillStyle = cssColour(mix(theme.background, theme.foreground, share));
      context.fillRect(x, y, w, h);
    }
  context.strokeStyle = theme.muted;
  context.strokeRect(left(0), top(0), left(columns) - left(0), top(rows) - top(0));
  outline(context, left(cursor), top(0), left(cursor + 1) - left(cursor), top(rows) - top(0), theme);
  if (cell)
    outline(
      context,
      left(cell.column) - 2,
      top(cell.row) - 2,
      left(cell.column + 1) - left(cell.column) + 4,
      top(cell.row + 1) - top(cell.row) + 4,
      theme,
    );
  drawLabels(context, map, nameOf, { left, top, theme });
}

/** Two lines of opposite brightness, so that the frame is visible on any cell. */
function outline(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  theme: Theme,
): void {
  context.lineWidth = 1;
  context.strokeStyle = cssColour(theme.background);
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  context.strokeStyle = cssColour(theme.warning);
  context.strokeRect(x, y, width, height);
}

interface Places {
  readonly left: (column: number) => number;
  readonly top: (row: number) => number;
  readonly theme: Theme;
}

function drawLabels(
  context: CanvasRenderingContext2D,
  { steps, starts }: HeatmapView,
  nameOf: NameOf,
  { left, top, theme }: Places,
): void {
  const [rows, columns] = [starts.length - 1, steps.length];
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'top';
  for (const share of [0, 0.25, 0.5, 0.75]) {
    const row = Math.floor(share * rows);
    const coordinate = starts[row]!;
    const name = nameOf(coordinate);
    // A long name keeps its index.
    context.fillText(name.length > 7 ? `…${name.slice(-6)}` : name, left(0) - 4, top(row));
  }
  context.textBaseline = 'alphabetic';
  const bottom = top(rows) + 12;
  context.textAlign = 'left';
  context.fillText(stepText(steps[0] ?? 1), left(0), bottom);
  context.textAlign = 'right';
  context.fillText(stepText(steps[columns - 1] ?? 1), left(columns), bottom);
}
