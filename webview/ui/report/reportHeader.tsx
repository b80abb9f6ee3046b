import { lineAfterFile } from '../../../src/core/sourceLocation';
import type { ReportView } from '../../../src/protocol/panel';
import { stepText } from '../../numberText';
import { ButtonFace } from '../buttonFace';
import { ConfigLine } from '../configLine';
import { useDashboard } from '../context';
import { EditorLink } from '../editorLink';
import { Progress } from '../progress';
import { RunHistory } from '../runHistory';
import { Button } from '../toolkit';

/** The analysis, its loss and its progress. */
export function ReportHeader({ view }: { readonly view: ReportView }) {
  const { host } = useDashboard();
  const [done, total] = view.progress;
  const { glyph, text } = statusText(view);
  return (
    <header class="header">
      <div class="headline">
        <h1 title={view.title}>{view.title}</h1>
        <RunHistory />
      </div>
      <p class="subject">
        <strong>{view.lossName}</strong>{' '}
        <EditorLink title="Show the loss in the editor" onClick={() => host.reveal(view.location)}>
          {view.file}:{lineAfterFile(view.location)}
        </EditorLink>
      </p>
      <ConfigLine config={view.config} />
      <div class="statusLine">
        <span class={`status ${view.status}`} role="status">
          <span aria-hidden="true">{glyph}</span> {text}
        </span>
        {view.status === 'running' && (
          <>
            <Progress label="Runs done" done={done} total={total} />
            <Button title="Stop: the runs that are left are not made" onClick={() => host.stop(view.id)}>
              <ButtonFace icon="stop" text="Stop" />
            </Button>
          </>
        )}
      </div>
    </header>
  );
}

function statusText({ status, progress: [done, total] }: ReportView): {
  readonly glyph: string;
  readonly text: string;
} {
  const of = `${stepText(done)} of ${stepText(total)} ${total === 1 ? 'run' : 'runs'}`;
  switch (status) {
    case 'running':
      return { glyph: '●', text: total === 0 ? 'Preparing' : of };
    case 'finished':
      return { glyph: '■', text: `Finished, ${stepText(done)} ${done === 1 ? 'run' : 'runs'}` };
    case 'failed':
      return { glyph: '✖', text: done > 0 ? `Failed after ${of}` : 'Failed' };
    case 'stopped':
      return { glyph: '■', text: `Stopped by you after ${of}` };
  }
}
