import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { FindingView, RunView } from '../../src/protocol/panel';
import { type Severity, severityGlyph } from '../charts/severityGlyph';
import { Finding } from './finding';
import { Progress } from './progress';

const alarming: readonly Severity[] = ['error', 'warning'];

/** The findings, the most severe first. Findings of severity info are shown on demand. */
export function Findings({ run }: { readonly run: RunView }) {
  const [notesShown, setNotesShown] = useState(false);
  const notesId = useId();
  const of = (severity: Severity) => run.findings.filter((finding) => finding.severity === severity);
  const alarms = alarming.flatMap(of);
  const notes = of('info');
  const isTrying = run.verification.status === 'running';
  return (
    <section class="findings" aria-label="Findings">
      {(alarms.length > 1 || notes.length > 0 || isTrying) && (
        <div class="findingsHead">
          <span class="counts">
            {alarming.map((severity) => (
              <Count key={severity} severity={severity} count={of(severity).length} />
            ))}
            {notes.length > 0 && (
              <button
                type="button"
                class="chip notesChip"
                aria-expanded={notesShown}
                aria-controls={notesShown ? notesId : undefined}
                title={notesShown ? 'Hide findings of severity info' : 'Show findings of severity info'}
                onClick={() => setNotesShown(!notesShown)}
              >
                <Count severity="info" count={notes.length} />
                <span aria-hidden="true">{notesShown ? '▴' : '▾'}</span>
              </button>
            )}
          </span>
          {isTrying && <Trying verification={run.verification} />}
        </div>
      )}
      {alarms.length + (notesShown ? notes.length : 0) > 0 && (
        <ScrollList>
          {alarms.length > 0 && <List run={run} findings={alarms} />}
          {notesShown && (
            <div id={notesId}>
              <List run={run} findings={notes} />
            </div>
          )}
        </ScrollList>
      )}
    </section>
  );
}

function List({ run, findings }: { readonly run: RunView; readonly findings: readonly FindingView[] }) {
  return (
    <ul>
      {findings.map((finding) => (
        <Finding key={finding.id} run={run} finding={finding} />
      ))}
    </ul>
  );
}

const nouns: { readonly [S in Severity]: string } = { error: 'error', warning: 'warning', info: 'note' };

function counted(count: number, severity: Severity): string {
  return `${count} ${nouns[severity]}${count === 1 ? '' : 's'}`;
}

function Count({ severity, count }: { readonly severity: Severity; readonly count: number }) {
  if (count === 0) return null;
  return (
    <span>
      <span class={`glyph ${severity}`} aria-hidden="true">
        {severityGlyph[severity]}
      </span>
      {counted(count, severity)}
    </span>
  );
}

/** The progress of trying fixes. */
function Trying({ verification: { done, total } }: { readonly verification: RunView['verification'] }) {
  return (
    <span class="trying">
      <span role="status">{total > 0 ? `Trying fixes… ${done} of ${total} runs` : 'Trying fixes…'}</span>
      {total > 0 && <Progress label="Runs done to try the fixes" done={done} total={total} />}
    </span>
  );
}

/** A long list of findings scrolls, so that it does not hide the charts, and fades out if there are more. */
function ScrollList({ children }: { readonly children: ComponentChildren }) {
  const list = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = () => setMore(element.scrollTop + element.clientHeight < element.scrollHeight - 1);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const part of element.children) observer.observe(part);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  return (
    <div ref={list} class={more ? 'findingsList moreBelow' : 'findingsList'}>
      {children}
    </div>
  );
}
