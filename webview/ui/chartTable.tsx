import type { QuantityView, RunView } from '../../src/protocol/panel';
import { exactNumber, stepText } from '../numberText';
import { isPerStep } from '../state/dashboard';
import { evenSteps } from '../state/evenSteps';
import { shownCoordinates } from '../state/slots';
import { useStore } from '../state/useStore';
import { useDashboard } from './context';
import { ScrollTable } from './scrollTable';
import { useRows } from './useRows';

const rowLimit = 200;

/** A chart as a table: exact values at evenly chosen steps of what is in sight. */
export function ChartTable({ run, view }: { readonly run: RunView; readonly view: QuantityView }) {
  const dashboard = useDashboard();
  useStore(dashboard.textFrame);
  const zoom = useStore(dashboard.zoom);
  const slots = useStore(dashboard.slots);
  const steps = dashboard.steps;
  const range = zoom ?? ([1, steps] as const);
  const { rows, failure } = useRows(
    {
      runId: run.id,
      steps: evenSteps([range[0], Math.min(range[1], steps)], rowLimit),
      quantities: [view.quantity],
      coordinates: isPerStep(view.quantity)
        ? []
        : shownCoordinates(slots).map(({ coordinate }) => coordinate),
    },
    200,
  );
  if (rows === null) return <p class="tableView waiting">{failure ?? 'Reading the values…'}</p>;
  const width = rows.columns.length;
  return (
    <ScrollTable class="tableView" label={`${view.title}, values`}>
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            {rows.columns.map(({ coordinate, quantity }) => (
              <th scope="col" key={coordinate}>
                {coordinate < 0 ? quantity : (run.names[coordinate] ?? `[${coordinate}]`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.steps.map((step, row) => (
            <tr key={step}>
              <th scope="row">{stepText(step)}</th>
              {rows.columns.map(({ coordinate }, column) => (
                <td key={coordinate}>
                  {rows.kept[row] === false
                    ? 'not kept'
                    : exactNumber(rows.values[row * width + column] ?? Number.NaN)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollTable>
  );
}
