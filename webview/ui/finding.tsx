import { useId, useState } from 'preact/hooks';
import { lineAfterFile, lineInWords } from '../../src/core/sourceLocation';
import type { FindingView, RunView } from '../../src/protocol/panel';
import { styleCount } from '../charts/lineStyle';
import { severityGlyph } from '../charts/severityGlyph';
import { stepText } from '../numberText';
import { nameIn, recordedIn } from '../state/coordinateNames';
import { isLive } from '../state/isLive';
import { useDashboard } from './context';
import { EditorLink } from './editorLink';
import { FixList } from './fixList';
import { unrecordedTitle } from './ranks';
import { TryHere } from './training/tryHere';

interface FindingProps {
  readonly run: RunView;
  readonly finding: FindingView;
}

/** One finding: its headline, places and fixes. Detail, advice and evidence open on demand. */
export function Finding({ run, finding }: FindingProps) {
  const dashboard = useDashboard();
  const { host } = dashboard;
  const { location, coordinates, severity, code, evidence, fixesNote } = finding;
  const [open, setOpen] = useState(false);
  const details = useId();
  const { headline, detail, advice, origin } = finding;
  const recorded = coordinates.filter((coordinate) => recordedIn(run).has(coordinate));
  return (
    <li class={`finding ${severity}`}>
      <span class={`glyph ${severity}`} role="img" aria-label={severity} title={severity}>
        {severityGlyph[severity]}
      </span>
      <div class="findingBody">
        <div class="findingMain">
          <p class="findingHeadline">{headline}</p>
          <p class="facts">
            <span class="code">{code}</span>
            <EditorLink
              title={
                run.training === null
                  ? 'Move the step cursor there and explain the update'
                  : 'Move the step cursor there'
              }
              onClick={() => {
                dashboard.focus.moveCursor(finding.steps[0]);
                dashboard.explain(recorded[0]);
              }}
            >
              {stepsText(finding.steps)}
            </EditorLink>
            {location !== null && (
              <EditorLink
                title={`Show ${location.file}:${lineAfterFile(location)}`}
                onClick={() => host.reveal(location)}
              >
                {lineInWords(location)}
              </EditorLink>
            )}
            {recorded.length > 0 ? (
              <EditorLink
                title="Show these coordinates alone in the charts"
                onClick={() => dashboard.showOnly(recorded)}
              >
                {coordinatesText(run, finding)}
              </EditorLink>
            ) : (
              coordinates.length > 0 &&
              (isLive(run.status) || run.training !== null ? (
                <span>{coordinatesText(run, finding)}</span>
              ) : (
                <EditorLink
                  title={unrecordedTitle(run, nameOf(run, coordinates[0]!))}
                  onClick={() => dashboard.pick(coordinates[0]!, styleCount)}
                >
                  {coordinatesText(run, finding)}
                </EditorLink>
              ))
            )}
            <button
              type="button"
              class="editorLink"
              aria-expanded={open}
              aria-controls={open ? details : undefined}
              title={open ? 'Show only the headline' : 'Show the cause, the advice and the evidence'}
              onClick={() => setOpen(!open)}
            >
              {open ? 'Less' : 'Details'}
            </button>
            <EditorLink title={`What ${code} means and what to do`} onClick={() => host.explain(code)}>
              Why?
            </EditorLink>
          </p>
          {open && (
            <div class="findingDetails" id={details}>
              <p>{detail}</p>
              {origin !== null && <p>{origin}</p>}
              <p>{advice}</p>
              {evidence.length > 0 && (
                <dl class="evidence">
                  {evidence.map(([name, value]) => (
                    <div key={name}>
                      <dt>{name}</dt>
                      <dd>{value}</dd>
                    </div>
                  ))}
                </dl>
              )}
            </div>
          )}
          {finding.replay !== null && <TryHere run={run} findingId={finding.id} replay={finding.replay} />}
          {fixesNote !== null && <p class="fixesNote">{fixesNote}</p>}
        </div>
        {finding.fixes.length > 0 && <FixList run={run} of={finding} />}
      </div>
    </li>
  );
}

function stepsText([first, last]: readonly [number, number]): string {
  return first === last ? `step ${stepText(first)}` : `steps ${stepText(first)} to ${stepText(last)}`;
}

function nameOf(run: RunView, coordinate: number): string {
  return nameIn(run, coordinate);
}

function coordinatesText(run: RunView, { coordinates, coordinateCount }: FindingView): string {
  const named = coordinates.slice(0, 4).map((coordinate) => nameOf(run, coordinate));
  const more = coordinateCount - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
