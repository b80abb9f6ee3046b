import type { Frame, Quantity, RunView } from '../../src/protocol/panel';
import { shortNumber } from '../numberText';
import type { LogKind, RunChart } from '../state/chartOrder';
import { nameIn } from '../state/coordinateNames';
import type { ChartBand } from './bands';
import type { ChartLine } from './chartLine';
import { cssColour } from './colour';
import { extentOf, lastValue } from './envelope';
import { lineStyle } from './lineStyle';
import { mayBeBlank } from './mayBeBlank';
import { envelopeOfPairs } from './pairs';
import type { ScaleKind } from './scales';
import type { StepChartModel } from './stepChart';
import type { Theme } from './theme';

export interface RunModelInputs {
  readonly chart: RunChart;
  readonly run: RunView;
  readonly frame: Frame | null;
  readonly shown: readonly { readonly coordinate: number; readonly slot: number }[];
  readonly range: readonly [number, number];
  readonly log: boolean;
  /** Whether the chart's uncorrected quantity is drawn too. */
  readonly uncorrected: boolean;
  /** The weight of the moving average in percent; 0: none. */
  readonly smoothing: number;
  readonly theme: Theme;
}

const scaleOf: { readonly [K in LogKind]: ScaleKind } = { log: 'logarithmic', symlog: 'symlog' };

/** Quantities that are shares. Their axis extends from 0 to 1. */
const shares: ReadonlySet<Quantity> = new Set([
  'updateOverBound',
  'clipFactor',
  'snr',
  'underflow',
  'overflow',
]);

/** The model of a chart for a frame. */
export function modelOf(inputs: RunModelInputs): StepChartModel {
  const { chart, run, frame, range, log, theme } = inputs;
  const lines = frame === null ? [] : withAverages(linesOf(inputs, frame), inputs, frame);
  const limit = limitOf(inputs, lines);
  return {
    lines,
    band: bandOf(inputs),
    range,
    steps: frame?.steps ?? run.steps,
    scale: log && chart.log !== null ? scaleOf[chart.log] : 'linear',
    include: [
      ...(shares.has(chart.id) ? [0, 1] : []),
      ...(limit === null ? [] : roomAround(limit, lines, range)),
    ],
    marks: {
      findings: run.findings,
      lrChanges: run.lrChanges,
      level: chart.id === 'updateOverBound' ? { value: 1, label: 'bound' } : null,
      limit: limit && { envelope: limit.envelope, beyond: 'unstable' },
      unsettledUntil: chart.id === 'stability' && run.stability !== null ? run.stability.settledFrom : null,
    },
    theme,
  };
}

/** The band of a chart; null if the run has none of its quantity. */
function bandOf({ chart, run, frame }: RunModelInputs): ChartBand | null {
  const band = frame?.bands.find(({ quantity }) => quantity === chart.id);
  return band ? { points: band.points, of: run.dim } : null;
}

function linesOf({ chart, run, shown, uncorrected, theme }: RunModelInputs, frame: Frame): ChartLine[] {
  const width = theme.highContrast ? 2 : 1.5;
  const slots = new Map(shown.map(({ coordinate, slot }) => [coordinate, slot]));
  const nameOf = (coordinate: number) => nameIn(run, coordinate);
  const lines = referencesOf(chart.id, frame, theme);
  for (const { quantity, coordinate, envelope } of frame.series) {
    const line = { envelope, width, endLabel: '', mayBeBlank: mayBeBlank(quantity, run), aside: false };
    const place = chart.views.findIndex((view) => view.quantity === quantity);
    if (coordinate < 0 && quantity === 'best' && place >= 0) {
      lines.push({ ...line, name: 'best so far', colour: theme.muted, dash: [4, 3], width: 1, aside: true });
    } else if (quantity === 'stabilityLimit' && place > 0) {
      const value = lastValue(envelope);
      const endLabel = Number.isNaN(value) ? 'limit' : `limit ${shortNumber(value)}`;
      const colour = cssColour(theme.warning);
      lines.push({ ...line, name: 'limit', endLabel, colour, dash: [6, 4] });
    } else if (quantity === 'stability' && place >= 0) {
      lines.push({ ...line, name: isJoint(chart) ? 'stability' : '', ...globalStyle(0, theme), held: true });
    } else if (coordinate < 0 && place >= 0) {
      const name = isJoint(chart) ? nameInChart(chart, place) : '';
      lines.push({ ...line, name, endLabel: name, ...globalStyle(place, theme) });
    } else {
      const slot = slots.get(coordinate);
      if (slot === undefined) continue;
      const style = lineStyle(slot, theme.background);
      if (place >= 0) lines.push({ ...line, name: nameOf(coordinate), ...style, coordinate });
      else if (uncorrected && quantity === chart.uncorrected) {
        const name = `${nameOf(coordinate)} uncorrected`;
        lines.push({ ...line, name, colour: style.colour, dash: [2, 3], width: 1.2, coordinate });
      }
    }
  }
  return lines;
}

