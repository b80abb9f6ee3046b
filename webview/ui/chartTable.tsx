import type { GlobalQuantity, Quantity, RunView } from '../../src/protocol/panel';
import { mayBeBlank } from '../charts/mayBeBlank';
import { exactNumber, stepText } from '../numberText';
import type { RunChart } from '../state/chartOrder';
import { nameIn } from '../state/coordinateNames';
import { evenSteps } from '../state/evenSteps';
import { isPerStep } from '../state/perStep';
import { shownCoordinates } from '../state/slots';
import { useDashboard } from './context';
import { ScrollTable } from './scrollTable';
import { stepHeadOf } from './stepHeads';
import { useRows } from './useRows';

const rowLimit = 200;

/** A chart as a table: exact values at evenly spaced steps of the visible range. */
export function ChartTable({ run, chart }: { readonly run: RunView; readonly chart: RunChart }) {
  const dashboard = useDashboard();
  const zoom = dashboard.focus.zoom.value;
  const slots = dashboard.slots.value;
  const steps = dashboard.focus.steps;
  const { uncorrected } = chart;
  // The best loss before a step can be derived from the losses.
  const quantities: Quantity[] = chart.views
    .map(({ quantity }) => quantity)
    .filter((quantity) => quantity !== 'best');
  if (uncorrected !== null && dashboard.settings.isUncorrectedShown(chart)) quantities.push(uncorrected);
  const range = zoom ?? ([1, steps] as const);
  const { rows, failure } = useRows(
    {
      runId: run.id,
      steps: evenSteps([range[0], Math.min(range[1], steps)], rowLimit),
      quantities,
      coordinates: isPerStep(chart.id) ? [] : shownCoordinates(slots).map(({ coordinate }) => coordinate),
    },
    200,
  );
  if (rows === null) return <p class="tableView waiting">{failure ?? 'Reading the values…'}</p>;
  const width = rows.columns.length;
  const headOf = (quantity: Quantity, coordinate: number) => {
    if (coordinate < 0) return stepHeadOf(quantity as GlobalQuantity, run);
    const name = nameIn(run, coordinate);
    return quantity === uncorrected ? `${name} uncorrected` : name;
  };
  const valueText = (quantity: Quantity, value: number) =>
    Number.isNaN(value) && mayBeBlank(quantity, run) ? '–' : exactNumber(value);
  return (
    <ScrollTable class="tableView" label={`${chart.title}, values`}>
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            {rows.columns.map(({ coordinate, quantity }) => (
              <th scope="col" key={`${quantity} ${coordinate}`}>
                {headOf(quantity, coordinate)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.steps.map((step, row) => (
            <tr key={step}>
              <th scope="row">{stepText(step)}</th>
              {rows.columns.map(({ coordinate, quantity }, column) => (
                <td key={`${quantity} ${coordinate}`}>
                  {rows.kept[row] === false
                    ? 'not kept'
                    : valueText(quantity, rows.values[row * width + column] ?? Number.NaN)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollTable>
  );
}
