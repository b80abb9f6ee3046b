import { useId, useState } from 'preact/hooks';
import type { RunView, VerdictView } from '../../src/protocol/panel';
import { severityGlyph } from '../charts/severityGlyph';
import { exactNumber, shortNumber, stepText } from '../numberText';
import { nameIn } from '../state/coordinateNames';
import { useDashboard } from './context';
import { FixList } from './fixList';

interface VerdictProps {
  readonly run: RunView;
  readonly verdict: VerdictView;
}

/** How a kind of verdict is shown: a glyph, and the class of its colour. */
const marks: { readonly [K in VerdictView['kind']]: { readonly glyph: string; readonly tone: string } } = {
  converged: { glyph: '✔', tone: 'good' },
  'still-improving': { glyph: '↘', tone: 'info' },
  stalled: { glyph: severityGlyph.warning, tone: 'warning' },
  unstable: { glyph: severityGlyph.warning, tone: 'warning' },
  unbounded: { glyph: severityGlyph.warning, tone: 'warning' },
  diverged: { glyph: severityGlyph.error, tone: 'error' },
  broken: { glyph: severityGlyph.error, tone: 'error' },
};

/** How the run ended, and the parameters at its lowest loss. */
export function Verdict({ run, verdict }: VerdictProps) {
  const { kind, headline, detail, certainty, fixes, fixesNote } = verdict;
  const { glyph, tone } = marks[kind];
  const [open, setOpen] = useState(false);
  const details = useId();
  return (
    <section class={`verdict ${tone}`} aria-label="Verdict">
      <span class={`glyph ${tone}`} role="img" aria-label={kind} title={kind}>
        {glyph}
      </span>
      <div class="verdictBody">
        <p class="verdictHeadline">
          {headline}{' '}
          {certainty < 1 && (
            <span
              class="certainty"
              title="Estimate from labelled runs: how often a verdict of this kind is right"
            >
              {shortNumber(100 * certainty)} % certain
            </span>
          )}{' '}
          <button
            type="button"
            class="editorLink verdictMore"
            aria-expanded={open}
            aria-controls={open ? details : undefined}
            title={open ? 'Show only the verdict' : 'Show the evidence for the verdict'}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Less' : 'Details'}
          </button>
        </p>
        {open && (
          <div id={details}>
            <p class="verdictDetail">{detail}</p>
            {fixesNote !== null && <p class="fixesNote">{fixesNote}</p>}
          </div>
        )}
        {/* The start is known: it says nothing about the run. */}
        {verdict.fittedAt > 0 && <Fitted run={run} verdict={verdict} />}
        {fixes.length > 0 && <FixList run={run} of={verdict} />}
      </div>
    </section>
  );
}

function Fitted({ run, verdict: { fitted, fittedAt, isBestLucky } }: VerdictProps) {
  const { host } = useDashboard();
  const more = run.dim - fitted.length;
  const single = isBestLucky ? 'single ' : '';
  const best = run.maximizes ? `highest ${single}objective` : `lowest ${single}loss`;
  return (
    <p class="fitted">
      <span class="fittedWhere">
        {best[0]!.toUpperCase() + best.slice(1)} after step {stepText(fittedAt)}:
      </span>
      {[...fitted].map((value, i) => (
        <span key={nameIn(run, i)}>
          {nameIn(run, i)} = <strong>{exactNumber(value)}</strong>
        </span>
      ))}
      {more > 0 && <span>and {stepText(more)} more</span>}
      <button
        type="button"
        class="smallButton lowButton"
        title={`Copy all parameters at the ${best} as a JSON array`}
        onClick={() => host.copyFitted(run.id)}
      >
        Copy parameters
      </button>
    </p>
  );
}
