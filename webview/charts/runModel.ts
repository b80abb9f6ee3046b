import type { Frame, Quantity, QuantityView, RunView } from '../../src/protocol/panel';
import type { ChartLine } from './envelopeController';
import { lineStyle } from './lineStyle';
import type { StepChartModel } from './stepChart';
import type { Theme } from './theme';

export interface RunModelInputs {
  readonly view: QuantityView;
  readonly run: RunView;
  readonly frame: Frame | null;
  readonly shown: readonly { readonly coordinate: number; readonly slot: number }[];
  readonly range: readonly [number, number];
  readonly log: boolean;
  readonly theme: Theme;
}

/** What the chart of one quantity draws of a frame. */
export function modelOf({ view, run, frame, shown, range, log, theme }: RunModelInputs): StepChartModel {
  const bounded = view.quantity === 'updateOverBound';
  return {
    lines: frame === null ? [] : linesOf(view.quantity, run, frame, shown, theme),
    range,
    steps: frame?.steps ?? run.steps,
    log,
    include: bounded ? [0, 1] : view.quantity === 'clipFactor' ? [0, 1] : [],
    marks: {
      findings: run.findings,
      lrChanges: run.lrChanges,
      level: bounded ? { value: 1, label: 'bound' } : null,
    },
    theme,
  };
}

function linesOf(
  quantity: Quantity,
  run: RunView,
  frame: Frame,
  shown: RunModelInputs['shown'],
  theme: Theme,
): ChartLine[] {
  const lines: ChartLine[] = [];
  const width = theme.highContrast ? 2 : 1.5;
  for (const { name, points } of frame.references.filter((reference) => reference.quantity === quantity)) {
    const endLabel = name === 'lr' ? 'lr' : 'lr × bound';
    const dash = name === 'lr' ? [1, 3] : [5, 4];
    lines.push({
      name: endLabel,
      envelope: asEnvelope(points),
      colour: theme.muted,
      dash,
      width: 1,
      endLabel,
    });
  }
  const slots = new Map(shown.map(({ coordinate, slot }) => [coordinate, slot]));
  for (const series of frame.series) {
    const { envelope } = series;
    if (series.quantity === quantity && series.coordinate < 0) {
      lines.push({ name: '', envelope, colour: theme.line, dash: [], width, endLabel: '' });
    } else if (series.quantity === 'best' && quantity === 'loss') {
      lines.push({
        name: 'best so far',
        envelope,
        colour: theme.muted,
        dash: [4, 3],
        width: 1,
        endLabel: '',
      });
    } else if (series.quantity === quantity) {
      const slot = slots.get(series.coordinate);
      if (slot === undefined) continue;
      const name = run.names[series.coordinate] ?? `[${series.coordinate}]`;
      lines.push({ name, envelope, ...lineStyle(slot, theme.background), width, endLabel: '' });
    }
  }
  return lines;
}

/** [step, value] pairs as buckets of one value. */
function asEnvelope(points: Float64Array): Float64Array {
  const envelope = new Float64Array(points.length * 2);
  for (let i = 0; i + 1 < points.length; i += 2) {
    const value = points[i + 1]!;
    const finite = Number.isFinite(value);
    envelope.set([points[i]!, finite ? value : Number.NaN, finite ? value : Number.NaN, 0], i * 2);
  }
  return envelope;
}
