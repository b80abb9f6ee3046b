import type { ChartLine } from './chartLine';
import { namedLineStyle } from './lineStyle';
import { layOutMarks, markRowHeight, type XMark } from './markLayout';
import { PlotChart } from './plotChart';
import type { ReportChartLine } from './reportLines';
import type { Theme } from './theme';
import { type ValueAxis, valueAxis } from './valueAxis';
import { xAxis } from './xAxis';
import { nameWidths, type XMarks, xMarksPlugin } from './xMarks';

/** The complete content of a chart of named lines over any quantity. */
export interface LineChartModel {
  /** The visible lines. */
  readonly lines: readonly ReportChartLine[];
  /** All x values of the chart, including hidden lines, so that hiding a line does not move the others. */
  readonly xs: Float64Array;
  readonly marks: readonly XMark[];
  readonly logX: boolean;
  readonly logY: boolean;
  /** Larger values are marked at the upper edge; infinite if the y axis shows all values. */
  readonly cut: number;
  /** The visible range; null if everything is visible. */
  readonly range: readonly [number, number] | null;
  /** The name of the line to draw thicker than the others; null for none. */
  readonly emphasised: string | null;
  readonly theme: Theme;
}

/** The result of a drawing, for the notes under a chart. */
export interface LinesDrawn {
  readonly clamped: boolean;
  readonly logXRefused: boolean;
  readonly logYRefused: boolean;
}

export interface LineChartEvents {
  /** Called when the user has zoomed or panned. */
  onRange(range: readonly [number, number]): void;
  /** Called when the chart has another size. */
  onResize(): void;
}

/** A chart of named lines, their spreads and named places on the x axis. */
export class LineChart {
  readonly #plot: PlotChart;
  #marks: XMarks | null = null;

  constructor(canvas: HTMLCanvasElement, events: LineChartEvents) {
    this.#plot = new PlotChart(canvas, [xMarksPlugin(() => this.#marks)], {
      onZoom: (min, max) => events.onRange([min, max]),
      onResize: () => events.onResize(),
    });
  }

  draw(model: LineChartModel): LinesDrawn {
    const { lines, xs, range, theme } = model;
    const { width, height } = this.#plot.size;
    const x = xAxis(xs, range, model.logX, width);
    const envelopes = lines.flatMap(({ envelope, band }) => (band === null ? [envelope] : [envelope, band]));
    const drawn = lines.map((line) => lineOf(line, model));
    const [min, max] = [xs[0] ?? 0, xs.at(-1) ?? 1];
    const span = max - min;
    const widthOf = nameWidths(theme.font);
    const paint = ({ left, right }: { readonly left: number; readonly right: number }): ValueAxis => {
      const marks = layOutMarks(model.marks, x, [left, right], widthOf);
      const top = 6 + marks.rows * markRowHeight;
      const kind = model.logY ? 'logarithmic' : 'linear';
      const y = valueAxis(kind, envelopes, [x.min, x.max], [], height - top, model.cut);
      this.#marks = {
        marks,
        bands: lines.flatMap(({ band }, i) => (band === null ? [] : [{ band, colour: drawn[i]!.colour }])),
        floor: { x: x.zeroAt, y: y.zeroAt },
        theme,
      };
      this.#plot.draw({
        // The emphasised line is drawn last, over the others.
        lines: [...drawn].sort(
          (a, b) => Number(a.name === model.emphasised) - Number(b.name === model.emphasised),
        ),
        x,
        y,
        // If all values are above the cut, the axis shows them.
        cut: y.extent.largest > model.cut ? Number.POSITIVE_INFINITY : model.cut,
        limits: x.kind === 'linear' && span > 0 ? { min, max, minRange: span * 1e-4 } : { min, max },
        top,
        theme,
      });
      return y;
    };
    const { left, right } = this.#plot.plot;
    let y = paint({ left, right });
    // The width of the axis labels determines the space for names, so the names are laid out again if it has changed.
    const now = this.#plot.plot;
    if (model.marks.length > 0 && (now.left !== left || now.right !== right)) y = paint(now);
    return { clamped: y.extent.clamped, logXRefused: x.logRefused, logYRefused: y.logRefused };
  }

  setWheelZooms(plain: boolean): void {
    this.#plot.setWheelZooms(plain);
  }

  xOf(value: number): number {
    return this.#plot.xOf(value);
  }

  valueAt(pixel: number): number {
    return this.#plot.valueAt(pixel);
  }

  /** The plot inside its axes, in CSS pixels. */
  get plot(): { left: number; right: number; top: number; bottom: number } {
    return this.#plot.plot;
  }

  destroy(): void {
    this.#plot.destroy();
  }
}

function lineOf(
  { name, envelope, slot, count }: ReportChartLine,
  { theme, emphasised }: LineChartModel,
): ChartLine {
  const style = styleOf(slot, count, theme);
  const strong = name === emphasised;
  const width = (theme.highContrast ? 2 : 1.5) + (strong ? 1.5 : 0);
  return { name, envelope, ...style, width, endLabel: '', mayBeBlank: true, aside: false };
}

/** A single line has the theme's foreground colour, as in the charts of a run. */
export function styleOf(slot: number, count: number, theme: Theme) {
  return count === 1 ? { colour: theme.line, dash: [] } : namedLineStyle(slot, theme.background);
}