/** With a moving average over each line, which is then drawn faintly behind it. */
function withAverages(
  lines: readonly ChartLine[],
  { smoothing }: RunModelInputs,
  { series }: Frame,
): readonly ChartLine[] {
  if (smoothing === 0) return lines;
  const averages = new Map(series.map(({ envelope, smoothed }) => [envelope, smoothed]));
  const faded = (colour: string) => `color-mix(in srgb, ${colour} 38%, transparent)`;
  const behind = lines.map((line) =>
    averages.get(line.envelope) && !line.aside
      ? {
          ...line,
          name: `${line.name} raw`.trim(),
          colour: faded(line.colour),
          width: 1,
          endLabel: '',
          aside: true,
        }
      : line,
  );
  const over = lines.flatMap((line) => {
    const envelope = line.aside ? undefined : averages.get(line.envelope);
    return envelope ? [{ ...line, envelope, mayBeBlank: true }] : [];
  });
  return [...behind, ...over];
}

/** The limit with which a chart's line is compared; null if there is none. */
function limitOf({ chart }: RunModelInputs, lines: readonly ChartLine[]): ChartLine | null {
  return chart.id === 'stability' ? (lines.find(({ name }) => name === 'limit') ?? null) : null;
}

/** The share of the height below a limit that is kept free above it, so that it is recognized as a limit. */
const above = 0.36;

/** Values for the axis that leave space on both sides of the limit, on a log axis. */
function roomAround(
  limit: ChartLine,
  lines: readonly ChartLine[],
  [first, last]: readonly [number, number],
): number[] {
  const { largest } = extentOf([limit.envelope], first, last);
  const envelopes = lines.map(({ envelope }) => envelope);
  const { leastPositive } = extentOf(envelopes, first, last);
  return [largest * Math.max(2, largest / leastPositive) ** above, largest / 2];
}

/** The name of a quantity in a chart with several; the best loss has its own name. */
function isJoint(chart: RunChart): boolean {
  return chart.views.filter(({ quantity }) => quantity !== 'best').length > 1;
}

function nameInChart({ views }: RunChart, place: number): string {
  const { quantity, title } = views[place]!;
  return shortNames[quantity] ?? title.charAt(0).toLowerCase() + title.slice(1);
}

const shortNames: { readonly [Q in Quantity]?: string } = {
  predictedChange: 'predicted',
  actualChange: 'actual',
  updateNorm: '‖Δθ‖',
  updateNormP: '‖Δθ‖_P',
};

/**
 * The chart's own quantity has the theme's foreground colour. A quantity that is compared with it has a
 * colour and dashes.
 */
function globalStyle(place: number, theme: Theme): Pick<ChartLine, 'colour' | 'dash'> {
  return place === 0 ? { colour: theme.line, dash: [] } : { colour: theme.second, dash: [6, 3] };
}

function referencesOf(quantity: Quantity, frame: Frame, theme: Theme): ChartLine[] {
  return frame.references
    .filter((reference) => reference.quantity === quantity)
    .map(({ name, points }) => {
      const endLabel = name === 'lr' ? 'lr' : 'lr × bound';
      const dash = name === 'lr' ? [1, 3] : [5, 4];
      const envelope = envelopeOfPairs(points);
      const rest = { dash, width: 1, mayBeBlank: true, aside: true };
      return { name: endLabel, envelope, colour: theme.muted, endLabel, ...rest };
    });
}
