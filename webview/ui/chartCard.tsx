import { useId, useState } from 'preact/hooks';
import type { PictureFormat, RunView } from '../../src/protocol/panel';
import type { ChartLine } from '../charts/chartLine';
import { modelOf } from '../charts/runModel';
import { stabilityWords } from '../charts/stabilityWords';
import type { Drawn } from '../charts/stepChart';
import { type Summary, summarize } from '../charts/summary';
import { shortSymbol } from '../numberText';
import type { RunChart } from '../state/chartOrder';
import { endOfView } from '../state/endOfView';
import type { ChartSettings } from '../state/memory';
import { shownCoordinates } from '../state/slots';
import { ChartMenu } from './chartMenu';
import { ChartTable } from './chartTable';
import { useDashboard, useThemeSignal } from './context';
import { pictureFile, pictureOfSteps } from './saveChart';
import { StepPlot } from './stepPlot';
import { Term } from './term';

interface ChartCardProps {
  readonly run: RunView;
  readonly chart: RunChart;
  /** A sentence below this chart; empty for none. */
  readonly note: string;
}

/** One chart: title, menu, plot or table, and its text. */
export function ChartCard({ run, chart, note }: ChartCardProps) {
  const dashboard = useDashboard();
  const { settings } = dashboard;
  const { charts } = settings.remembered.value;
  const theme = useThemeSignal();
  const save = async (format: PictureFormat) => {
    const model = modelOf({
      chart,
      run,
      frame: dashboard.frame.value,
      shown: shownCoordinates(dashboard.slots.value),
      range: dashboard.focus.range,
      log: settings.isLog(chart),
      uncorrected: settings.isUncorrectedShown(chart),
      theme: theme.value,
    });
    const content = pictureOfSteps(chart, model);
    dashboard.host.savePicture(`${run.lossName}-${chart.title}`, format, await pictureFile(content, format));
  };
  const table = charts[chart.id]?.table === true;
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const summaryId = useId();
  const lines = useLines(run, chart);
  const summary = useSummary(run, chart, lines);
  const notes = [...(drawn === null || table ? [] : drawnNotes(drawn)), note]
    .filter((text) => text !== '')
    .join(' ');
  const change = (next: ChartSettings) => settings.setChart(chart.id, next);
  return (
    <article class="card" aria-label={chart.title} data-chart={chart.id}>
      <header class="cardHead">
        <h2 title={chart.formula}>
          <Term term={chart.term} formula={chart.formula}>
            {chart.title}
          </Term>
          {chart.symbol !== chart.title && <span class="symbol"> {shortSymbol(chart.symbol)}</span>}
        </h2>
        <ChartMenu
          title={chart.title}
          toggles={[
            ...(chart.log === null
              ? []
              : [
                  {
                    text: 'Log axis',
                    title:
                      chart.log === 'symlog' ? 'Logarithmic axis on both sides of zero' : 'Logarithmic axis',
                    checked: settings.isLog(chart),
                    onChange: (log: boolean) => change({ log }),
                  },
                ]),
            ...(chart.uncorrected === null
              ? []
              : [
                  {
                    text: 'Uncorrected',
                    title: 'Dashed: the same without bias correction',
                    checked: settings.isUncorrectedShown(chart),
                    onChange: (uncorrected: boolean) => change({ uncorrected }),
                  },
                ]),
            { text: 'Table', checked: table, onChange: (next: boolean) => change({ table: next }) },
          ]}
          onSave={(format) => void save(format)}
          onHide={() => change({ hidden: true })}
        />
      </header>
      {table ? (
        <ChartTable key={run.id} run={run} chart={chart} />
      ) : (
        <StepPlot chart={chart} textLines={lines} summaryId={summaryId} onDrawn={setDrawn} />
      )}
      <p class="summary" title={`${summary.full}. ${notes}`.trim()} aria-hidden="true">
        {summary.short}
        {notes !== '' && `. ${notes}`}
      </p>
      <p class="unseen" id={summaryId}>
        {summary.full}. {notes}
      </p>
    </article>
  );
}

function drawnNotes(drawn: Drawn): string[] {
  return [
    drawn.logRefused ? 'Linear axis, because some values are not above zero.' : '',
    drawn.clamped ? 'Values beyond ±10¹⁵⁰ are drawn at the edge.' : '',
  ];
}

/** The lines of the chart, updated at the rate of texts. */
function useLines(run: RunView, chart: RunChart): readonly ChartLine[] {
  const dashboard = useDashboard();
  const frame = dashboard.textFrame.value;
  const slots = dashboard.slots.value;
  const theme = useThemeSignal().value;
  return modelOf({
    chart,
    run,
    frame,
    shown: shownCoordinates(slots),
    range: dashboard.focus.range,
    log: false,
    uncorrected: dashboard.settings.isUncorrectedShown(chart),
    theme,
  }).lines;
}

function useSummary(run: RunView, chart: RunChart, lines: readonly ChartLine[]): Summary {
  const dashboard = useDashboard();
  const end = endOfView(dashboard.textFrame.value);
  if (chart.id === 'stability') return stabilityWords(run, lines, end);
  const described = lines.filter((line) => !line.aside);
  if (described.length > 0) return summarize(described, end);
  const nothing = emptySummary(dashboard.textFrame.value !== null, dashboard.slots.value.length);
  return { full: nothing, short: nothing };
}

function emptySummary(hasFrame: boolean, slots: number): string {
  if (!hasFrame) return 'Waiting for the first step';
  return slots === 0 ? 'No coordinate is shown' : 'No values';
}
