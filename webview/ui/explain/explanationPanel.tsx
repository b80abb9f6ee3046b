import { useEffect, useRef } from 'preact/hooks';
import type { Explanation, RunView } from '../../../src/protocol/panel';
import { exactNumber, shortNumber, stepText } from '../../numberText';
import { nameIn } from '../../state/coordinateNames';
import { shownCoordinates } from '../../state/slots';
import { useDashboard } from '../context';
import { Icon } from '../icon';
import { NumberField } from '../numberField';
import { Contributions } from './contributions';
import { Derivation } from './derivation';
import { useExplanation } from './useExplanation';

/** Why a coordinate moved as it did at the step cursor. Stays at the lower edge of the panel while the page scrolls. */
export function ExplanationPanel({ run }: { readonly run: RunView }) {
  const { explaining, focus } = useDashboard();
  const coordinate = explaining.coordinate.value;
  if (coordinate === null || focus.steps === 0) return null;
  return <Shown run={run} coordinate={coordinate} />;
}

function Shown({ run, coordinate }: { readonly run: RunView; readonly coordinate: number }) {
  const { explaining, focus } = useDashboard();
  const element = useRef<HTMLElement>(null);
  const step = Math.max(1, Math.min(focus.cursor.value ?? focus.steps, focus.steps));
  const { explanation, failure, replay, replayNow, cancel } = useExplanation(
    run.id,
    step,
    coordinate,
    run.mayEvaluate,
  );
  const name = nameIn(run, coordinate);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) explaining.close();
    };
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, [explaining]);
  return (
    <aside class="card explanation" ref={element} aria-label="Explanation of the update">
      <header class="cardHead">
        <h2>
          Why {name} moved at step {stepText(step)}
        </h2>
        <CoordinateChoice run={run} coordinate={coordinate} />
        <button
          type="button"
          class="iconButton"
          aria-label="Explain the previous step"
          disabled={step <= 1}
          onClick={() => focus.moveCursor(step - 1)}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          class="iconButton"
          aria-label="Explain the next step"
          disabled={step >= focus.steps}
          onClick={() => focus.moveCursor(step + 1)}
        >
          <Icon name="right" />
        </button>
        <button
          type="button"
          class="iconButton"
          aria-label="Close the explanation"
          title="Close (Escape)"
          onClick={() => explaining.close()}
        >
          ✕
        </button>
      </header>
      {failure !== null && <p class="waiting">{failure}</p>}
      {replay === 'offered' && (
        <p class="waiting">
          This step is not recorded.{' '}
          <button type="button" class="chip" onClick={replayNow}>
            Replay to step {stepText(step)}
          </button>
        </p>
      )}
      {replay === 'running' && (
        <p class="waiting" role="status">
          Replaying to step {stepText(step)}, which is not recorded.{' '}
          <button type="button" class="chip" onClick={cancel}>
            Cancel
          </button>
        </p>
      )}
      {explanation !== null && (
        <>
          <p class="explanationSummary" role="status" data-step={explanation.step}>
            {summaryOf(explanation, name)}
          </p>
          <div class="explanationBody">
            <Derivation explanation={explanation} />
            <Contributions explanation={explanation} />
          </div>
        </>
      )}
    </aside>
  );
}

/** The coordinates of the charts; of a long vector also any other one, by its index. */
function CoordinateChoice({ run, coordinate }: { readonly run: RunView; readonly coordinate: number }) {
  const { explaining, slots } = useDashboard();
  const shown = shownCoordinates(slots.value).map((each) => each.coordinate);
  const offered = shown.includes(coordinate) ? shown : [coordinate, ...shown];
  const choose = (index: number) => {
    if (Number.isInteger(index) && index >= 0 && index < run.dim) explaining.open(index, []);
  };
  return (
    <>
      <select
        class="plainSelect"
        aria-label="Explained coordinate"
        value={coordinate}
        onChange={(event) => choose(Number(event.currentTarget.value))}
      >
        {offered.map((each) => (
          <option key={each} value={each}>
            {nameIn(run, each)}
          </option>
        ))}
      </select>
      {run.dim > offered.length && (
        <NumberField
          label="index"
          title="Explain any coordinate by its index"
          value={coordinate}
          size={5}
          onEnter={choose}
        />
      )}
    </>
  );
}

/** The update in words, with clipping and bound. */
function summaryOf(explanation: Explanation, name: string): string {
  const { recorded, formula, clipping, bound, optimizer, agrees, lr, lrSet } = explanation;
  if (formula === null)
    return `The step was skipped, because the gradient overflowed at the loss scale of this step. ${name} did not move.`;
  const moved = `${optimizer} moved ${name} by ${exactNumber(recorded)}.`;
  const against = Number.isFinite(bound)
    ? ` The update cannot exceed ${shortNumber(bound)}: it is ${shortNumber(Math.abs(recorded) / bound)} of that bound.`
    : '';
  const rate =
    lr === lrSet
      ? ''
      : ` The learning rate is ${shortNumber(lr)}, not ${shortNumber(lrSet)} as configured, because of a schedule or a change by hand.`;
  const differs = agrees
    ? ''
    : ' The formula does not give the recorded update: the optimizer of this run differs from it.';
  return moved + clippingWords(clipping) + rate + against + differs;
}

function clippingWords(clipping: Explanation['clipping']): string {
  if (clipping === null || clipping.factor === 1) return '';
  const { by, limit, factor, gradNorm, raw } = clipping;
  const before = Number.isNaN(raw) ? '' : ` Before clipping, this gradient was ${shortNumber(raw)}.`;
  return by === 'norm'
    ? ` Clipping multiplied the gradient by ${shortNumber(factor)}, from norm ${shortNumber(gradNorm)} to ${shortNumber(limit)}.${before}`
    : ` Clipping limited every component to ±${shortNumber(limit)}.${before}`;
}
