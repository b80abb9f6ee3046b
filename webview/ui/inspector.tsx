import type { CoordinateQuantity, GlobalQuantity, Quantity, RunView } from '../../src/protocol/panel';
import { lineStyle } from '../charts/lineStyle';
import { mayBeBlank } from '../charts/mayBeBlank';
import { exactNumber, narrowNumber, stepText } from '../numberText';
import { nameIn } from '../state/coordinateNames';
import { shownCoordinates } from '../state/slots';
import { useDashboard, useThemeSignal } from './context';
import { ScrollTable } from './scrollTable';
import { stepHeadOf, stepHeads } from './stepHeads';
import { Swatch } from './swatch';
import { Term } from './term';
import { useNarrow } from './useNarrow';
import { useRows } from './useRows';

interface Column {
  readonly quantity: CoordinateQuantity;
  readonly head: string;
  readonly narrow?: string;
  /** Shown with *More* only. */
  readonly rest?: true;
}

/** The columns, in the order of the computation: from the gradient to the update. */
const columns: readonly Column[] = [
  { quantity: 'params', head: 'θ', rest: true },
  { quantity: 'grad', head: 'g' },
  { quantity: 'm', head: 'm' },
  { quantity: 'momentum', head: 'momentum' },
  { quantity: 'gAvg', head: 'gAvg', rest: true },
  { quantity: 'v', head: 'v' },
  { quantity: 'vMax', head: 'vMax' },
  { quantity: 'u', head: 'u' },
  { quantity: 'sum', head: 'Σ g²' },
  { quantity: 'mHat', head: 'mHat' },
  { quantity: 'vHat', head: 'vHat' },
  { quantity: 'snr', head: '|mHat| / √vHat', narrow: 'snr', rest: true },
  { quantity: 'fisher', head: 'B·vHat', rest: true },
  { quantity: 'preconditioner', head: 'P', rest: true },
  { quantity: 'epsShare', head: 'eps / P', rest: true },
  { quantity: 'effectiveLr', head: 'effective lr', narrow: 'eff. lr' },
  { quantity: 'update', head: 'update' },
  { quantity: 'uncorrectedUpdate', head: 'uncorrected', narrow: 'uncorr.', rest: true },
  { quantity: 'updateOverBound', head: 'update / bound', narrow: '/ bound' },
  { quantity: 'updateRatio', head: '|Δθ| / |θ|', narrow: '/ |θ|', rest: true },
];

/** Exact values of every visible coordinate at the current step. */
export function Inspector({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  const slots = dashboard.slots.value;
  const { background } = useThemeSignal().value;
  const narrow = useNarrow();
  const step = dashboard.focus.step;
  const { inspectAll } = dashboard.settings.remembered.value;
  const offered = new Set(run.quantities.map(({ quantity }) => quantity));
  const offeredColumns = columns.filter(({ quantity }) => offered.has(quantity));
  const shownColumns = offeredColumns.filter(({ rest }) => inspectAll || rest !== true);
  const offeredGlobals = (Object.keys(stepHeads) as GlobalQuantity[]).filter((quantity) =>
    offered.has(quantity),
  );
  const globals = offeredGlobals.filter((quantity) => inspectAll || stepHeads[quantity].rest !== true);
  const hasRest = [...offeredColumns, ...offeredGlobals.map((quantity) => stepHeads[quantity])].some(
    ({ rest }) => rest === true,
  );
  const shown = shownCoordinates(slots);
  const { rows, failure } = useRows(
    {
      runId: run.id,
      steps: dashboard.focus.steps > 0 ? [step] : [],
      quantities: [...globals, ...shownColumns.map(({ quantity }) => quantity)],
      coordinates: shown.map(({ coordinate }) => coordinate),
    },
    100,
  );
  if (dashboard.focus.steps === 0) return null;
  const valueAt = (quantity: Quantity, coordinate: number): string => {
    if (rows === null) return '…';
    if (rows.kept[0] === false) return 'not kept';
    const at = rows.columns.findIndex(
      (column) => column.quantity === quantity && column.coordinate === coordinate,
    );
    if (at < 0) return '';
    const value = rows.values[at] ?? Number.NaN;
    if (Number.isNaN(value) && mayBeBlank(quantity, run)) return '–';
    return narrow && coordinate >= 0 ? narrowNumber(value) : exactNumber(value);
  };
  const views = new Map(run.quantities.map((view) => [view.quantity, view]));
  const term = (quantity: Quantity, head: string) => {
    const { term, title, formula } = views.get(quantity)!;
    return (
      <Term term={term} formula={`${title}: ${formula}`}>
        {head}
      </Term>
    );
  };
  return (
    <section class="card inspector" aria-label="At the step cursor">
      <header class="cardHead">
        <h2>
          At step {stepText(rows?.steps[0] ?? step)}
          {run.training !== null && rows !== null && rows.steps[0] !== step && (
            <span class="symbol">, the recorded step nearest to {stepText(step)}</span>
          )}
        </h2>
        {hasRest && (
          <button
            type="button"
            class="editorLink moreValues"
            aria-pressed={inspectAll}
            title={inspectAll ? 'Show only the values of the update' : 'Show all values of this step'}
            onClick={() => dashboard.settings.setInspectAll(!inspectAll)}
          >
            {inspectAll ? 'Less' : 'More'}
          </button>
        )}
        {run.training === null && (
          <button
            type="button"
            class="editorLink moreValues"
            title="Explain the update at the step cursor by the formula of the optimizer"
            onClick={() => dashboard.explain()}
          >
            Explain
          </button>
        )}
        <p class="globals">
          {globals.map((quantity) => (
            <span key={quantity}>
              <span class="key">{term(quantity, stepHeadOf(quantity, run))}</span> {valueAt(quantity, -1)}
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
                <th scope="col" key={quantity}>
                  {term(quantity, narrow ? (short ?? head) : head)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ coordinate, slot }) => (
              <tr key={coordinate}>
                <th scope="row">
                  <Swatch {...lineStyle(slot, background)} />{' '}
                  {run.training === null ? (
                    <button
                      type="button"
                      class="term"
                      aria-label={`Explain the update of ${nameIn(run, coordinate)}`}
                      title={`Explain the update of ${nameIn(run, coordinate)}`}
                      onClick={() => dashboard.explain(coordinate)}
                    >
                      {nameIn(run, coordinate)}
                    </button>
                  ) : (
                    nameIn(run, coordinate)
                  )}
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
