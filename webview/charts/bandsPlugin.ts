import type { Chart, Plugin } from 'chart.js';
import { bandAreas, type ChartBand, medianPlace, perSample } from './bands';
import { placeOn } from './envelopeController';
import type { Theme } from './theme';

export interface DrawnBand extends ChartBand {
  /** The position of zeros and tiny values on a log axis; NaN on other axes. */
  readonly zeroAt: number;
  readonly theme: Theme;
}

/**
 * Draws nested areas and the median behind the lines of a chart. The areas differ by their edges too (dotted, dashed, solid), so
 * that colour alone distinguishes nothing.
 */
export function bandsPlugin(current: () => DrawnBand | null): Plugin {
  return {
    id: 'bands',
    beforeDatasetsDraw: (chart) => {
      const band = current();
      if (band) draw(chart, band);
    },
  };
}

function draw({ ctx, chartArea, scales }: Chart, { points, zeroAt, theme }: DrawnBand): void {
  const toX = placeOn(scales.x!, Number.NaN);
  const toY = placeOn(scales.y!, zeroAt);
  const trace = (place: number, isBackward = false) => {
    const count = points.length / perSample;
    for (let k = 0; k < count; k++) {
      const at = (isBackward ? count - 1 - k : k) * perSample;
      const value = points[at + 1 + place]!;
      if (!Number.isNaN(value)) ctx.lineTo(toX(points[at]!), toY(value));
    }
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.right - chartArea.left, chartArea.bottom - chartArea.top);
  ctx.clip();
  ctx.fillStyle = theme.line;
  ctx.strokeStyle = theme.line;
  for (const { low, high, dash } of bandAreas) {
    ctx.globalAlpha = theme.highContrast ? 0.16 : 0.1;
    ctx.beginPath();
    trace(low);
    trace(high, true);
    ctx.fill();
    ctx.globalAlpha = theme.highContrast ? 0.9 : 0.45;
    ctx.lineWidth = 1;
    ctx.setLineDash([...dash]);
    for (const place of [low, high]) {
      ctx.beginPath();
      trace(place);
      ctx.stroke();
    }
  }
  ctx.globalAlpha = theme.highContrast ? 1 : 0.85;
  ctx.lineWidth = 2;
  ctx.setLineDash([]);
  ctx.beginPath();
  trace(medianPlace);
  ctx.stroke();
  ctx.restore();
}
