import type { Chart, Plugin, Scale } from 'chart.js';
import { shortNumber } from '../numberText';
import type { ChartLine } from './chartLine';
import { cssColour } from './colour';
import { bucketSize, lastValue } from './envelope';
import { placeOn } from './envelopeController';
import { areTinted, type MarkedFinding, placeGlyphs, stretchesOf } from './findingMarks';
import { severityGlyph } from './severityGlyph';
import type { Theme } from './theme';

/** The marks behind and in front of the lines of a chart, in steps. */
export interface StepMarks {
  /** Ranges with values that are not finite: [first step, step after the last]. */
  readonly nonFinite: readonly (readonly [number, number])[];
  readonly findings: readonly MarkedFinding[];
  /** Changes of the learning rate by hand: [step, lr]. */
  readonly lrChanges: readonly (readonly [number, number])[];
  /** A horizontal line, such as the bound at 1; null for none. */
  readonly level: { readonly value: number; readonly label: string } | null;
  /** A line that the values must stay below, and a label for the region above it; null for none. */
  readonly limit: { readonly envelope: Float64Array; readonly beyond: string } | null;
  /** The values are meaningless before this step; null if they are always meaningful. */
  readonly unsettledUntil: number | null;
  readonly lines: readonly ChartLine[];
  readonly theme: Theme;
}

/** Draws the marks of a chart: findings and non-finite ranges behind the lines, labels in front of them. */
export function stepMarksPlugin(marks: () => StepMarks | null): Plugin {
  return {
    id: 'stepMarks',
    beforeDatasetsDraw: (chart) => {
      const current = marks();
      if (current !== null) drawBehind(chart, current);
    },
    afterDatasetsDraw: (chart) => {
      const current = marks();
      if (current !== null) drawLabels(chart, current);
    },
  };
}

function drawBehind(chart: Chart, marks: StepMarks): void {
  const { ctx, chartArea, scales } = chart;
  const x = scales.x!;
  const { theme } = marks;
  const place = (step: number) =>
    Math.max(chartArea.left, Math.min(chartArea.right, x.getPixelForValue(step)));
  ctx.save();
  if (marks.limit !== null) shadeBeyond(chart, marks.limit.envelope, theme);
  if (marks.unsettledUntil !== null && marks.unsettledUntil > x.min) {
    ctx.fillStyle = theme.grid;
    const [from, to] = [place(1), place(marks.unsettledUntil)];
    ctx.fillRect(from, chartArea.top, to - from, chartArea.bottom - chartArea.top);
  }
  const stretches = stretchesOf(marks.findings);
  const tinted = areTinted(stretches, [x.min, x.max]);
  for (const { severity, steps } of stretches) {
    if (steps[1] < x.min || steps[0] > x.max) continue;
    const [from, to] = [place(steps[0]), place(steps[1])];
    // A finding of severity info has only a bar.
    if (severity !== 'info' && tinted) {
      ctx.fillStyle = cssColour(theme[severity], theme.highContrast ? 0.22 : 0.09);
      ctx.fillRect(from, chartArea.top, Math.max(1, to - from), chartArea.bottom - chartArea.top);
    }
    ctx.fillStyle = cssColour(theme[severity]);
    const thickness = severity === 'info' ? 1 : 2;
    ctx.fillRect(from, chartArea.top - thickness, Math.max(2, to - from), thickness);
  }
  for (const [first, past] of marks.nonFinite) {
    if (past < x.min || first > x.max) continue;
    hatch(ctx, place(first), place(past), chartArea.top, chartArea.bottom, theme);
  }
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1;
  for (const [step] of marks.lrChanges) {
    if (step < x.min || step > x.max) continue;
    ctx.setLineDash([1, 3]);
    ctx.beginPath();
    ctx.moveTo(place(step), chartArea.top);
    ctx.lineTo(place(step), chartArea.bottom);
    ctx.stroke();
  }
  ctx.restore();
}

/** A faint fill of the region above the limit. */
function shadeBeyond({ ctx, chartArea, scales }: Chart, envelope: Float64Array, theme: Theme): void {
  const { left, right, top, bottom } = chartArea;
  const placeX = placeOn(scales.x!, Number.NaN);
  const placeY = placeOn(scales.y!, Number.NaN);
  const within = (value: number, from: number, to: number) => Math.max(from, Math.min(to, value));
  ctx.fillStyle = cssColour(theme.warning, theme.highContrast ? 0.25 : 0.1);
  for (let i = 0; i < envelope.length; i += bucketSize) {
    const value = envelope[i + 1]!;
    if (Number.isNaN(value)) continue;
    const next = envelope[i + bucketSize];
    const from = within(placeX(envelope[i]!), left, right);
    const to = next === undefined ? right : within(placeX(next), left, right);
    ctx.fillRect(from, top, to - from, within(placeY(value), top, bottom) - top);
  }
}

/** Hatching over [from, to], which marks non-finite values without using colour. */
function hatch(
  ctx: CanvasRenderingContext2D,
  from: number,
  to: number,
  top: number,
  bottom: number,
  theme: Theme,
): void {
  const width = Math.max(3, to - from);
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, top, width, bottom - top);
  ctx.clip();
  ctx.fillStyle = cssColour(theme.error, 0.1);
  ctx.fillRect(from, top, width, bottom - top);
  ctx.strokeStyle = cssColour(theme.error, 0.65);
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let offset = from - (bottom - top); offset < from + width; offset += 7) {
    ctx.moveTo(offset, bottom);
    ctx.lineTo(offset + (bottom - top), top);
  }
  ctx.stroke();
  ctx.restore();
}

