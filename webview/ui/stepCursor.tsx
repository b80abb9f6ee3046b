import { useState } from 'preact/hooks';
import { stepText } from '../numberText';
import { useDashboard } from './context';
import { Icon } from './icon';

/** The step of the inspector and of the charts' readouts, and the zoom. */
export function StepCursor() {
  const dashboard = useDashboard();
  const cursor = dashboard.focus.cursor.value;
  const zoom = dashboard.focus.zoom.value;
  const step = dashboard.focus.step;
  const [draft, setDraft] = useState<string | null>(null);
  const apply = () => {
    const typed = Number(draft);
    if (draft !== null && Number.isFinite(typed) && draft.trim() !== '') dashboard.focus.moveCursor(typed);
    setDraft(null);
  };
  const move = (by: number) => dashboard.focus.moveCursor((cursor ?? dashboard.focus.steps) + by);
  return (
    <div class="stepCursor">
      {zoom !== null && (
        <button
          type="button"
          class="chip"
          title="Show all steps"
          onClick={() => dashboard.focus.setZoom(null)}
        >
          Reset zoom <span class="muted">{`${stepText(zoom[0])}–${stepText(zoom[1])}`}</span>
        </button>
      )}
      <button
        type="button"
        class="iconButton"
        aria-label="Previous step"
        disabled={step <= 1}
        onClick={() => move(-1)}
      >
        <Icon name="left" />
      </button>
      <label class="stepField">
        step
        <input
          type="text"
          inputMode="numeric"
          value={draft ?? String(step)}
          size={Math.max(4, String(dashboard.focus.steps).length)}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') apply();
            if (event.key === 'ArrowLeft' && event.altKey) move(-1);
            if (event.key === 'ArrowRight' && event.altKey) move(1);
          }}
          onBlur={apply}
        />
      </label>
      <button
        type="button"
        class="iconButton"
        aria-label="Next step"
        disabled={step >= dashboard.focus.steps}
        onClick={() => move(1)}
      >
        <Icon name="right" />
      </button>
      <button
        type="button"
        class="chip"
        aria-pressed={cursor === null}
        title="Keep the step cursor on the last step"
        onClick={() => dashboard.focus.moveCursor(cursor === null ? dashboard.focus.steps : null)}
      >
        Follow
      </button>
    </div>
  );
}
