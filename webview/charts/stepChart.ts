import { stepAxis } from './axis';
import { bandEnvelopes, type ChartBand } from './bands';
import { bandsPlugin, type DrawnBand } from './bandsPlugin';
import type { ChartLine } from './chartLine';
import { nonFiniteStretches } from './envelope';
import { PlotChart } from './plotChart';
import type { ScaleKind } from './scales';
import { type StepMarks, stepMarksPlugin } from './stepMarks';
import type { Theme } from './theme';
import { ticksThatFit, type ValueAxis, valueAxis } from './valueAxis';

/** The complete content of a chart over the steps. */
export interface StepChartModel {
  readonly lines: readonly ChartLine[];
  /** Drawn behind the lines; null if the run has few coordinates, or no bands of the quantity. */
  readonly band: ChartBand | null;
  /** The first and the last visible step. */
  readonly range: readonly [number, number];
  /** The number of steps so far, which limits zooming out. */
  readonly steps: number;
  readonly scale: ScaleKind;
  /** Values that the axis includes even if no line reaches them. */
  readonly include: readonly number[];
  readonly marks: Omit<StepMarks, 'theme' | 'lines' | 'nonFinite'>;
  readonly theme: Theme;
}

export interface StepChartEvents {
  /** Called when the user has zoomed or panned, with the steps that this chart now shows. */
  onRange(range: readonly [number, number]): void;
  /** Called when the chart has another size. */
  onResize(): void;
}

/** The result of a drawing, for the notes under a chart. */
export interface Drawn {
  readonly clamped: boolean;
  readonly zerosMarked: boolean;
  /** A log axis was requested, but there are negative values, or no positive ones. */
  readonly logRefused: boolean;
  readonly hasNonFinite: boolean;
}

/**
 * A chart over the steps of a run. It is redrawn at most once per frame, and its model contains all its
 * state.
 */
export class StepChart {
  readonly #plot: PlotChart;
  #marks: StepMarks | null = null;
  #band: DrawnBand | null = null;

  constructor(canvas: HTMLCanvasElement, events: StepChartEvents) {
    this.#plot = new PlotChart(canvas, [bandsPlugin(() => this.#band), stepMarksPlugin(() => this.#marks)], {
      onZoom: (min, max) => events.onRange([Math.max(1, Math.round(min)), Math.round(max)]),
      onResize: () => events.onResize(),
    });
  }

  draw({ lines, band, range, steps, scale, include, marks, theme }: StepChartModel): Drawn {
    const { width, height } = this.#plot.size;
    const envelopes = [...lines.map((line) => line.envelope), ...(band ? bandEnvelopes(band) : [])];
    const y: ValueAxis = valueAxis(scale, envelopes, range, include, height);
    const [first, last] = range;
    const nonFinite = nonFiniteStretches(
      lines.filter((line) => !line.mayBeBlank).map((line) => line.envelope),
      steps,
    );
    this.#band = band && { ...band, zeroAt: y.zeroAt, theme };
    this.#marks = { ...marks, lines, nonFinite, theme };
    this.#plot.draw({
      lines,
      x: {
        ...stepAxis(first, last, ticksThatFit(width, 26 + 7 * String(last).length)),
        kind: 'linear',
        zeroAt: Number.NaN,
        threshold: Number.NaN,
      },
      y,
      cut: Number.POSITIVE_INFINITY,
      limits: { min: 1, max: Math.max(2, steps), minRange: 4 },
      top: 4,
      theme,
    });
    const { zerosMarked, logRefused } = y;
    return { clamped: y.extent.clamped, zerosMarked, logRefused, hasNonFinite: nonFinite.length > 0 };
  }

  setWheelZooms(plain: boolean): void {
    this.#plot.setWheelZooms(plain);
  }

  /** The position of a step, in CSS pixels from the left edge of the canvas. */
  xOf(step: number): number {
    return this.#plot.xOf(step);
  }

  /** The position of a value, in CSS pixels from the upper edge of the canvas. */
  yOf(value: number): number {
    return this.#plot.yOf(value);
  }

  /** The step at a pixel, rounded to an integer. */
  stepAt(x: number): number {
    return Math.round(this.#plot.valueAt(x));
  }

  /** The plot inside its axes, in CSS pixels. */
  get plot(): { left: number; right: number; top: number; bottom: number } {
    return this.#plot.plot;
  }

  destroy(): void {
    this.#plot.destroy();
  }
}
