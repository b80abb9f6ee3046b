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
  const share = run.plannedSteps > 0 ? Math.min(1, run.steps / run.plannedSteps) : 0;
  return (
    <header class="header">
      <div class="headline">
        <h1 title={run.lossName}>{run.lossName}</h1>
        <EditorLink title="Show the loss in the editor" onClick={() => host.reveal(run.location)}>
          {run.file}:{run.location.line}
        </EditorLink>
        <RunHistory />
      </div>
      <p class="config">
        {run.config.map(([key, value]) => (
          <span key={key}>
            <span class="key">{key}</span> {value}
          </span>
        ))}
        <span>
          <span class="key">gradient</span> {run.gradientMode}
        </span>
        <span>
          <span class="key">seed</span> {run.seed}
        </span>
      </p>
      <div class="statusLine">
        <span class={`status ${run.status}`} role="status">
          <span aria-hidden="true">{status.glyph}</span> {status.text}
        </span>
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
        <LossNow run={run} />
      </div>
    </header>
  );
}

function LossNow({ run }: { readonly run: RunView }) {
  const { scalars } = run;
  const [loss, best, bestStep] = [
    scalars[scalarPlaces.lossNow] ?? Number.NaN,
    scalars[scalarPlaces.bestLoss] ?? Number.NaN,
    scalars[scalarPlaces.bestStep] ?? Number.NaN,
  ];
  if (run.steps === 0) return <span class="lossNow" />;
  return (
    <span class="lossNow">
      loss <strong>{shortNumber(loss)}</strong>
      {Number.isFinite(best) && (
        <span>
          {' '}
          · best <strong>{shortNumber(best)}</strong>
          {Number.isFinite(bestStep) && ` at ${stepText(bestStep)}`}
        </span>
      )}
    </span>
  );
}
