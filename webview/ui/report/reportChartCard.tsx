import { useId, useMemo, useState } from 'preact/hooks';
import type { PictureFormat, ReportChart } from '../../../src/protocol/panel';
import type { LinesDrawn } from '../../charts/lineChart';
import { wordsOf } from '../../charts/lineWords';
import { allX, linesOfReport } from '../../charts/reportLines';
import { shortNumber } from '../../numberText';
import type { ReportChartSettings } from '../../state/memory';
import { ChartMenu } from '../chartMenu';
import { useDashboard, useThemeSignal } from '../context';
import { pictureFile, pictureOfReport } from '../saveChart';
import { ReportChartTable } from './reportChartTable';
import { ReportLegend } from './reportLegend';
import { ReportPlot } from './reportPlot';

interface ReportChartCardProps {
  /** The report's title. */
  readonly report: string;
  readonly chart: ReportChart;
  /** The slots of the subjects of the report. */
  readonly slots: ReadonlyMap<string, number>;
}

/** One chart of a report: title, legend, plot or table, and its text. */
export function ReportChartCard({ report, chart, slots }: ReportChartCardProps) {
  const { settings, host } = useDashboard();
  const theme = useThemeSignal();
  const [range, setRange] = useState<readonly [number, number] | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<LinesDrawn | null>(null);
  const summaryId = useId();
  const id = `${report} / ${chart.title}`;
  const {
    logX = chart.x.log,
    logY = chart.y.log,
    table = false,
    whole = false,
    hiddenLines = [],
  } = settings.reportChart(id);
  const change = (next: ReportChartSettings) => settings.setReportChart(id, next);
  const lines = useMemo(() => linesOfReport(chart, slots), [chart, slots]);
  const xs = useMemo(() => allX(chart.lines), [chart]);
  const hidden = new Set(hiddenLines);
  const shown = lines.filter(({ name }) => !hidden.has(name));
  const words = wordsOf(shown, chart);
  const cut = whole ? undefined : chart.y.cut;
  const save = async (format: PictureFormat) => {
    const titles = { title: chart.title, xTitle: chart.x.title, yTitle: chart.y.title };
    const axes = { xs, range, logX, logY, cut: cut ?? Number.POSITIVE_INFINITY };
    const content = pictureOfReport(titles, shown, axes, theme.value);
    host.savePicture(`${report}-${chart.title}`, format, await pictureFile(content, format));
  };
  const notes = drawn === null || table ? '' : notesOf(drawn, chart, cut);
  return (
    <article class="card reportChart" aria-label={chart.title} data-chart={chart.title}>
      <header class="cardHead">
        <h2 title={chart.title}>{chart.title}</h2>
        {range !== null && !table && (
          <button type="button" class="chip" title="Show all of it" onClick={() => setRange(null)}>
            Reset zoom
          </button>
        )}
        <ChartMenu
          title={chart.title}
          toggles={[
            { text: `Log axis: ${chart.x.title}`, checked: logX, onChange: (next) => change({ logX: next }) },
            { text: `Log axis: ${chart.y.title}`, checked: logY, onChange: (next) => change({ logY: next }) },
            ...(chart.y.cut === undefined
              ? []
              : [
                  {
                    text: `All values of ${chart.y.title}`,
                    title: `Otherwise the axis ends at ${shortNumber(chart.y.cut)}`,
                    checked: whole,
                    onChange: (next: boolean) => change({ whole: next }),
                  },
                ]),
            { text: 'Table', checked: table, onChange: (next) => change({ table: next }) },
          ]}
          onSave={(format) => void save(format)}
        />
      </header>
      {(lines.length > 1 || hidden.size > 0) && (
        <ReportLegend
          title={chart.title}
          lines={lines}
          hidden={hidden}
          onHidden={(names) => change({ hiddenLines: names })}
          onPointed={setPointed}
        />
      )}
      {table ? (
        <ReportChartTable chart={chart} lines={shown} xs={xs} />
      ) : (
        <>
          <p class="axisTitle">{chart.y.title}</p>
          <ReportPlot
            chart={chart}
            lines={shown}
            xs={xs}
            logX={logX}
            logY={logY}
            cut={cut ?? Number.POSITIVE_INFINITY}
            range={range}
            emphasised={pointed}
            summaryId={summaryId}
            onRange={setRange}
            onDrawn={setDrawn}
          />
          <p class="axisTitle across">{chart.x.title}</p>
        </>
      )}
      <p class="summary" title={`${words.full}. ${notes}`.trim()} aria-hidden="true">
        {words.short}
        {notes !== '' && `. ${notes}`}
      </p>
      <p class="unseen" id={summaryId}>
        {words.full}. {notes}
      </p>
    </article>
  );
}

function notesOf(drawn: LinesDrawn, { x, y }: ReportChart, cut: number | undefined): string {
  return [
    cut === undefined ? '' : `▲ beyond ${shortNumber(cut)}`,
    drawn.logXRefused
      ? `Linear axis of ${x.title}, because some values are below zero or none is above.`
      : '',
    drawn.logYRefused
      ? `Linear axis of ${y.title}, because some values are below zero or none is above.`
      : '',
    drawn.clamped ? 'Values beyond ±10¹⁵⁰ are drawn at the edge.' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}
