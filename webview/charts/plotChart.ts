import { Chart, type ChartConfiguration, type Plugin, type ScaleOptions } from 'chart.js';
import zoomPlugin from 'chartjs-plugin-zoom';
import type { ChartLine } from './chartLine';
import { rangesPlugin } from './envelopeController';
import type { Theme } from './theme';
import type { PlotAxis } from './valueAxis';

Chart.register(zoomPlugin);

/** The width of the value axis, the same in all charts, so that equal x values are aligned. */
const axisWidth = 46;
/** Space between the plot and the right edge. */
const rightInset = 8;

/** The complete content of a drawing: between two drawings, chart.js keeps only the size. */
export interface PlotContent {
  readonly lines: readonly ChartLine[];
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  /** Values above it are marked at the upper edge; infinite if the axis shows all values. */
  readonly cut: number;
  /** The limits of zooming out and in. */
  readonly limits: { readonly min: number; readonly max: number; readonly minRange?: number };
  /** Space above the plot, in pixels. */
  readonly top: number;
  readonly theme: Theme;
}

export interface PlotEvents {
  /** Called after zooming or panning with the visible range of x. */
  onZoom(min: number, max: number): void;
  /**
   * Called when the canvas has another size. chart.js draws the old content at the new size by itself; ticks and whatever
   * is placed over the canvas depend on the size too.
   */
  onResize(): void;
}

/** A chart.js chart of lines with axes of our own: layout, zoom along x, and the canvas. */
export class PlotChart {
  readonly #chart: Chart;

  constructor(canvas: HTMLCanvasElement, plugins: readonly Plugin[], { onZoom, onResize }: PlotEvents) {
    const report = ({ chart }: { chart: Chart }) => {
      const { min, max } = chart.scales.x!;
      onZoom(min, max);
    };
    const config: ChartConfiguration<'envelope'> = {
      type: 'envelope',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        onResize,
        // Pointer and keys are handled outside the canvas, in the same way for all charts.
        events: [],
        layout: { padding: { top: 4, right: rightInset } },
        plugins: {
          zoom: {
            limits: { x: { min: 1, max: 2, minRange: 4 } },
            pan: { enabled: true, mode: 'x', modifierKey: 'shift', onPan: report },
            zoom: {
              mode: 'x',
              wheel: { enabled: true, speed: 0.15, modifierKey: 'ctrl' },
              drag: { enabled: true, threshold: 6 },
              pinch: { enabled: true },
              onZoom: report,
            },
          },
        },
      },
      plugins: [rangesPlugin, ...plugins],
    } as ChartConfiguration<'envelope'>;
    this.#chart = new Chart(canvas, config) as unknown as Chart;
  }

  draw({ lines, x, y, cut, limits, top, theme }: PlotContent): void {
    const chart = this.#chart;
    const floor = { x: x.zeroAt, y: y.zeroAt };
    const datasets = lines.map((line) => ({ type: 'envelope', data: [], line, floor, cut }));
    chart.data = { datasets } as unknown as typeof chart.data;
    const options = chart.options as { scales?: Record<string, unknown> };
    options.scales = { x: scaleOptions(x, theme, 'x'), y: scaleOptions(y, theme, 'y') };
    chart.options.layout!.padding = { top, right: rightInset };
    const zoom = chart.options.plugins!.zoom!;
    zoom.limits = { x: { ...limits } };
    zoom.zoom!.drag!.backgroundColor = theme.grid;
    zoom.zoom!.drag!.borderColor = theme.text;
    zoom.zoom!.drag!.borderWidth = 1;
    chart.update('none');
  }

  /**
   * A wheel without Ctrl zooms only the chart in use. Over other charts it scrolls the page, and zooms with
   * Ctrl.
   */
  setWheelZooms(plain: boolean): void {
    const wheel = this.#chart.options.plugins!.zoom!.zoom!.wheel!;
    if (plain) delete wheel.modifierKey;
    else wheel.modifierKey = 'ctrl';
    this.#chart.update('none');
  }

  /** The position of an x value, in CSS pixels from the left edge of the canvas. */
  xOf(value: number): number {
    return this.#chart.scales.x?.getPixelForValue(value) ?? 0;
  }

  /** The position of a y value, in CSS pixels from the upper edge of the canvas. */
  yOf(value: number): number {
    return this.#chart.scales.y?.getPixelForValue(value) ?? Number.NaN;
  }

  /** The x value at a pixel. */
  valueAt(pixel: number): number {
    return this.#chart.scales.x?.getValueForPixel(pixel) ?? Number.NaN;
  }

  /** The canvas in CSS pixels. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#chart;
  }

  /** The plot inside its axes, in CSS pixels. */
  get plot(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea ?? { left: 0, right: 0, top: 0, bottom: 0 };
  }

  destroy(): void {
    this.#chart.destroy();
  }
}

function scaleOptions(
  { kind, min, max, ticks, threshold }: PlotAxis,
  theme: Theme,
  side: 'x' | 'y',
): ScaleOptions {
  const labels = new Map(ticks.map((tick) => [tick.value, tick.label]));
  return {
    type: kind,
    min,
    max,
    threshold,
    grid: { color: theme.grid, drawTicks: false, lineWidth: side === 'x' ? 0 : 1 },
    border: { color: theme.grid },
    ticks: {
      color: theme.muted,
      font: { family: theme.font, size: 10 },
      padding: 4,
      maxRotation: 0,
      autoSkip: false,
      callback: (value: number | string) => labels.get(Number(value)) ?? '',
    },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = ticks.map(({ value }) => ({ value }));
    },
    ...(side === 'y'
      ? {
          afterFit: (scale: { width: number }) => {
            scale.width = axisWidth;
          },
        }
      : {}),
  } as unknown as ScaleOptions;
}
