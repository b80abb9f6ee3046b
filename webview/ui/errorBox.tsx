import type { RunError, RunView } from '../../src/protocol/panel';
import { severityGlyph } from '../charts/severityGlyph';
import { useDashboard } from './context';
import { EditorLink } from './editorLink';

interface ErrorBoxProps {
  readonly run: RunView;
  readonly error: RunError;
  /** An error ended the run, a warning did not. */
  readonly severity: 'error' | 'warning';
}

/** What went wrong with the run itself, and the place in the source. */
export function ErrorBox({ run, error, severity }: ErrorBoxProps) {
  const { host } = useDashboard();
  const { location } = error;
  return (
    <section
      class={`errorBox ${severity}`}
      role={severity === 'error' ? 'alert' : 'status'}
      aria-label={severity === 'error' ? 'The run failed' : 'Warning about the run'}
    >
      <span class={`glyph ${severity}`} aria-hidden="true">
        {severityGlyph[severity]}
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
