import type { ReportChart } from '../../../src/protocol/panel';
import { readAt } from '../../charts/lineWords';
import type { ReportChartLine } from '../../charts/reportLines';
import { exactNumber } from '../../numberText';
import { evenSteps } from '../../state/evenSteps';
import { ScrollTable } from '../scrollTable';

const rowLimit = 200;

interface ReportChartTableProps {
  readonly chart: ReportChart;
  readonly lines: readonly ReportChartLine[];
  readonly xs: Float64Array;
}

/** A chart of a report as a table: exact values at some of its points, evenly chosen. */
export function ReportChartTable({ chart, lines, xs }: ReportChartTableProps) {
  const rows = evenSteps([0, xs.length - 1], rowLimit).map((at) => xs[at]!);
  return (
    <ScrollTable class="tableView" label={`${chart.title}, values`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{chart.x.title}</th>
            {lines.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((x) => (
            <tr key={x}>
              <th scope="row">{exactNumber(x)}</th>
              {readAt(lines, x).map(({ name, value }) => (
                <td key={name}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollTable>
  );
}
