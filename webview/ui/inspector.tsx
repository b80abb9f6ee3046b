import type { Quantity, RunView } from '../../src/protocol/panel';
import { lineStyle } from '../charts/lineStyle';
import { exactNumber, stepText } from '../numberText';
import { isPerStep } from '../state/dashboard';
import { shownCoordinates } from '../state/slots';
import { useStore } from '../state/useStore';
import { useDashboard, useThemeStore } from './context';
import { Swatch } from './swatch';
import { useRows } from './useRows';

/** The columns, in the order of the computation: from the gradient to the step that it made. */
const columns: readonly { readonly quantity: Quantity; readonly head: string }[] = [
  { quantity: 'grad', head: 'g' },
  { quantity: 'm', head: 'm' },
  { quantity: 'momentum', head: 'momentum' },
  { quantity: 'v', head: 'v' },
  { quantity: 'vMax', head: 'vMax' },
  { quantity: 'mHat', head: 'mHat' },
  { quantity: 'vHat', head: 'vHat' },
  { quantity: 'effectiveLr', head: 'effective lr' },
  { quantity: 'update', head: 'update' },
  { quantity: 'updateOverBound', head: 'update / bound' },
];

/** Exact values of every shown coordinate at the step in focus. */
export function Inspector({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  useStore(dashboard.textFrame);
  useStore(dashboard.cursor);
  useStore(dashboard.hover);
  const slots = useStore(dashboard.slots);
  const { background } = useStore(useThemeStore());
  const step = dashboard.stepInFocus;
  const offered = new Set(run.quantities.map(({ quantity }) => quantity));
  const shownColumns = columns.filter(({ quantity }) => offered.has(quantity));
  const globals = run.quantities.filter(({ quantity }) => isPerStep(quantity));
  const shown = shownCoordinates(slots);
  const { rows, failure } = useRows(
    {
      runId: run.id,
      steps: dashboard.steps > 0 ? [step] : [],
      quantities: [
        ...globals.map(({ quantity }) => quantity),
        ...shownColumns.map(({ quantity }) => quantity),
      ],
      coordinates: shown.map(({ coordinate }) => coordinate),
      version: 0,
    },
    100,
  );
  if (dashboard.steps === 0) return null;
  const valueAt = (quantity: Quantity, coordinate: number): string => {
    if (rows === null) return '…';
    if (rows.kept[0] === false) return 'not kept';
    const at = rows.columns.findIndex(
      (column) => column.quantity === quantity && column.coordinate === coordinate,
    );
    return at < 0 ? '' : exactNumber(rows.values[at] ?? Number.NaN);
  };
  const titles = new Map(run.quantities.map((view) => [view.quantity, `${view.title}: ${view.formula}`]));
  return (
    <section class="card inspector" aria-label="At the step cursor">
      <header class="cardHead">
        <h2>At step {stepText(rows?.steps[0] ?? step)}</h2>
        <p class="globals">
          {globals.map(({ quantity, title }) => (
            <span key={quantity}>
              <span class="key">{title.toLowerCase()}</span> {valueAt(quantity, -1)}
            </span>
          ))}
        </p>
      </header>
      {failure !== null && <p class="waiting">{failure}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="inspectorTable" tabIndex={0} aria-label="Values of the shown coordinates">
        <table>
          <thead>
            <tr>
              <th scope="col">coord</th>
              {shownColumns.map(({ quantity, head }) => (
                <th scope="col" key={quantity} title={titles.get(quantity)}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ coordinate, slot }) => (
              <tr key={coordinate}>
                <th scope="row">
                  <Swatch {...lineStyle(slot, background)} /> {run.names[coordinate] ?? `[${coordinate}]`}
                </th>
                {shownColumns.map(({ quantity }) => (
                  <td key={quantity}>{valueAt(quantity, coordinate)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
