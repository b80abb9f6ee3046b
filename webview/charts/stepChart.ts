import { Chart, type ChartConfiguration, LinearScale, LogarithmicScale, type ScaleOptions } from 'chart.js';
import zoomPlugin from 'chartjs-plugin-zoom';
import { type Axis, type LogAxis, linearAxis, logAxis, stepAxis } from './axis';
import { extentOf, nonFiniteStretches } from './envelope';
import './envelopeController';
import type { ChartLine } from './envelopeController';
import { type StepMarks, stepMarksPlugin } from './stepMarks';
import type { Theme } from './theme';

Chart.register(LinearScale, LogarithmicScale, zoomPlugin);

/** Width of the value axis: the same in all charts, so that their steps line up. */
const axisWidth = 46;

/** Everything that a chart over the steps draws. */
export interface StepChartModel {
  readonly lines: readonly ChartLine[];
  /** Steps in sight, first and last. */
  readonly range: readonly [number, number];
  /** Steps that there are: how far one can zoom out. */
  readonly steps: number;
  readonly log: boolean;
  /** Values that the axis shows even if no line reaches them. */
  readonly include: readonly number[];
  readonly marks: Omit<StepMarks, 'theme' | 'lines' | 'nonFinite'>;
  readonly theme: Theme;
}

export interface StepChartEvents {
  /** The user zoomed or panned: the steps that this chart shows now. */
  onRange(range: readonly [number, number]): void;
}

/** What a drawing came to, for the notes under a chart. */
export interface Drawn {
  readonly clamped: boolean;
  readonly zerosMarked: boolean;
  /** A log axis was asked for, but there are values below zero (or none above). */
  readonly logRefused: boolean;
  readonly hasNonFinite: boolean;
}

/** A chart.js chart over the steps of a run: one redraw a frame, all state in the model that it is given. */
export class StepChart {
  readonly #chart: Chart;
  #axisX: Axis = { min: 0, max: 1, ticks: [] };
  #axisY: Axis = { min: 0, max: 1, ticks: [] };
  #marks: StepMarks | null = null;

  constructor(canvas: HTMLCanvasElement, events: StepChartEvents) {
    const report = ({ chart }: { chart: Chart }) => {
      const { min, max } = chart.scales.x!;
      events.onRange([Math.max(1, Math.round(min)), Math.round(max)]);
    };
    const config: ChartConfiguration<'envelope'> = {
      type: 'envelope',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        // Pointer and keys are handled around the canvas, for all charts alike.
        events: [],
        layout: { padding: { top: 4, right: 8 } },
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
      plugins: [stepMarksPlugin(() => this.#marks)],
    } as ChartConfiguration<'envelope'>;
    this.#chart = new Chart(canvas, config) as unknown as Chart;
  }

  draw(model: StepChartModel): Drawn {
    const chart = this.#chart;
    const [first, last] = model.range;
    const envelopes = model.lines.map((line) => line.envelope);
    const extent = extentOf(envelopes, first, last);
    const log: LogAxis | null = model.log ? logAxis(extent, this.#ticksThatFit(chart.height, 26)) : null;
    this.#axisY = log ?? linearAxis(extent, model.include, this.#ticksThatFit(chart.height, 30));
    this.#axisX = stepAxis(first, last, this.#ticksThatFit(chart.width, 26 + 7 * String(last).length));
    const nonFinite = nonFiniteStretches(envelopes, model.steps);
    this.#marks = { ...model.marks, lines: model.lines, nonFinite, theme: model.theme };

    const zeroAt = log === null ? Number.NaN : Number.isNaN(log.zeroAt) ? log.min : log.zeroAt;
    const datasets = model.lines.map((line) => ({ type: 'envelope', data: [], line, zeroAt }));
    chart.data = { datasets } as unknown as typeof chart.data;
    const options = chart.options as { scales?: Record<string, unknown> };
    options.scales = {
      x: this.#scale('linear', () => this.#axisX, model.theme, 'x'),
      y: this.#scale(log === null ? 'linear' : 'logarithmic', () => this.#axisY, model.theme, 'y'),
    };
    const zoom = chart.options.plugins!.zoom!;
    zoom.limits = { x: { min: 1, max: Math.max(2, model.steps), minRange: 4 } };
    zoom.zoom!.drag!.backgroundColor = model.theme.grid;
    zoom.zoom!.drag!.borderColor = model.theme.text;
    zoom.zoom!.drag!.borderWidth = 1;
    chart.update('none');
    return {
      clamped: extent.clamped,
      zerosMarked: log !== null && !Number.isNaN(log.zeroAt),
      logRefused: model.log && log === null && !Number.isNaN(extent.least),
      hasNonFinite: nonFinite.length > 0,
    };
  }

  /** Plain wheeling zooms only the chart in use; over the others it scrolls the page, and zooms with Ctrl. */
  setWheelZooms(plain: boolean): void {
    const wheel = this.#chart.options.plugins!.zoom!.zoom!.wheel!;
    if (plain) delete wheel.modifierKey;
    else wheel.modifierKey = 'ctrl';
    this.#chart.update('none');
  }

  /** Where a step lies, in CSS pixels from the canvas's left edge. */
  xOf(step: number): number {
    return this.#chart.scales.x?.getPixelForValue(step) ?? 0;
  }

  /** The step under a pixel, rounded to a whole one. */
  stepAt(x: number): number {
    return Math.round(this.#chart.scales.x?.getValueForPixel(x) ?? 1);
  }

  /** The plot inside its axes, in CSS pixels. */
  get plot(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea ?? { left: 0, right: 0, top: 0, bottom: 0 };
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #ticksThatFit(length: number, each: number): number {
    return Math.max(2, Math.floor((length - 30) / each));
  }

  #scale(type: 'linear' | 'logarithmic', axis: () => Axis, theme: Theme, side: 'x' | 'y'): ScaleOptions {
    const { min, max } = axis();
    const labels = new Map(axis().ticks.map((tick) => [tick.value, tick.label]));
    return {
      type,
      min,
      max,
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
        scale.ticks = axis().ticks.map(({ value }) => ({ value }));
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
}
