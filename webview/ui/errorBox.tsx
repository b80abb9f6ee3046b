import { lineInWords } from '../../src/core/sourceLocation';
import type { RunError } from '../../src/protocol/panel';
import { severityGlyph } from '../charts/severityGlyph';
import { useDashboard } from './context';
import { EditorLink } from './editorLink';

interface ErrorBoxProps {
  readonly error: RunError;
  /** The file of the run or report, whose name need not be repeated. */
  readonly file: string;
  /** "run" or "report" */
  readonly about: string;
  /** An error ended the run or report, a warning did not. */
  readonly severity: 'error' | 'warning';
}

/** A problem of the run or report itself, and its place in the source. */
export function ErrorBox({ error, file, about, severity }: ErrorBoxProps) {
  const { host } = useDashboard();
  const { location } = error;
  return (
    <section
      class={`errorBox ${severity}`}
      role={severity === 'error' ? 'alert' : 'status'}
      aria-label={severity === 'error' ? `The ${about} failed` : `Warning about the ${about}`}
    >
      <span class={`glyph ${severity}`} aria-hidden="true">
        {severityGlyph[severity]}
      </span>
      <div>
        <p class="message">{error.message}</p>
        {location !== null && (
          <EditorLink onClick={() => host.reveal(location)}>
            Show {lineInWords(location)}
            {location.file === file ? '' : ` of ${baseName(location.file)}`}
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
