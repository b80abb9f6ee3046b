import type { RunView } from '../../src/protocol/panel';
import { isLive } from '../state/isLive';
import { ButtonFace } from './buttonFace';
import { useDashboard } from './context';
import { LrField } from './lrField';
import { Button } from './toolkit';

/** The actions on the run. Buttons keep their places; a button that does not apply is disabled. */
export function Controls({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const live = isLive(run.status);
  const isPaused = run.status === 'paused';
  const waitsToGoOn = run.status === 'queued' && run.steps > 0;
  return (
    <div class="controls" role="toolbar" aria-label="Run">
      <div class="controlRow">
        {live ? (
          isPaused ? (
            <Button appearance="primary" onClick={() => host.resume(run.id)}>
              <ButtonFace icon="run" text="Resume" />
            </Button>
          ) : (
            <Button
              appearance="primary"
              disabled={!run.hasControl || (run.status !== 'running' && !waitsToGoOn)}
              onClick={() => host.pause(run.id)}
            >
              <ButtonFace icon="pause" text="Pause" />
            </Button>
          )
        ) : (
          <Button
            appearance="primary"
            title="Run the loss as its source stands now"
            onClick={() => host.runAgain(run.id)}
          >
            <ButtonFace icon="run" text="Run again" />
          </Button>
        )}
        <Button
          class="secondary"
          disabled={!run.hasControl || (!isPaused && !waitsToGoOn)}
          title="Step: one step of a paused run"
          onClick={() => host.step(run.id)}
        >
          <ButtonFace icon="step" text="Step" />
        </Button>
        <Button
          class="secondary"
          disabled={!live}
          title="Stop: the run ends, what it did stays"
          onClick={() => host.stop(run.id)}
        >
          <ButtonFace icon="stop" text="Stop" />
        </Button>
        {(live || run.steps > 0) && <LrField key={run.id} run={run} />}
        <Button
          class="secondary"
          title="Debug this loss: step by step and back, breakpoints on conditions"
          onClick={() => host.debug(run.id)}
        >
          <ButtonFace icon="debug" text="Debug" />
        </Button>
        <Button
          title="Choose optimizer, learning rate and more, then run"
          onClick={() => host.configure(run.id)}
        >
          <ButtonFace icon="configure" text="Configure…" />
        </Button>
      </div>
    </div>
  );
}
