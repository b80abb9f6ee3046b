import { lineAfterFile } from '../../src/core/sourceLocation';
import { type RunView, scalarPlaces, type TrainingView } from '../../src/protocol/panel';
import { shortNumber, stepText } from '../numberText';
import { isLive } from '../state/isLive';
import { ConfigLine, type Fact } from './configLine';
import { useDashboard } from './context';
import { EditedSource } from './editedSource';
import { EditorLink } from './editorLink';
import { OutlookChip } from './outlookChip';
import { Progress } from './progress';
import { RunHistory } from './runHistory';
import { statusText } from './statusText';
import { Term } from './term';

const gradientWords: { readonly [M in NonNullable<RunView['gradientMode']>]: string } = {
  exact: 'exact',
  provided: 'provided',
  'finite-difference': 'finite differences',
};

/** "finite differences, relative accuracy about 4e-5, because …", "exact, torch autograd" */
function gradientLabel(
  { gradientBy, gradientAccuracy }: RunView,
  mode: NonNullable<RunView['gradientMode']>,
) {
  return [gradientWords[mode], gradientBy, gradientAccuracy].filter((part) => part !== null).join(', ');
}

/** The way of the gradient, which links to its explanation. */
function gradientFact(run: RunView, mode: NonNullable<RunView['gradientMode']>): Fact {
  const label = gradientLabel(run, mode);
  const help = run.gradientHelp;
  if (help === null) return ['gradient', label];
  return [
    'gradient',
    label,
    <Term key="gradient" term={help.term} formula={help.text}>
      {label}
    </Term>,
  ];
}

/** How a loss is evaluated. */
function evaluationFacts(run: RunView): Fact[] {
  return [
    ...(run.gradientMode === null ? [] : [gradientFact(run, run.gradientMode)]),
    ['seed', String(run.seed)],
  ];
}

/** The options of each parameter group of a training. */
function groupFacts({ groups }: TrainingView): (readonly [string, string])[] {
  return groups.map((options, i) => [
    `group ${i + 1}`,
    options.map(([name, value]) => `${name}=${value}`).join(' '),
  ]);
}

/** The loss, the configuration and the progress of the run. */
export function Header({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const status = statusText(run);
  const live = isLive(run.status);
  return (
    <header class="header">
      <div class="headline">
        <h1 title={run.lossName}>{run.lossName}</h1>
        <EditorLink
          title={run.training === null ? 'Show the loss in the editor' : 'Show the script in the editor'}
          onClick={() => host.reveal(run.location)}
        >
          {run.file}:{lineAfterFile(run.location)}
        </EditorLink>
        <RunHistory />
      </div>
      <ConfigLine
        config={run.config}
        more={run.training === null ? evaluationFacts(run) : []}
        inTooltip={[...(run.training === null ? [] : groupFacts(run.training)), ...run.environment]}
      />
      <EditedSource run={run} />
      <div class="statusLine">
        <span class={`status ${run.status}`} role="status">
          <span aria-hidden="true">{status.glyph}</span> {status.text}
        </span>
        {run.sweep !== null && <BackToSweep id={run.sweep} />}
        <OutlookChip run={run} />
        {run.training === null && (run.steps > 0 || live) && (
          <Progress label="Steps done" done={run.steps} total={run.plannedSteps} />
        )}
        {run.training !== null && live && <span class="muted">following the file</span>}
        <LossNow run={run} />
      </div>
    </header>
  );
}

function BackToSweep({ id }: { readonly id: string }) {
  const { host } = useDashboard();
  return (
    <button
      type="button"
      class="smallButton"
      title="Show the sweep that this run is part of"
      onClick={() => host.selectRun(id)}
    >
      Back to the sweep
    </button>
  );
}

function LossNow({ run }: { readonly run: RunView }) {
  const { scalars } = run;
  const final = scalars[scalarPlaces.finalLoss] ?? Number.NaN;
  const isFinal = !Number.isNaN(final);
  const [loss, best, bestStep] = [
    isFinal ? final : (scalars[scalarPlaces.lossNow] ?? Number.NaN),
    scalars[scalarPlaces.bestLoss] ?? Number.NaN,
    scalars[scalarPlaces.bestStep] ?? Number.NaN,
  ];
  if (run.steps === 0) return null;
  // The best loss of the steps may be above the final loss, because with mini-batches the steps evaluate
  // different losses.
  const hasBest = Number.isFinite(best) && !(run.maximizes ? loss > best : loss < best);
  return (
    <span
      class="lossNow"
      title={isFinal ? `After step ${stepText(run.steps)}` : `Before step ${stepText(run.steps)}`}
    >
      {isFinal ? 'final ' : ''}
      {run.maximizes ? 'objective' : 'loss'}
      {isFinal ? '' : ' before'} <strong>{shortNumber(loss)}</strong>
      {hasBest && (
        <span>
          {' '}
          · {run.training !== null ? 'lowest recorded' : run.verdict?.isBestLucky ? 'best single' : 'best'}{' '}
          <strong>{shortNumber(best)}</strong>
          {Number.isFinite(bestStep) && ` at t = ${stepText(bestStep)}`}
        </span>
      )}
    </span>
  );
}
