import type { Chart, Plugin } from 'chart.js';
import { cssColour } from './colour';
import { bucketSize } from './envelope';
import { placeOn } from './envelopeController';
import { type MarkLayout, markRowHeight } from './markLayout';
import type { Theme } from './theme';

export interface XMarks {
  readonly marks: MarkLayout;
  readonly bands: readonly { readonly band: Float64Array; readonly colour: string }[];
  readonly floor: { readonly x: number; readonly y: number };
  readonly theme: Theme;
}

const labelFont = (font: string) => `11px ${font}`;

/** Measures the width of the name of a mark, in pixels. */
export function nameWidths(font: string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d')!;
  context.font = labelFont(font);
  return (text) => context.measureText(text).width;
}

/** Draws spreads and the lines of marks behind the lines of a chart, and the names above its plot. */
export function xMarksPlugin(current: () => XMarks | null): Plugin {
  return {
    id: 'xMarks',
    beforeDatasetsDraw: (chart) => {
      const marks = current();
      if (marks === null) return;
      for (const { band, colour } of marks.bands) drawBand(chart, band, colour, marks);
      drawMarkLines(chart, marks);
    },
    afterDatasetsDraw: (chart) => {
      const marks = current();
      if (marks !== null) drawNames(chart, marks);
    },
  };
}

function drawBand(chart: Chart, band: Float64Array, colour: string, { floor, theme }: XMarks): void {
  const { ctx, chartArea, scales } = chart;
  const toX = placeOn(scales.x!, floor.x);
  const toY = placeOn(scales.y!, floor.y);
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.right - chartArea.left, chartArea.bottom - chartArea.top);
  ctx.clip();
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  for (let from = 0; from < band.length; ) {
    if (Number.isNaN(band[from + 1]!)) {
      from += bucketSize;
      continue;
    }
    let to = from;
    while (to < band.length && !Number.isNaN(band[to + 1]!)) to += bucketSize;
    ctx.beginPath();
    for (let i = from; i < to; i += bucketSize) ctx.lineTo(toX(band[i]!), toY(band[i + 2]!));
    for (let i = to - bucketSize; i >= from; i -= bucketSize) ctx.lineTo(toX(band[i]!), toY(band[i + 1]!));
    ctx.closePath();
    ctx.globalAlpha = theme.highContrast ? 0.35 : 0.2;
    ctx.fill();
    if (theme.highContrast) {
      ctx.globalAlpha = 0.7;
      ctx.stroke();
    }
    from = to;
  }
  ctx.restore();
}

function rowTop(chart: Chart, row: number): number {
  return chart.chartArea.top - (row + 1) * markRowHeight;
}

function drawMarkLines(chart: Chart, { marks, theme }: XMarks): void {
  const { ctx, chartArea, scales } = chart;
  ctx.save();
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1;
  for (const { x, row } of marks.marks) {
    const at = Math.round(scales.x!.getPixelForValue(x)) + 0.5;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(at, rowTop(chart, row) + 2);
    ctx.lineTo(at, chartArea.top);
    ctx.stroke();
    ctx.setLineDash([4, 3]);
    ctx.beginPath();
    ctx.moveTo(at, chartArea.top);
    ctx.lineTo(at, chartArea.bottom);
    ctx.stroke();
  }
  ctx.restore();
}

function drawNames(chart: Chart, { marks, theme }: XMarks): void {
  const { ctx } = chart;
  ctx.save();
  ctx.font = labelFont(theme.font);
  ctx.textBaseline = 'middle';
  ctx.lineWidth = 3;
  ctx.strokeStyle = cssColour(theme.background);
  ctx.fillStyle = theme.text;
  for (const { name, row, left } of marks.marks) {
    const middle = rowTop(chart, row) + markRowHeight / 2;
    ctx.strokeText(name, left, middle);
    ctx.fillText(name, left, middle);
  }
  ctx.restore();
}
