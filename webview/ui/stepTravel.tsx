import type { Extremes, RunView } from '../../src/protocol/panel';
import { playIntervalMs } from '../state/playback';
import { useDashboard } from './context';
import { Icon } from './icon';
import { stepKeysHelp } from './stepKeys';

const jumps: readonly (readonly [keyof Extremes, string])[] = [
  ['largestUpdate', 'largest update'],
  ['largestGradient', 'largest gradient'],
  ['lowestLoss', 'lowest loss'],
];

/** Plays the steps, and moves the cursor to the steps that stand out. */
export function StepTravel({ run }: { readonly run: RunView }) {
  const { focus, playback, host, notice } = useDashboard();
  const playing = playback.playing.value;
  const jump = async (name: keyof Extremes) => {
    try {
      const step = (await host.extremes(run.id))[name];
      if (step > 0) focus.moveCursor(step);
    } catch (error) {
      notice.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <>
      <button
        type="button"
        class="iconButton"
        aria-label={playing ? 'Stop playing' : 'Play the steps'}
        aria-pressed={playing}
        title={`${playing ? 'Stop' : 'Play the steps'}. Keys: ${stepKeysHelp(run.training === null)}.`}
        onClick={() =>
          playback.toggle(playIntervalMs(matchMedia('(prefers-reduced-motion: reduce)').matches))
        }
      >
        <Icon name={playing ? 'pause' : 'run'} />
      </button>
      <select
        class="plainSelect"
        aria-label="Go to a step"
        value=""
        onChange={(event) => {
          const name = event.currentTarget.value as keyof Extremes | '';
          event.currentTarget.value = '';
          if (name !== '') void jump(name);
        }}
      >
        <option value="">Go to…</option>
        {jumps.map(([name, text]) => (
          <option key={name} value={name}>
            {run.maximizes && name === 'lowestLoss' ? 'highest objective' : text}
          </option>
        ))}
      </select>
    </>
  );
}