function drawLabels(chart: Chart, marks: StepMarks): void {
  const { ctx, chartArea, scales } = chart;
  const [x, y] = [scales.x!, scales.y!];
  const { theme } = marks;
  ctx.save();
  ctx.font = `10px ${theme.font}`;
  const starts = marks.findings
    .filter(({ severity, steps }) => severity !== 'info' && steps[1] >= x.min && steps[0] <= x.max)
    .map(({ severity, steps }) => ({
      severity,
      at: Math.max(chartArea.left, x.getPixelForValue(steps[0])) + 2,
    }));
  ctx.textBaseline = 'top';
  for (const { severity, left } of placeGlyphs(starts, glyphWidth, chartArea.right)) {
    ctx.fillStyle = cssColour(theme[severity]);
    ctx.fillText(severityGlyph[severity], left, chartArea.top + 2);
  }
  if (marks.limit !== null) nameBeyond(chart, marks.limit, theme);
  const widest = marks.nonFinite.reduce(
    (best, stretch) => (stretch[1] - stretch[0] > best[1] - best[0] ? stretch : best),
    [0, 0] as readonly [number, number],
  );
  if (widest[1] > widest[0] && widest[1] > x.min && widest[0] < x.max) {
    const from = Math.max(chartArea.left, x.getPixelForValue(widest[0]));
    writeBoxed(ctx, 'not finite', from, (chartArea.top + chartArea.bottom) / 2, chartArea, theme);
  }
  writeLrChanges(ctx, marks, x, chartArea);
  const endLabels: EndLabel[] = [];
  if (marks.level !== null) {
    const at = y.getPixelForValue(marks.level.value);
    if (at >= chartArea.top && at <= chartArea.bottom) {
      ctx.strokeStyle = theme.muted;
      ctx.lineWidth = 1;
      ctx.setLineDash([4, 3]);
      ctx.beginPath();
      ctx.moveTo(chartArea.left, at);
      ctx.lineTo(chartArea.right, at);
      ctx.stroke();
      ctx.setLineDash([]);
      endLabels.push({ text: marks.level.label, at, colour: theme.muted });
    }
  }
  for (const line of marks.lines) {
    const value = line.endLabel === '' ? Number.NaN : lastValue(line.envelope);
    if (!Number.isNaN(value)) {
      endLabels.push({ text: line.endLabel, at: y.getPixelForValue(value), colour: line.colour });
    }
  }
  writeEnds(ctx, endLabels, chartArea, theme);
  ctx.restore();
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface EndLabel {
  readonly text: string;
  /** The height of the line with this label, in pixels. */
  readonly at: number;
  readonly colour: string;
}

const labelHeight = 11;
const glyphWidth = 11;

/** The label of the region above the limit, if there is enough space. */
function nameBeyond(
  { ctx, chartArea, scales }: Chart,
  { envelope, beyond }: { readonly envelope: Float64Array; readonly beyond: string },
  theme: Theme,
): void {
  const at = scales.y!.getPixelForValue(lastValue(envelope));
  if (!(at - chartArea.top >= labelHeight + 2)) return;
  ctx.fillStyle = cssColour(theme.warning);
  ctx.textBaseline = 'bottom';
  ctx.fillText(beyond, chartArea.left + 4, at - 1);
}

/**
 * Labels at the right ends of horizontal lines: the topmost above its line if there is space, the others
 * below.
 */
function writeEnds(ctx: CanvasRenderingContext2D, labels: EndLabel[], area: Area, theme: Theme): void {
  ctx.textAlign = 'right';
  ctx.textBaseline = 'top';
  ctx.lineWidth = 3;
  ctx.strokeStyle = cssColour(theme.background);
  let free = area.top;
  labels
    .sort((a, b) => a.at - b.at)
    .forEach(({ text, at, colour }, i) => {
      const above = at - labelHeight - 1;
      const below = Math.min(Math.max(free, at + 2), area.bottom - labelHeight);
      const top = i === 0 && above >= free ? above : below;
      ctx.fillStyle = colour;
      ctx.strokeText(text, area.right - 2, top);
      ctx.fillText(text, area.right - 2, top);
      free = top + labelHeight;
    });
  ctx.textAlign = 'left';
}

/** The new learning rate at the bottom of each dotted line, unless it would overlap the previous label. */
function writeLrChanges(
  ctx: CanvasRenderingContext2D,
  { lrChanges, theme }: StepMarks,
  x: Scale,
  area: Area,
): void {
  ctx.textBaseline = 'bottom';
  ctx.lineWidth = 3;
  ctx.strokeStyle = cssColour(theme.background);
  ctx.fillStyle = theme.muted;
  let free = area.left;
  for (const [step, lr] of lrChanges) {
    if (step < x.min || step > x.max) continue;
    const text = `lr ${shortNumber(lr)}`;
    const width = ctx.measureText(text).width;
    const at = x.getPixelForValue(step);
    const left = at + 3 + width <= area.right ? at + 3 : at - 3 - width;
    if (left < free) continue;
    ctx.strokeText(text, left, area.bottom - 1);
    ctx.fillText(text, left, area.bottom - 1);
    free = left + width + 4;
  }
}

function writeBoxed(
  ctx: CanvasRenderingContext2D,
  text: string,
  from: number,
  y: number,
  area: Area,
  theme: Theme,
): void {
  const width = ctx.measureText(text).width + 8;
  const left = Math.max(area.left, Math.min(from + 4, area.right - width));
  ctx.fillStyle = cssColour(theme.background);
  ctx.fillRect(left, y - 8, width, 16);
  ctx.fillStyle = cssColour(theme.error);
  ctx.textBaseline = 'middle';
  ctx.fillText(text, left + 4, y + 0.5);
}
