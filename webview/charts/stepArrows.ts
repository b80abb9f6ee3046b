import { cssColour } from './colour';
import type { Theme } from './theme';

/** The step of the cursor in the plane. */
export interface StepArrows {
  /** The point before the step, at which the gradient is evaluated. */
  readonly from: readonly [number, number];
  readonly update: readonly [number, number];
  /** The negative gradient; of a run that maximizes, the gradient. */
  readonly descent: readonly [number, number];
}

/** The part of the canvas that is shown, in pixels. */
interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Place = (value: number) => number;

/** The length of the arrow of the gradient, whose unit is not that of the plane, and the least length of the update's. */
const lengths = { descent: 38, update: 22 } as const;

/** Draws both arrows with their names, so that neither is known by its colour only. A zero or non-finite one is not drawn. */
export function drawStepArrows(
  context: CanvasRenderingContext2D,
  { from, update, descent }: StepArrows,
  theme: Theme,
  toX: Place,
  toY: Place,
  bounds: Bounds,
): void {
  const [x, y] = [toX(from[0]), toY(from[1])];
  // A step outside of the shown part has no arrows, nor their names at its edge.
  if (!(isWithin(x, bounds.left, bounds.width) && isWithin(y, bounds.top, bounds.height))) return;
  const onScreen = ([dx, dy]: readonly [number, number], length: (own: number) => number) => {
    // Of a vector that would overflow, the direction matters.
    const largest = Math.max(Math.abs(dx), Math.abs(dy));
    if (!(largest > 0) || !Number.isFinite(largest)) return null;
    const unit = Math.max(Math.abs(toX(1) - toX(0)), Math.abs(toY(1) - toY(0)));
    const px = ((toX(1) - toX(0)) / unit) * (dx / largest);
    const py = ((toY(1) - toY(0)) / unit) * (dy / largest);
    const size = Math.hypot(px, py);
    if (!(size > 0)) return null;
    const wanted = length(size * unit * largest);
    return [(px / size) * wanted, (py / size) * wanted] as const;
  };
  const down = onScreen(descent, () => lengths.descent);
  const step = onScreen(update, (own) => Math.min(400, Math.max(lengths.update, own)));
  if (down) arrow(context, [x, y], down, '\u2212g', theme, [4, 3], bounds);
  if (step) arrow(context, [x, y], step, '\u0394', theme, [], bounds);
}

function arrow(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  [dx, dy]: readonly [number, number],
  label: string,
  theme: Theme,
  dash: readonly number[],
  bounds: Bounds,
): void {
  const [endX, endY] = [x + dx, y + dy];
  const angle = Math.atan2(dy, dx);
  const head = 7;
  const strokes: readonly (readonly [string, number])[] = [
    [cssColour(theme.background), 4.5],
    [theme.line, 1.8],
  ];
  for (const [colour, width] of strokes) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(width > 2 ? [] : [...dash]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(endX, endY);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const side of [-1, 1]) {
      context.moveTo(endX, endY);
      context.lineTo(
        endX - head * Math.cos(angle + side * 0.45),
        endY - head * Math.sin(angle + side * 0.45),
      );
    }
    context.stroke();
  }
  context.font = `bold 11px ${theme.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  // Near the edge, the name is moved inside.
  const half = context.measureText(label).width / 2;
  const textX = within(endX + 10 * Math.cos(angle), bounds.left, bounds.width, half + 2);
  const textY = within(endY + 10 * Math.sin(angle), bounds.top, bounds.height, 8);
  context.lineWidth = 3;
  context.strokeStyle = cssColour(theme.background);
  context.strokeText(label, textX, textY);
  context.fillStyle = theme.line;
  context.fillText(label, textX, textY);
  context.textAlign = 'left';
}

function within(at: number, from: number, length: number, margin: number): number {
  return Math.max(from + margin, Math.min(from + length - margin, at));
}

function isWithin(at: number, from: number, length: number): boolean {
  return at >= from && at <= from + length;
}
