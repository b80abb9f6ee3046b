import type { RunError, RunView } from '../../src/protocol/panel';
import { useDashboard } from './context';
import { EditorLink } from './editorLink';

/** Why the run could not go on, and the place in the source. */
export function ErrorBox({ run, error }: { readonly run: RunView; readonly error: RunError }) {
  const { host } = useDashboard();
  const { location } = error;
  return (
    <section class="errorBox" role="alert" aria-label="The run failed">
      <span class="glyph error" aria-hidden="true">
        ✖
      </span>
      <div>
        <p class="message">{error.message}</p>
        {location !== null && (
          <EditorLink onClick={() => host.reveal(location)}>
            Show line {location.line}
            {location.file === run.location.file ? '' : ` of ${baseName(location.file)}`}
          </EditorLink>
        )}
        <code class="code">{error.code}</code>
      </div>
    </section>
  );
}

function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
