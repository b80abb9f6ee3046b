import { stepText } from '../numberText';
import { useDashboard } from './context';
import { Icon } from './icon';
import { NumberField } from './numberField';

/** The step of the inspector and of the charts' readouts, and the zoom. */
export function StepCursor() {
  const dashboard = useDashboard();
  const cursor = dashboard.focus.cursor.value;
  const zoom = dashboard.focus.zoom.value;
  const step = dashboard.focus.step;
  const move = (by: number) => dashboard.focus.moveBy(by);
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
      <NumberField
        label="step"
        value={step}
        size={Math.max(4, String(dashboard.focus.steps).length)}
        onEnter={(typed) => dashboard.focus.moveCursor(typed)}
        onKeyDown={({ key, altKey }) => {
          if (key === 'ArrowLeft' && altKey) move(-1);
          if (key === 'ArrowRight' && altKey) move(1);
        }}
      />
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
