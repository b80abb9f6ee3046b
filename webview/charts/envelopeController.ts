import { Chart, DatasetController, type Plugin, PointElement, type Scale } from 'chart.js';
import type { ChartLine } from './chartLine';
import { denseBuckets } from './denseBuckets';
import { bucketSize, plotLimit } from './envelope';
import { transformOf } from './scales';

/** The data of a dataset of the type `envelope`, instead of points. */
export interface EnvelopeDataset {
  line: ChartLine;
  /** The position of zeros and tiny values on a log axis; NaN on other axes. */
  floor: { readonly x: number; readonly y: number };
  /** Larger values are marked at the upper edge. */
  cut: number;
}

declare module 'chart.js' {
  interface ChartTypeRegistry {
    envelope: {
      chartOptions: unknown;
      datasetOptions: EnvelopeDataset;
      defaultDataPoint: number;
      metaExtensions: unknown;
      parsedDataType: unknown;
      scales: 'linear' | 'logarithmic' | 'symlog';
    };
  }
}

/** The largest distance of a line's outline from the plot, in pixels. */
const edge = 3;

/** Lines with at most this many visible buckets show a dot for every value. */
const dotsUpTo = 40;

/**
 * Draws min-max envelopes without a chart.js element for every point, so a redraw consists of canvas strokes
 * only. A bucket whose smallest and largest value are equal is a point of the line; any other bucket is a
 * vertical stroke between the two. All of them are joined into one path. A bucket without finite values
 * interrupts the line. Where strokes would merge into a filled area that hides other lines, `rangesPlugin` draws the area
 * translucently, and this controller draws its two edges. The chart sets the axis limits, so no data are parsed.
 */
class EnvelopeController extends DatasetController<'envelope'> {
  static readonly id = 'envelope';
  /** chart.js requires the name of an element; without data it creates none. */
  static readonly defaults = { datasetElementType: null, dataElementType: 'point' };

  override buildOrUpdateElements(): void {}
  override update(): void {}

  override draw(): void {
    const { xScale, yScale } = this.getMeta();
    const dataset = this.getDataset() as unknown as EnvelopeDataset;
    if (xScale === undefined || yScale === undefined) return;
    const { ctx, chartArea } = this.chart;
    ctx.save();
    // Half of a line's width may be outside of the plot, but no line that leaves it.
    ctx.beginPath();
    ctx.rect(0, chartArea.top - edge, this.chart.width, chartArea.bottom - chartArea.top + 2 * edge);
    ctx.clip();
    drawLine(ctx, xScale, yScale, dataset);
    ctx.restore();
  }
}

function drawLine(
  context: CanvasRenderingContext2D,
  x: Scale,
  y: Scale,
  { line, floor, cut }: EnvelopeDataset,
): void {
  const { envelope } = line;
  const placeX = placeOn(x, floor.x);
  const place = placeOn(y, floor.y);
  const [from, to] = visibleBuckets(envelope, x.min, x.max);
  const dense = denseBuckets(envelope, from, to, placeX, place);
  context.save();
  context.strokeStyle = line.colour;
  context.fillStyle = line.colour;
  context.lineWidth = line.width;
  context.lineJoin = 'round';
  context.setLineDash([...line.dash]);
  context.beginPath();
  const dots: number[] = [];
  const showDots = line.width > 1 && (to - from) / bucketSize <= dotsUpTo;
  let open = false;
  let previous = 0;
  for (let i = from; i < to; i += bucketSize) {
    const low = envelope[i + 1]!;
    if (Number.isNaN(low)) {
      open = false;
      continue;
    }
    const high = envelope[i + 2]!;
    const px = placeX(envelope[i]!);
    const bottom = place(low);
    const top = high === low ? bottom : place(high);
    if (dense[(i - from) / bucketSize] === 1) {
      // The line enters and leaves a dense part in the middle.
      const middle = (bottom + top) / 2;
      if (open && dense[(i - from) / bucketSize - 1] !== 1) context.lineTo(px, middle);
      context.moveTo(px, middle);
      previous = middle;
      open = true;
      continue;
    }
    // The stroke starts at the end of the bucket that is nearer to the previous point.
    const [start, end] =
      open && Math.abs(previous - top) < Math.abs(previous - bottom) ? [top, bottom] : [bottom, top];
    if (open) context.lineTo(px, start);
    else context.moveTo(px, start);
    if (end !== start) context.lineTo(px, end);
    // A single value between two gaps is drawn as a dot, because it has no line.
    const alone = !open && Number.isNaN(envelope[i + bucketSize + 1] ?? Number.NaN);
    const isHeld = line.held === true && i > 0 && low === high && envelope[i - bucketSize + 1] === low;
    if ((showDots && !isHeld) || alone) dots.push(px, start);
    previous = end;
    open = true;
  }
  context.stroke();
  context.lineWidth = Math.min(1, line.width);
  for (const [first, past] of stretchesOf(dense)) {
    for (const side of [1, 2]) {
      context.beginPath();
      for (let i = from + first * bucketSize; i < from + past * bucketSize; i += bucketSize)
        context.lineTo(placeX(envelope[i]!), place(envelope[i + side]!));
      context.stroke();
    }
  }
  context.setLineDash([]);
  for (let i = 0; i < dots.length; i += 2) {
    context.beginPath();
    context.arc(dots[i]!, dots[i + 1]!, showDots ? line.width * 0.9 + 0.4 : line.width, 0, 2 * Math.PI);
    context.fill();
  }
  drawClampMarks(context, envelope, from, to, placeX, y, Math.min(cut, plotLimit));
  context.restore();
}

