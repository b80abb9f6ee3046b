import { useId, useState } from 'preact/hooks';
import type { PictureFormat, RunView } from '../../src/protocol/panel';
import { bandWords } from '../charts/bands';
import { modelOf } from '../charts/runModel';
import { stabilityWords } from '../charts/stabilityWords';
import type { Drawn, StepChartModel } from '../charts/stepChart';
import { type Summary, summarize } from '../charts/summary';
import { shortSymbol } from '../numberText';
import type { RunChart } from '../state/chartOrder';
import { endOfView } from '../state/endOfView';
import { type ChartSettings, smoothings } from '../state/memory';
import { shownCoordinates } from '../state/slots';
import { ChartMenu } from './chartMenu';
import { ChartTable } from './chartTable';
import { useDashboard, useThemeSignal } from './context';
import { EnlargeButton } from './enlargeButton';
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
  const { settings, enlarged } = dashboard;
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
      smoothing: settings.smoothingOf(chart),
      theme: theme.value,
    });
    const content = pictureOfSteps(chart, model);
    dashboard.host.savePicture(`${run.lossName}-${chart.title}`, format, await pictureFile(content, format));
  };
  const table = charts[chart.id]?.table === true;
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const summaryId = useId();
  const model = useModel(run, chart);
  const summary = useSummary(run, chart, model);
  const notes = [...(drawn === null || table ? [] : drawnNotes(drawn)), note]
    .filter((text) => text !== '')
    .join(' ');
  const change = (next: ChartSettings) => settings.setChart(chart.id, next);
  return (
    <article
      class={`card ${enlarged.value === chart.id ? 'enlarged' : ''}`}
      aria-label={chart.title}
      data-chart={chart.id}
    >
      <header class="cardHead">
        <h2 title={chart.formula}>
          <Term term={chart.term} formula={chart.formula}>
            {chart.title}
          </Term>
          {chart.symbol !== chart.title && <span class="symbol"> {shortSymbol(chart.symbol)}</span>}
        </h2>
        <EnlargeButton id={chart.id} title={chart.title} />
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
            ...smoothings.map((weight) => ({
              text: `Smooth ${weight / 100}`,
              title: `Moving average that keeps ${weight} % per step (EMA with bias correction), with the values behind it`,
              checked: settings.smoothingOf(chart) === weight,
              onChange: (on: boolean) => change({ smooth: on ? weight : 0 }),
            })),
            { text: 'Table', checked: table, onChange: (next: boolean) => change({ table: next }) },
          ]}
          onSave={(format) => void save(format)}
          onHide={() => change({ hidden: true })}
        />
      </header>
      {table ? (
        <ChartTable key={run.id} run={run} chart={chart} />
      ) : (
        <StepPlot chart={chart} texts={model} summaryId={summaryId} onDrawn={setDrawn} />
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

/** The content of the chart, updated at the rate of texts. */
function useModel(run: RunView, chart: RunChart): StepChartModel {
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
    smoothing: dashboard.settings.smoothingOf(chart),
    theme,
  });
}

function useSummary(run: RunView, chart: RunChart, { lines, band }: StepChartModel): Summary {
  const dashboard = useDashboard();
  const end = endOfView(dashboard.textFrame.value);
  if (chart.id === 'stability') return stabilityWords(run, lines, end);
  const described = lines.filter((line) => !line.aside);
  const ofLines = described.length > 0 ? summarize(described, end) : null;
  if (band !== null) {
    const all = bandWords(band, end ?? Number.POSITIVE_INFINITY);
    const legend = 'Line: median; areas: 25 to 75 % (solid edge), 5 to 95 % (dashed), min to max (dotted)';
    return { full: [all, legend, ofLines?.full].filter(Boolean).join('. '), short: all };
  }
  if (ofLines) return ofLines;
  const nothing = emptySummary(dashboard.textFrame.value !== null, dashboard.slots.value.length);
  return { full: nothing, short: nothing };
}

function emptySummary(hasFrame: boolean, slots: number): string {
  if (!hasFrame) return 'Waiting for the first step';
  return slots === 0 ? 'No coordinate is shown' : 'No values';
}
