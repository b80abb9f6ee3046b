import type { RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { FindingView, RunView } from '../../src/protocol/panel';
import { severityGlyph } from '../charts/severityGlyph';
import { stepText } from '../numberText';
import { useDashboard } from './context';
import { EditorLink } from './editorLink';

/** So many are listed at first: the charts must not leave the screen. */
const listed = 2;

/** What is wrong, where, and what to change. */
export function Findings({ run }: { readonly run: RunView }) {
  const [all, setAll] = useState(false);
  const more = run.findings.length - listed;
  return (
    <section class="findings" aria-label="Findings">
      <ul>
        {run.findings.slice(0, all ? undefined : listed).map((finding, index) => (
          <Finding key={`${finding.code} ${finding.steps[0]}`} run={run} finding={finding} index={index} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="chip" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer findings' : `${more} more ${more === 1 ? 'finding' : 'findings'}`}
        </button>
      )}
    </section>
  );
}

interface FindingProps {
  readonly run: RunView;
  readonly finding: FindingView;
  readonly index: number;
}

/** The message cut to a few lines, its places, and the fixes; the whole message and the evidence open on demand. */
function Finding({ run, finding, index }: FindingProps) {
  const dashboard = useDashboard();
  const { host } = dashboard;
  const { location, coordinates, severity, code } = finding;
  const [open, setOpen] = useState(false);
  const details = useId();
  const message = useRef<HTMLParagraphElement>(null);
  const cut = useIsCut(message, open);
  return (
    <li class={`finding ${severity}`}>
      <span class={`glyph ${severity}`} role="img" aria-label={severity} title={severity}>
        {severityGlyph[severity]}
      </span>
      <div class="findingBody">
        <p ref={message} class={open ? 'message' : 'message cut'} title={cut ? finding.message : undefined}>
          <strong class="code">{code}</strong> {finding.message}
        </p>
        {open && finding.evidence.length > 0 && (
          <dl class="evidence" id={details}>
            {finding.evidence.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt> <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        <p class="facts">
          <EditorLink
            title="Move the step cursor there"
            onClick={() => dashboard.focus.moveCursor(finding.steps[0])}
          >
            {stepsText(finding.steps)}
          </EditorLink>
          {location !== null && (
            <EditorLink
              title={`Show ${location.file}:${location.line}`}
              onClick={() => host.reveal(location)}
            >
              line {location.line}
            </EditorLink>
          )}
          {coordinates.length > 0 && <span>{coordinatesText(run, coordinates)}</span>}
          {(cut || open || finding.evidence.length > 0) && (
            <button
              type="button"
              class="editorLink"
              aria-expanded={open}
              aria-controls={open ? details : undefined}
              title={open ? 'Only the beginning' : 'The whole message and the numbers behind it'}
              onClick={() => setOpen(!open)}
            >
              {open ? 'Less' : 'Details'}
            </button>
          )}
          <EditorLink title={`What ${code} means, and what helps`} onClick={() => host.explain(code)}>
            Why?
          </EditorLink>
          {finding.fixesNote !== null && <span role="status">{finding.fixesNote}</span>}
        </p>
        {finding.fixes.length > 0 && (
          <ul class="fixes" aria-label="Fixes">
            {finding.fixes.map((fix, at) => (
              <li class="fix" key={fix.title}>
                <span class="fixTitle" title={fix.detail}>
                  {fix.title}
                </span>
                <span class="fixOutcome" title="Its least loss, and at which step">
                  {fix.outcome ?? 'not tried'}
                </span>
                <button
                  type="button"
                  class="smallButton"
                  aria-label={`Run again with ${fix.title}`}
                  title={`Run again with ${fix.detail}; the source stays as it is`}
                  onClick={() => host.runWithFix(index, at)}
                >
                  Run
                </button>
                <button
                  type="button"
                  class="smallButton"
                  aria-label={`Write ${fix.title} to the annotation`}
                  title={`Write ${fix.detail} above the loss`}
                  onClick={() => host.applyFix(index, at)}
                >
                  Write
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

/** Whether the text has more lines than are shown, followed as the panel is resized. */
function useIsCut(text: RefObject<HTMLElement | null>, open: boolean): boolean {
  const [cut, setCut] = useState(false);
  useEffect(() => {
    const element = text.current;
    if (element === null || open) return;
    const observer = new ResizeObserver(() => setCut(element.scrollHeight > element.clientHeight + 1));
    observer.observe(element);
    return () => observer.disconnect();
  }, [text, open]);
  return cut;
}

function stepsText([first, last]: readonly [number, number]): string {
  return first === last ? `step ${stepText(first)}` : `steps ${stepText(first)} to ${stepText(last)}`;
}

function coordinatesText(run: RunView, coordinates: readonly number[]): string {
  const named = coordinates.slice(0, 4).map((coordinate) => run.names[coordinate] ?? `[${coordinate}]`);
  const more = coordinates.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
