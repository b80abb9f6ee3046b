import type { RunView } from '../../src/protocol/panel';
import { useDashboard } from './context';
import { Icon } from './icon';
import { LrField } from './lrField';
import { Button } from './toolkit';

/** What can be done to the run. Buttons stay where they are; one that does not apply is disabled. */
export function Controls({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const live = run.status === 'running' || run.status === 'paused' || run.status === 'loading';
  return (
    <div class="controls" role="toolbar" aria-label="Run">
      {live ? (
        run.status === 'paused' ? (
          <Button appearance="primary" onClick={() => host.resume()}>
            <Icon name="run" slot="start" />
            Resume
          </Button>
        ) : (
          <Button appearance="primary" disabled={run.status === 'loading'} onClick={() => host.pause()}>
            <Icon name="pause" slot="start" />
            Pause
          </Button>
        )
      ) : (
        <Button
          appearance="primary"
          title="Run the loss as its source stands now"
          onClick={() => host.runAgain()}
        >
          <Icon name="run" slot="start" />
          Run again
        </Button>
      )}
      <Button disabled={run.status !== 'paused'} title="One step of a paused run" onClick={() => host.step()}>
        <Icon name="step" slot="start" />
        Step
      </Button>
      <Button disabled={!live} onClick={() => host.stop()}>
        <Icon name="stop" slot="start" />
        Stop
      </Button>
      <LrField key={run.id} run={run} />
      <Button onClick={() => host.configure()}>
        <Icon name="configure" slot="start" />
        Configure…
      </Button>
    </div>
  );
}
