import type { RunView } from '../../src/protocol/panel';
import { isLive } from '../state/isLive';
import { useDashboard } from './context';

/** Says that the text in the editor is not the one that the run loaded. */
export function EditedSource({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const { editedFiles } = run;
  if (editedFiles.length === 0) return null;
  const files = editedFiles.join(', ');
  const were = editedFiles.length === 1 ? 'was' : 'were';
  return (
    <p class="editedSource" role="status">
      <span aria-hidden="true">✎ </span>
      {files} {were} edited after this {run.training === null ? 'run' : 'training'} loaded{' '}
      {editedFiles.length === 1 ? 'it' : 'them'}.{' '}
      {isLive(run.status)
        ? `The ${run.training === null ? 'run' : 'training'} continues with the text that it loaded.`
        : `The ${run.training === null ? 'run' : 'recording'} shows the earlier text.`}{' '}
      {run.training === null && !isLive(run.status) && (
        <button type="button" class="editorLink" onClick={() => host.runAgain(run.id)}>
          Run the edited text
        </button>
      )}
    </p>
  );
}
