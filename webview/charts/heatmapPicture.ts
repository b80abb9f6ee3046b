import { stepText } from '../numberText';
import { cssColour, mix } from './colour';
import { type Cell, type HeatGrid, shareOf } from './heatmapCells';
import type { Theme } from './theme';

/** Space for the axes, in pixels. */
export interface HeatmapInset {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const widestLabel = 150;
/** In a wide heatmap, as a share of its width. */
const widestLabelShare = 0.3;
const characterWidth = 6;

/** The plane begins where the plots of the charts do, or where the longest name of a row ends. @param width  of the picture */
export function heatmapInset({ names, labelsAll }: HeatGrid, width: number): HeatmapInset {
  const longest = labelsAll ? Math.max(0, ...names.map((name) => name.length)) : 0;
  const widest = Math.max(widestLabel, width * widestLabelShare);
  const left = Math.max(46, Math.min(widest, 8 + characterWidth * longest));
  return { left, right: 8, top: 4, bottom: 16 };
}

interface HeatmapPicture {
  readonly grid: HeatGrid;
  /** The cell that is read; null for none. */
  readonly cell: Cell | null;
  /** The column of the step cursor. */
  readonly cursor: number;
  readonly theme: Theme;
}

/** Draws a heatmap. Cells without a value are crossed out. */
export function drawHeatmap(canvas: HTMLCanvasElement, { grid, cell, cursor, theme }: HeatmapPicture): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const [rows, columns] = [grid.names.length, grid.steps.length];
  const inset = heatmapInset(grid, width);
  const left = (column: number) => inset.left + ((width - inset.left - inset.right) * column) / columns;
  const top = (row: number) => inset.top + ((height - inset.top - inset.bottom) * row) / rows;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const share = shareOf(grid.values[row * columns + column]!, grid.scale);
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
  drawLabels(context, grid, { left, top, theme });
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

/** Of the labels, in pixels. */
const lineHeight = 11;

/** Every row that has room for its name, or four rows. */
function labelledRows(labelsAll: boolean, rows: number, height: number): number[] {
  if (!labelsAll) return [0, 0.25, 0.5, 0.75].map((share) => Math.floor(share * rows));
  const every = Math.max(1, Math.ceil(lineHeight / height));
  return Array.from({ length: Math.ceil(rows / every) }, (_, i) => i * every);
}

interface Places {
  readonly left: (column: number) => number;
  readonly top: (row: number) => number;
  readonly theme: Theme;
}

function drawLabels(
  context: CanvasRenderingContext2D,
  { labelsAll, steps, names }: HeatGrid,
  { left, top, theme }: Places,
): void {
  const [rows, columns] = [names.length, steps.length];
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'top';
  const characters = Math.floor((left(0) - 8) / characterWidth);
  for (const row of labelledRows(labelsAll, rows, top(1) - top(0))) {
    const name = names[row]!;
    // A long name keeps its end, which has the index. The table and the text under the pointer have all of it.
    const text = name.length > characters ? `…${name.slice(1 - characters)}` : name;
    // A row is named at its middle, or at its first coordinate.
    const y = labelsAll ? (top(row) + top(row + 1)) / 2 : top(row);
    context.textBaseline = labelsAll ? 'middle' : 'top';
    context.fillText(text, left(0) - 4, y);
  }
  context.textBaseline = 'alphabetic';
  const bottom = top(rows) + 12;
  context.textAlign = 'left';
  context.fillText(stepText(steps[0] ?? 1), left(0), bottom);
  context.textAlign = 'right';
  context.fillText(stepText(steps[columns - 1] ?? 1), left(columns), bottom);
}
