import { useState } from 'preact/hooks';
import type { CoordinateGroup } from '../../src/core/coordinates/coordinateLayout';
import type { RunView } from '../../src/protocol/panel';
import { styleCount } from '../charts/lineStyle';
import { stepText } from '../numberText';
import { layoutOf, nameIn, recordedIn } from '../state/coordinateNames';
import { type Matches as Found, matching } from '../state/coordinateSearch';
import { isLive } from '../state/isLive';
import { firstSlots, shownCoordinates } from '../state/slots';
import { useDashboard } from './context';
import { GroupChoice } from './groupChoice';
import { Button, Checkbox, TextField } from './toolkit';
import { usePopover } from './usePopover';

/** The largest number of matches in the list; a search reduces their number. */
const listed = 100;

/** Chooses among many coordinates by name or index. */
export function CoordinatePicker({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  const slots = dashboard.slots.value;
  const { open, toggle, anchor, panel } = usePopover<HTMLButtonElement, HTMLDivElement>();
  const [search, setSearch] = useState('');
  const [group, setGroup] = useState('');
  const shown = new Set(shownCoordinates(slots).map(({ coordinate }) => coordinate));
  return (
    <div class="picker">
      <button
        ref={anchor}
        type="button"
        class="chip"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={toggle}
      >
        {shown.size} of {stepText(recordedIn(run).length)}…
      </button>
      {open && (
        <div ref={panel} class="popover pickerPanel" role="dialog" aria-label="Choose coordinates">
          <TextField
            label="Search coordinates"
            placeholder="Name or index"
            value={search}
            onInput={setSearch}
            size={22}
            autofocus
          />
          <GroupChoice run={run} group={group} onChange={setGroup} />
          <Matches run={run} search={search} within={layoutOf(run).find(group)} shown={shown} />
          <div class="pickerFoot">
            {run.hasBands ? (
              <Button onClick={() => dashboard.showMattering()}>Those that matter</Button>
            ) : run.training !== null ? (
              <Button onClick={() => dashboard.showInitial()}>Some of all tensors</Button>
            ) : (
              <Button onClick={() => dashboard.showOnly(firstSlots(recordedIn(run)) as number[])}>
                First 8
              </Button>
            )}
            <Button onClick={() => dashboard.showOnly([])}>None</Button>
          </div>
        </div>
      )}
    </div>
  );
}

interface MatchesProps {
  readonly run: RunView;
  readonly search: string;
  /** The group to search; null: all coordinates. */
  readonly within: CoordinateGroup | null;
  readonly shown: ReadonlySet<number>;
}

function Matches({ run, search, within, shown }: MatchesProps) {
  const dashboard = useDashboard();
  const matches = matching(layoutOf(run), search, within, listed);
  const recorded = recordedIn(run);
  const full = shown.size >= styleCount;
  const canBeMade = run.training === null && !isLive(run.status);
  return (
    <>
      <ul class="matches">
        {matches.first.map((coordinate) => (
          <li key={coordinate}>
            <Checkbox
              checked={shown.has(coordinate)}
              disabled={!shown.has(coordinate) && (full || (!canBeMade && !recorded.has(coordinate)))}
              onChange={() => dashboard.pick(coordinate, styleCount)}
            >
              {nameIn(run, coordinate)}
              {!recorded.has(coordinate) && <span class="muted"> (not recorded)</span>}
            </Checkbox>
          </li>
        ))}
      </ul>
      <p class="hint">{hint(run, matches, full)}</p>
    </>
  );
}

function hint(run: RunView, { count: matches, first, isWhole }: Found, full: boolean): string {
  if (full) return `${styleCount} coordinates are shown, the largest number that can be distinguished.`;
  const unread = isWhole
    ? ''
    : ' Not all names were compared: choose a group, or write the name of an array.';
  if (matches === 0) return `No coordinate matches.${unread}`;
  if (matches > first.length)
    return `${stepText(matches - first.length)} more match. Type more to narrow the list.${unread}`;
  if (!isWhole) return `${stepText(matches)} ${matches === 1 ? 'match' : 'matches'}.${unread}`;
  return recordedIn(run).length < run.dim
    ? `${stepText(recordedIn(run).length)} of ${stepText(run.dim)} coordinates are recorded.${run.training === null ? ' Others are computed by repeating the run.' : ''}`
    : `${stepText(matches)} ${matches === 1 ? 'match' : 'matches'}.`;
}
