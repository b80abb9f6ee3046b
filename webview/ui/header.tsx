import { type RunView, scalarPlaces } from '../../src/protocol/panel';
import { shortNumber, stepText } from '../numberText';
import { useDashboard } from './context';
import { EditorLink } from './editorLink';
import { RunHistory } from './runHistory';
import { statusText } from './statusText';

/** What ran, how, and how far it is. */
export function Header({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const status = statusText(run);
  const live = run.status === 'running' || run.status === 'paused' || run.status === 'loading';
  return (
    <header class="header">
      <div class="headline">
        <h1 title={run.lossName}>{run.lossName}</h1>
        <EditorLink title="Show the loss in the editor" onClick={() => host.reveal(run.location)}>
          {run.file}:{run.location.line}
        </EditorLink>
        <RunHistory />
      </div>
      <ConfigLine run={run} />
      <div class="statusLine">
        <span class={`status ${run.status}`} role="status">
          <span aria-hidden="true">{status.glyph}</span> {status.text}
        </span>
        {(run.steps > 0 || live) && <Progress run={run} />}
        <LossNow run={run} />
      </div>
    </header>
  );
}

/** Words that lead the line need no key before them; what may be long stands last, where the line is cut. */
const leading = 'optimizer';
const trailing: ReadonlySet<string> = new Set(['start', 'names']);

/** The configuration in one line; the hover has all of it. */
function ConfigLine({ run }: { readonly run: RunView }) {
  const pairs: (readonly [string, string])[] = [
    ...run.config.filter(([key]) => key === leading),
    ...run.config.filter(([key]) => key !== leading && !trailing.has(key)),
    ...(run.gradientMode === '' ? [] : [['gradient', run.gradientMode] as const]),
    ['seed', String(run.seed)],
    ...run.config.filter(([key]) => trailing.has(key)),
  ];
  return (
    <p class="config" title={pairs.map(([key, value]) => `${key} ${value}`).join('\n')}>
      {pairs.map(([key, value], i) => (
        <span key={key}>
          {i > 0 && <span class="dot"> · </span>}
          {key !== leading && <span class="key">{key} </span>}
          {value}
        </span>
      ))}
    </p>
  );
}

function Progress({ run }: { readonly run: RunView }) {
  const share = run.plannedSteps > 0 ? Math.min(1, run.steps / run.plannedSteps) : 0;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label="Steps done"
      aria-valuemin={0}
      aria-valuemax={run.plannedSteps}
      aria-valuenow={run.steps}
    >
      <div class="progressDone" style={{ width: `${share * 100}%` }} />
    </div>
  );
}

function LossNow({ run }: { readonly run: RunView }) {
  const { scalars } = run;
  const [loss, best, bestStep] = [
    scalars[scalarPlaces.lossNow] ?? Number.NaN,
    scalars[scalarPlaces.bestLoss] ?? Number.NaN,
    scalars[scalarPlaces.bestStep] ?? Number.NaN,
  ];
  if (run.steps === 0) return null;
  // The best of the steps may lie above the loss at the end: of mini-batches each step sees another loss.
  const hasBest = Number.isFinite(best) && !(loss < best);
  return (
    <span class="lossNow">
      loss <strong>{shortNumber(loss)}</strong>
      {hasBest && (
        <span>
          {' '}
          · best <strong>{shortNumber(best)}</strong>
          {Number.isFinite(bestStep) && ` at ${stepText(bestStep)}`}
        </span>
      )}
    </span>
  );
}
