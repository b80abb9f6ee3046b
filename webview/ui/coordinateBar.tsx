import type { RunView } from '../../src/protocol/panel';
import { lineStyle, styleCount } from '../charts/lineStyle';
import { ordinal } from '../numberText';
import { nameIn, recordedIn } from '../state/coordinateNames';
import { rankWords } from '../state/rankWords';
import { shownCoordinates } from '../state/slots';
import { ChartChoice } from './chartChoice';
import { useDashboard, useThemeSignal } from './context';
import { CoordinatePicker } from './coordinatePicker';
import { EditorLink } from './editorLink';
import { StepCursor } from './stepCursor';
import { StepTravel } from './stepTravel';
import { Swatch } from './swatch';

/** Up to this number of recorded coordinates, all have a chip; with more, only the visible ones. */
const allChipsUpTo = 8;

/** The visible coordinates with their colours, and the step cursor. */
export function CoordinateBar({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  const slots = dashboard.slots.value;
  const { background } = useThemeSignal().value;
  const shown = shownCoordinates(slots);
  const slotOf = new Map(shown.map(({ coordinate, slot }) => [coordinate, slot]));
  const reasons = new Map(
    (dashboard.textFrame.value?.mattering ?? []).map(({ coordinate, rank }) => [
      coordinate,
      rankWords[rank].reason,
    ]),
  );
  const few = recordedIn(run).length <= allChipsUpTo;
  const chips = few ? recordedIn(run).first(allChipsUpTo) : shown.map(({ coordinate }) => coordinate);
  return (
    <section class="coordinateBar" aria-label="Coordinates and step">
      <fieldset class="chips" aria-label="Shown coordinates">
        {/* First, so that its panel can use the whole width. */}
        {!few && <CoordinatePicker run={run} />}
        {chips.map((coordinate) => {
          const slot = slotOf.get(coordinate);
          const name = nameIn(run, coordinate);
          return (
            <button
              type="button"
              class="chip"
              key={coordinate}
              title={slot === undefined ? `Show ${name}` : `Hide ${name}`}
              aria-pressed={slot !== undefined}
              onClick={() => dashboard.toggleCoordinate(coordinate, styleCount)}
            >
              {slot === undefined ? (
                <Swatch colour="currentColor" dash={[1, 3]} />
              ) : (
                <Swatch {...lineStyle(slot, background)} />
              )}
              <span class="chipName">{name}</span>
              {reasons.has(coordinate) && <span class="muted">{reasons.get(coordinate)}</span>}
            </button>
          );
        })}
      </fieldset>
      <PickingNote run={run} />
      {run.stride > 1 && (
        <span class="muted" title="All steps of a run this long would not fit into memory">
          every {ordinal(run.stride)} step is kept
        </span>
      )}
      <ChartChoice run={run} />
      {dashboard.focus.steps > 0 && (
        <div class="stepTools">
          <StepTravel run={run} />
          <StepCursor />
        </div>
      )}
    </section>
  );
}

/** Shown while the history of a coordinate is computed. */
function PickingNote({ run }: { readonly run: RunView }) {
  const { picking } = useDashboard();
  const coordinate = picking.coordinate.value;
  return (
    <span role="status" class="muted">
      {coordinate !== null && (
        <>
          Repeating the run for the history of {nameIn(run, coordinate)}…{' '}
          <EditorLink title="Cancel the computation" onClick={() => picking.cancel()}>
            Cancel
          </EditorLink>
        </>
      )}
    </span>
  );
}