/** The areas of all lines that oscillate densely, translucent and behind all lines. */
export const rangesPlugin: Plugin = {
  id: 'ranges',
  beforeDatasetsDraw: ({ ctx, chartArea, scales, data }) => {
    const { left, right, top, bottom } = chartArea;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, right - left, bottom - top);
    ctx.clip();
    ctx.globalAlpha = rangeOpacity;
    for (const dataset of data.datasets)
      fillRanges(ctx, scales.x!, scales.y!, dataset as unknown as EnvelopeDataset);
    ctx.restore();
  },
};

const rangeOpacity = 0.3;

function fillRanges(
  context: CanvasRenderingContext2D,
  x: Scale,
  y: Scale,
  { line: { envelope, colour }, floor }: EnvelopeDataset,
): void {
  const placeX = placeOn(x, floor.x);
  const place = placeOn(y, floor.y);
  const [from, to] = visibleBuckets(envelope, x.min, x.max);
  context.fillStyle = colour;
  for (const [first, past] of stretchesOf(denseBuckets(envelope, from, to, placeX, place))) {
    context.beginPath();
    for (let k = first; k < past; k++) {
      const i = from + k * bucketSize;
      context.lineTo(placeX(envelope[i]!), place(envelope[i + 2]!));
    }
    for (let k = past - 1; k >= first; k--) {
      const i = from + k * bucketSize;
      context.lineTo(placeX(envelope[i]!), place(envelope[i + 1]!));
    }
    context.fill();
  }
}

/** The ranges [first, past) of ones. */
function stretchesOf(flags: Uint8Array): [number, number][] {
  const stretches: [number, number][] = [];
  for (let i = 0; i < flags.length; i++) {
    if (flags[i] === 0) continue;
    const first = i;
    while (flags[i] === 1) i++;
    stretches.push([first, i]);
  }
  return stretches;
}

/** Triangles at the edge where values exceed the limit of the plot or of the axis. */
function drawClampMarks(
  context: CanvasRenderingContext2D,
  envelope: Float64Array,
  from: number,
  to: number,
  toX: (x: number) => number,
  y: Scale,
  limit: number,
): void {
  let last = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i += bucketSize) {
    const up = envelope[i + 2]! > limit;
    if (!up && !(envelope[i + 1]! < -plotLimit)) continue;
    const px = toX(envelope[i]!);
    if (px - last < 9) continue;
    last = px;
    const tip = up ? y.top : y.bottom;
    const base = up ? tip + 6 : tip - 6;
    context.beginPath();
    context.moveTo(px, tip);
    context.lineTo(px - 4, base);
    context.lineTo(px + 4, base);
    context.fill();
  }
}

/**
 * A function that gives the position of a value on a scale, in pixels. A scale is affine in a transform of
 * the value, so two look-ups replace one per point.
 *
 * @param floor  smaller values are drawn at this position; NaN for none
 */
export function placeOn(scale: Scale, floor: number): (value: number) => number {
  const transform = transformOf(scale);
  const [low, high] = [transform(scale.min), transform(scale.max)];
  const [start, end] = [scale.getPixelForValue(scale.min), scale.getPixelForValue(scale.max)];
  const slope = (end - start) / (high - low);
  const offset = start - slope * low;
  const hasFloor = !Number.isNaN(floor);
  return (value) => {
    const clamped = value > plotLimit ? plotLimit : value < -plotLimit ? -plotLimit : value;
    return offset + slope * transform(hasFloor && !(clamped > floor) ? floor : clamped);
  };
}

/** The indices of the visible buckets and one more on both sides, so that lines extend to the edge. */
function visibleBuckets(envelope: Float64Array, min: number, max: number): [number, number] {
  let from = 0;
  let to = envelope.length;
  while (from + 2 * bucketSize <= to && envelope[from + bucketSize]! < min) from += bucketSize;
  while (to - 2 * bucketSize >= from && envelope[to - 2 * bucketSize]! > max) to -= bucketSize;
  return [from, to];
}

Chart.register(EnvelopeController, PointElement);
