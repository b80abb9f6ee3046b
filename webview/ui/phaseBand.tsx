import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunPhase, RunPhaseName, RunView } from '../../src/protocol/panel';
import { stepText } from '../numberText';
import { useDashboard } from './context';

/** The time between two requests while the run goes on. */
const restMs = 1000;

const words: { readonly [N in RunPhaseName]: readonly [name: string, meaning: string] } = {
  warmup: ['warmup', 'the schedule still raises the learning rate'],
  bias: ['bias correction', 'bias correction changes the update by at least a factor of 2'],
  descent: ['descent', 'the lowest loss so far falls'],
  edge: ['edge of stability', 'the stability value is at least 0.9 of its limit'],
  eps: ['eps regime', 'eps is the larger part of the preconditioner in half of the coordinates'],
  still: ['no progress', 'the lowest loss so far does not fall'],
};

/** The phases of the run over the visible steps. A click moves the step cursor to the beginning of a phase. */
export function PhaseBand({ run }: { readonly run: RunView }) {
  const { focus } = useDashboard();
  const phases = usePhases(run);
  if (phases.length === 0) return null;
  const [first, last] = focus.range;
  const shown = phases.filter(({ steps }) => steps[1] >= first && steps[0] <= last);
  const share = (step: number) =>
    (100 * (Math.min(last + 1, Math.max(first, step)) - first)) / (last + 1 - first);
  const seen = [...new Set(shown.map(({ name }) => name))];
  return (
    <section class="card phaseBand" aria-label="Phases of the run">
      <header class="cardHead">
        <h2>Phases of the run</h2>
      </header>
      <div class="phases">
        {shown.map(({ name, steps }) => {
          const text = `${words[name][0]}, steps ${stepText(steps[0])} to ${stepText(steps[1])}`;
          return (
            <button
              type="button"
              key={`${name} ${steps[0]}`}
              class={`phase ${name}`}
              style={{ left: `${share(steps[0])}%`, width: `${share(steps[1] + 1) - share(steps[0])}%` }}
              aria-label={text}
              title={`${text}: ${words[name][1]}`}
              onClick={() => focus.moveCursor(steps[0])}
            >
              {words[name][0]}
            </button>
          );
        })}
        <span class="phaseCursor" style={{ left: `${share(focus.step)}%` }} />
      </div>
      <ul class="phaseLegend">
        {seen.map((name) => (
          <li key={name}>
            <span class={`phaseSwatch ${name}`} aria-hidden="true" />
            <strong>{words[name][0]}</strong>: {words[name][1]}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The phases from the host, requested again when the run has made steps, once a second at most. */
function usePhases({ id, steps }: RunView): readonly RunPhase[] {
  const { host } = useDashboard();
  const [answer, setAnswer] = useState<{ readonly id: string; readonly phases: readonly RunPhase[] }>();
  const asked = useRef({ at: Number.NEGATIVE_INFINITY, id: '' });
  useEffect(() => {
    let isWanted = true;
    const isSame = asked.current.id === id;
    const wait = isSame ? Math.max(0, restMs - (performance.now() - asked.current.at)) : 0;
    const timer = setTimeout(() => {
      asked.current = { at: performance.now(), id };
      host.phases(id).then(
        (phases) => isWanted && setAnswer({ id, phases }),
        // The band is not shown.
        () => {},
      );
    }, wait);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [host, id, steps]);
  return answer?.id === id ? answer.phases : [];
}
