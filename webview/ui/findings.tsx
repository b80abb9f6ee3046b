import type { FindingView, RunView } from '../../src/protocol/panel';
import { severityGlyph } from '../charts/severityGlyph';
import { stepText } from '../numberText';
import { useDashboard } from './context';
import { EditorLink } from './editorLink';
import { Button } from './toolkit';

/** What is wrong, where, and what to change. */
export function Findings({ run }: { readonly run: RunView }) {
  return (
    <section class="findings" aria-label="Findings">
      <ul>
        {run.findings.map((finding, index) => (
          <Finding key={`${finding.code} ${finding.steps[0]}`} run={run} finding={finding} index={index} />
        ))}
      </ul>
    </section>
  );
}

interface FindingProps {
  readonly run: RunView;
  readonly finding: FindingView;
  readonly index: number;
}

function Finding({ run, finding, index }: FindingProps) {
  const dashboard = useDashboard();
  const { host } = dashboard;
  const { location, coordinates, severity } = finding;
  return (
    <li class={`finding ${severity}`}>
      <span class={`glyph ${severity}`} role="img" aria-label={severity} title={severity}>
        {severityGlyph[severity]}
      </span>
      <div class="findingBody">
        <p class="message">
          <strong class="code">{finding.code}</strong> {finding.message}
        </p>
        <p class="facts">
          <EditorLink
            title="Move the step cursor there"
            onClick={() => dashboard.moveCursor(finding.steps[0])}
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
          {finding.evidence.map(([name, value]) => (
            <span key={name}>
              {name} {value}
            </span>
          ))}
          <EditorLink
            title={`What ${finding.code} means, and what helps`}
            onClick={() => host.explain(finding.code)}
          >
            Why?
          </EditorLink>
        </p>
        {finding.fixes.map((fix, at) => (
          <div class="fix" key={fix.title}>
            <span class="fixTitle" title={fix.detail}>
              {fix.title}
            </span>
            <Button
              title={`Run again with ${fix.detail}; the source stays as it is`}
              onClick={() => host.runWithFix(index, at)}
            >
              Run with it
            </Button>
            <Button title={`Write ${fix.detail} above the loss`} onClick={() => host.applyFix(index, at)}>
              Write to annotation
            </Button>
          </div>
        ))}
      </div>
    </li>
  );
}

function stepsText([first, last]: readonly [number, number]): string {
  return first === last ? `step ${stepText(first)}` : `steps ${stepText(first)} to ${stepText(last)}`;
}

function coordinatesText(run: RunView, coordinates: readonly number[]): string {
  const named = coordinates.slice(0, 4).map((coordinate) => run.names[coordinate] ?? `[${coordinate}]`);
  const more = coordinates.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
