import type { RunView } from '../../../src/protocol/panel';
import { isLive } from '../../state/isLive';
import { ButtonFace } from '../buttonFace';
import { useDashboard } from '../context';
import { Button } from '../toolkit';

/** What can be done with the recording of a training: nothing of it runs here. */
export function TrainingControls({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  if (!isLive(run.status)) return null;
  return (
    <div class="controls" role="toolbar" aria-label="Recording">
      <div class="controlRow followRow">
        <Button
          title="Stop following: what is recorded from now on is not shown. The training continues."
          onClick={() => host.stop(run.id)}
        >
          <ButtonFace icon="stop" text="Stop following" />
        </Button>
      </div>
    </div>
  );
}
