import type { RunView } from '../../../src/protocol/panel';
import { isLive } from '../../state/isLive';
import { ButtonFace } from '../buttonFace';
import { useDashboard } from '../context';
import { Button } from '../toolkit';

/** What can be done with the recording of a training. */
export function TrainingControls({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  return (
    <div class="controls" role="toolbar" aria-label="Recording">
      <div class="controlRow followRow">
        {isLive(run.status) && (
          <Button
            title="Stop following: what is recorded from now on is not shown. The training continues."
            onClick={() => host.stop(run.id)}
          >
            <ButtonFace icon="stop" text="Stop following" />
          </Button>
        )}
        <Button
          title="Debug: the recorded steps one by one and back, and stops at conditions"
          onClick={() => host.debug(run.id)}
        >
          <ButtonFace icon="debug" text="Debug" />
        </Button>
      </div>
    </div>
  );
}
