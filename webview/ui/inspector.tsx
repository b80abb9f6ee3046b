import { useEffect, useState } from 'preact/hooks';
import type { GlobalQuantity, Quantity, RunView } from '../../src/protocol/panel';
import { lineStyle } from '../charts/lineStyle';
import { exactNumber, narrowNumber, stepText } from '../numberText';
import { isPerStep } from '../state/dashboard';
import { shownCoordinates } from '../state/slots';
import { useStore } from '../state/useStore';
import { useDashboard, useThemeStore } from './context';
import { ScrollTable } from './scrollTable';
import { Swatch } from './swatch';
import { useRows } from './useRows';

/** The columns, in the order of the computation: from the gradient to the step that it made. */
const columns: readonly { readonly quantity: Quantity; readonly head: string; readonly narrow?: string }[] = [
  { quantity: 'grad', head: 'g' },
  { quantity: 'm', head: 'm' },
  { quantity: 'momentum', head: 'momentum' },
  { quantity: 'v', head: 'v' },
  { quantity: 'vMax', head: 'vMax' },
  { quantity: 'mHat', head: 'mHat' },
  { quantity: 'vHat', head: 'vHat' },
  { quantity: 'effectiveLr', head: 'effective lr', narrow: 'eff. lr' },
  { quantity: 'update', head: 'update' },
  { quantity: 'updateOverBound', head: 'update / bound', narrow: '/ bound' },
];

/** Short words for the quantities that are one number a step; the hover says the long ones. */
const globalHeads: Readonly<Record<GlobalQuantity, string>> = {
  loss: 'loss',
  best: 'best',
  gradNorm: '‖g‖',
  lr: 'lr',
  clipFactor: 'clipping',
  beta: 'beta1 or momentum',
  lossScale: 'loss scale',
  underflow: 'underflow',
  overflow: 'overflow',
  rms: 'RMS',
  updateNorm: '‖Δθ‖',
  updateNormP: '‖Δθ‖ in P',
  predictedChange: 'predicted Δf',
  actualChange: 'actual Δf',
  muProduct: 'Π mu',
};

/** Exact values of every shown coordinate at the step in focus. */
export function Inspector({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  useStore(dashboard.textFrame);
  useStore(dashboard.cursor);
  useStore(dashboard.hover);
  const slots = useStore(dashboard.slots);
  const { background } = useStore(useThemeStore());
  const narrow = useNarrow();
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
    if (at < 0) return '';
    const value = rows.values[at] ?? Number.NaN;
    return narrow && coordinate >= 0 ? narrowNumber(value) : exactNumber(value);
  };
  const titles = new Map(run.quantities.map((view) => [view.quantity, `${view.title}: ${view.formula}`]));
  return (
    <section class="card inspector" aria-label="At the step cursor">
      <header class="cardHead">
        <h2>At step {stepText(rows?.steps[0] ?? step)}</h2>
        <p class="globals">
          {globals.map(({ quantity }) => (
            <span key={quantity} title={titles.get(quantity)}>
              <span class="key">{globalHeads[quantity as GlobalQuantity]}</span> {valueAt(quantity, -1)}
            </span>
          ))}
        </p>
      </header>
      {failure !== null && <p class="waiting">{failure}</p>}
      <ScrollTable class="inspectorTable" label="Values of the shown coordinates">
        <table>
          <thead>
            <tr>
              <th scope="col">coord</th>
              {shownColumns.map(({ quantity, head, narrow: short }) => (
                <th scope="col" key={quantity} title={titles.get(quantity)}>
                  {narrow ? (short ?? head) : head}
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
      </ScrollTable>
    </section>
  );
}

const narrowPanel = '(max-width: 699px)';

/** Whether the panel is too narrow for nine columns of six digits. */
function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(narrowPanel).matches);
  useEffect(() => {
    const query = matchMedia(narrowPanel);
    const changed = () => setNarrow(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return narrow;
}
