import { useMemo } from 'preact/hooks';
import type { Report } from '../../../src/protocol/panel';
import { alignedChart } from '../../charts/alignedChart';
import { slotsOfReport } from '../../charts/reportLines';
import { useDashboard } from '../context';
import { Alignment } from './alignment';
import { Heatmap } from './heatmap';
import { ReportChartCard } from './reportChartCard';
import { ReportTable } from './reportTable';

/** The summary of a report, followed by its evidence. */
export function ReportBody({ id, report }: { readonly id: string; readonly report: Report }) {
  const { settings } = useDashboard();
  const slots = useMemo(() => slotsOfReport(report.charts), [report]);
  const { alignment } = settings.reportChart(report.title);
  const charts = useMemo(
    () => report.charts.map((chart) => alignedChart(chart, alignment)),
    [report, alignment],
  );
  const alignments = report.charts.find((chart) => chart.alignments !== undefined)?.alignments;
  return (
    <>
      <p class="answer">{report.summary}</p>
      {report.heatmaps?.map((heatmap, index) => (
        <Heatmap key={heatmap.title} report={id} heatmap={heatmap} index={index} />
      ))}
      {alignments !== undefined && (
        <Alignment
          choices={alignments}
          chosen={alignment ?? alignments[0]!}
          onChange={(next) => settings.setReportChart(report.title, { alignment: next })}
        />
      )}
      {report.charts.length > 0 && (
        <section class="reportCharts" aria-label="Charts">
          {charts.map((chart) => (
            <ReportChartCard key={chart.title} report={report.title} chart={chart} slots={slots} />
          ))}
        </section>
      )}
      {report.tables.map((table, index) => (
        <ReportTable key={table.title} report={id} table={table} index={index} />
      ))}
      {report.notes.length > 0 && (
        <section class="notes" aria-label="Notes">
          <h2>Method and limits</h2>
          {report.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </section>
      )}
    </>
  );
}
