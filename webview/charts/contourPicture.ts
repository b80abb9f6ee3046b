import { contours } from 'd3-contour';
import type { Grid } from '../../src/protocol/panel';
import { type Axis, linearAxis } from './axis';
import { cssColour, mix, withContrast } from './colour';
import type { Box } from './contourBox';
import { contourLevels } from './contourLevels';
import { drawStepArrows, type StepArrows } from './stepArrows';
import type { Theme } from './theme';

const levelCount = 14;
/** Space for the axes around the plane, in CSS pixels. */
export const contourInset = { left: 46, right: 10, top: 6, bottom: 20 } as const;

export interface ContourModel {
  readonly grid: Grid | null;
  readonly box: Box;
  /** x, y pairs. */
  readonly path: Float64Array;
  /** The index of the point of the path at the step cursor; −1 for none. */
  readonly marked: number;
  /** The step of the cursor; null if it is not known. */
  readonly arrows: StepArrows | null;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

/** The bands of a grid, computed once and drawn in any box: polygons in cell coordinates. */
interface Bands {
  readonly grid: Grid;
  readonly polygons: ReturnType<ReturnType<typeof contours>>;
}

let lastBands: Bands | null = null;

function bandsOf(grid: Grid): Bands {
  if (lastBands?.grid === grid) return lastBands;
  const levels = contourLevels(grid.values, levelCount);
  // A cell that is not finite counts as high here, and is hatched afterwards.
  const wall = levels.at(-1) ?? 0;
  const values = Array.from(grid.values, (value) => (Number.isFinite(value) ? value : wall));
  lastBands = { grid, polygons: contours().size([grid.columns, grid.rows]).thresholds(levels)(values) };
  return lastBands;
}

/** Draws the loss around the path: darker (in light themes: deeper blue) is lower. */
export function drawContour(context: CanvasRenderingContext2D, model: ContourModel): void {
  const { theme, width, height, box } = model;
  const plot = {
    left: contourInset.left,
    top: contourInset.top,
    width: Math.max(1, width - contourInset.left - contourInset.right),
    height: Math.max(1, height - contourInset.top - contourInset.bottom),
  };
  const toX = (value: number) => plot.left + ((value - box.x[0]) / (box.x[1] - box.x[0])) * plot.width;
  const toY = (value: number) =>
    plot.top + plot.height - ((value - box.y[0]) / (box.y[1] - box.y[0])) * plot.height;
  context.clearRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  if (model.grid !== null) drawBands(context, model.grid, theme, toX, toY);
  drawPath(context, model.path, model.marked, theme, toX, toY);
  if (model.arrows !== null) drawStepArrows(context, model.arrows, theme, toX, toY, plot);
  context.restore();
  drawAxes(context, box, plot, theme, toX, toY);
}

type Place = (value: number) => number;

function drawBands(
  context: CanvasRenderingContext2D,
  grid: Grid,
  theme: Theme,
  toX: Place,
  toY: Place,
): void {
  const { polygons } = bandsOf(grid);
  const cell = (i: number, side: readonly [number, number], count: number) =>
    side[0] + ((i - 0.5) / (count - 1)) * (side[1] - side[0]);
  const low = mix(theme.accent, theme.background, 0.25);
  if (polygons.length > 0) {
    context.fillStyle = cssColour(low);
    context.fillRect(
      toX(grid.x[0]),
      toY(grid.y[1]),
      toX(grid.x[1]) - toX(grid.x[0]),
      toY(grid.y[0]) - toY(grid.y[1]),
    );
  }
  context.lineWidth = 0.5;
  polygons.forEach((polygon, i) => {
    const share = (i + 1) / polygons.length;
    context.beginPath();
    for (const rings of polygon.coordinates) {
      for (const ring of rings) {
        ring.forEach((point, at) => {
          const [px, py] = [
            toX(cell(point[0]!, grid.x, grid.columns)),
            toY(cell(point[1]!, grid.y, grid.rows)),
          ];
          if (at === 0) context.moveTo(px, py);
          else context.lineTo(px, py);
        });
        context.closePath();
      }
    }
    context.fillStyle = cssColour(mix(low, theme.background, share ** 0.7));
    context.fill();
    context.strokeStyle = cssColour(theme.foreground, 0.22);
    context.stroke();
  });
  hatchHoles(context, grid, theme, toX, toY);
}

/** Cells whose loss is not finite, crossed by short strokes. */
function hatchHoles(
  context: CanvasRenderingContext2D,
  grid: Grid,
  theme: Theme,
  toX: Place,
  toY: Place,
): void {
  const stepX = (grid.x[1] - grid.x[0]) / (grid.columns - 1);
  const stepY = (grid.y[1] - grid.y[0]) / (grid.rows - 1);
  context.beginPath();
  for (let j = 0; j < grid.rows; j++) {
    for (let i = 0; i < grid.columns; i++) {
      if (Number.isFinite(grid.values[j * grid.columns + i]!)) continue;
      const [x, y] = [grid.x[0] + i * stepX, grid.y[0] + j * stepY];
      context.moveTo(toX(x - stepX / 2), toY(y - stepY / 2));
      context.lineTo(toX(x + stepX / 2), toY(y + stepY / 2));
    }
  }
  context.strokeStyle = cssColour(theme.error, 0.7);
  context.lineWidth = 1;
  context.stroke();
}

/** The path is drawn in this many colours, from the first to the last step. */
const shades = 24;
/** The colour of the last steps: orange of Okabe and Ito, apart from the blue of the bands and the grey of the first steps. */
const late = [230, 159, 0] as const;

/** The colour of a part of the path, by its share of the steps. */
export function pathColour(share: number, { foreground, background }: Theme): string {
  return cssColour(withContrast(mix(foreground, late, share), background, 3));
}

function drawPath(
  context: CanvasRenderingContext2D,
  path: Float64Array,
  marked: number,
  theme: Theme,
  toX: Place,
  toY: Place,
): void {
  const bounded = (value: number) => Math.max(-1e5, Math.min(1e5, value));
  const count = path.length >> 1;
  const each = Math.max(1, Math.ceil((count - 1) / shades));
  const parts: Path2D[] = [];
  let end = -1;
  for (let first = 0; first < count - 1 || first === 0; first += each) {
    const part = new Path2D();
    let open = false;
    for (let k = first; k <= Math.min(first + each, count - 1); k++) {
      const [x, y] = [path[2 * k]!, path[2 * k + 1]!];
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        open = false;
        continue;
      }
      // A canvas ignores coordinates beyond the range of a float, so coordinates are limited to a value far outside.
      const [px, py] = [bounded(toX(x)), bounded(toY(y))];
      if (open) part.lineTo(px, py);
      else part.moveTo(px, py);
      open = true;
      end = 2 * k;
    }
    parts.push(part);
  }
  if (end < 0) return;
  context.lineJoin = 'round';
  context.strokeStyle = cssColour(theme.background, 0.85);
  context.lineWidth = 4;
  for (const part of parts) context.stroke(part);
  context.lineWidth = theme.highContrast ? 2.4 : 1.8;
  parts.forEach((part, i) => {
    context.strokeStyle = pathColour(parts.length > 1 ? i / (parts.length - 1) : 0, theme);
    context.stroke(part);
  });
  ring(context, toX(path[0]!), toY(path[1]!), theme);
  dot(context, toX(path[end]!), toY(path[end + 1]!), theme);
  if (marked >= 0) diamond(context, toX(path[2 * marked]!), toY(path[2 * marked + 1]!), theme);
}

/** ◆: the step cursor. */
function diamond(context: CanvasRenderingContext2D, x: number, y: number, theme: Theme): void {
  const size = 6.5;
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
  context.fillStyle = theme.line;
  context.strokeStyle = cssColour(theme.background);
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

/** ◎: the start of the run. */
function ring(context: CanvasRenderingContext2D, x: number, y: number, theme: Theme): void {
  for (const [radius, width, colour] of [
    [5, 4, cssColour(theme.background)],
    [5, 1.5, theme.line],
  ] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
  context.beginPath();
  context.arc(x, y, 1.8, 0, 2 * Math.PI);
  context.fillStyle = theme.line;
  context.fill();
}

/** ●: the last point. */
function dot(context: CanvasRenderingContext2D, x: number, y: number, theme: Theme): void {
  context.beginPath();
  context.arc(x, y, 4.5, 0, 2 * Math.PI);
  context.fillStyle = theme.line;
  context.strokeStyle = cssColour(theme.background);
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

function drawAxes(
  context: CanvasRenderingContext2D,
  box: Box,
  plot: { left: number; top: number; width: number; height: number },
  theme: Theme,
  toX: Place,
  toY: Place,
): void {
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.strokeRect(plot.left + 0.5, plot.top + 0.5, plot.width - 1, plot.height - 1);
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const { value, label } of ticksWithin(box.x, plot.width / 50)) {
    const half = context.measureText(label).width / 2;
    context.fillText(label, Math.min(toX(value), plot.left + plot.width - half), plot.top + plot.height + 5);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { value, label } of ticksWithin(box.y, plot.height / 40))
    context.fillText(label, plot.left - 5, toY(value));
  context.textAlign = 'left';
}

function ticksWithin(side: readonly [number, number], count: number): Axis['ticks'] {
  const extent = {
    least: side[0],
    largest: side[1],
    leastPositive: Number.NaN,
    hasZero: false,
    clamped: false,
  };
  return linearAxis(extent, [], Math.max(2, Math.floor(count))).ticks.filter(
    ({ value }) => value >= side[0] && value <= side[1],
  );
}
