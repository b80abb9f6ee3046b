import type { RunView } from '../../src/protocol/panel';
import { recordedIn } from '../state/coordinateNames';
import { isLive } from '../state/isLive';
import { ChartGrid } from './chartGrid';
import { useDashboard } from './context';
import { Controls } from './controls';
import { CoordinateBar } from './coordinateBar';
import { EmptyState, LoadingState } from './emptyState';
import { ErrorBox } from './errorBox';
import { ExplanationPanel } from './explain/explanationPanel';
import { Findings } from './findings';
import { Header } from './header';
import { Inspector } from './inspector';
import { Notice } from './notice';
import { PhaseBand } from './phaseBand';
import { Ranks } from './ranks';
import { ReportPage } from './report/reportPage';
import { useStepKeys } from './stepKeys';
import { TensorsCard } from './training/tensorsCard';
import { TrainingControls } from './training/trainingControls';
import { useChartedRun } from './useChartedRun';
import { Verdict } from './verdict';

/**
 * The page, in the order of a reader's questions: did the run succeed, if not why, and what did the optimizer
 * do.
 */
export function App() {
  const dashboard = useDashboard();
  const run = dashboard.run.value;
  const report = dashboard.report.value;
  useStepKeys();
  return (
    <main>
      <Notice />
      {report !== null && <ReportPage key={report.id} view={report} />}
      {report === null && run === undefined && <LoadingState />}
      {report === null && run === null && <EmptyState />}
      {report === null && run && (
        <>
          <Header run={run} />
          {run.training === null ? <Controls run={run} /> : <TrainingControls run={run} />}
          {run.verdict !== null && <Verdict run={run} verdict={run.verdict} />}
          {run.error !== null && (
            <ErrorBox error={run.error} file={run.location.file} about="run" severity="error" />
          )}
          {run.warnings.map((warning) => (
            <ErrorBox
              key={warning.code}
              error={warning}
              file={run.location.file}
              about="run"
              severity="warning"
            />
          ))}
          {run.findings.length > 0 && <Findings run={run} />}
          <Results run={run} />
        </>
      )}
    </main>
  );
}

/** Charts and values. A run that ended without a step shows none; the reason is shown above. */
function Results({ run }: { readonly run: RunView }) {
  const charted = useChartedRun(run);
  if (charted === null)
    return isLive(run.status) ? <p class="waiting">The charts come with the first step.</p> : null;
  const hasSteps = run.steps > 0;
  return (
    <>
      {recordedIn(charted).length > 0 && <CoordinateBar run={charted} />}
      {hasSteps && run.training !== null && (
        <TensorsCard key={`tensors ${run.id}`} run={run} training={run.training} />
      )}
      {hasSteps && run.hasBands && <Ranks key={`ranks ${run.id}`} run={run} />}
      <ChartGrid run={charted} isEmpty={!hasSteps} />
      {hasSteps && (
        <>
          {run.training === null && <PhaseBand run={run} />}
          <Inspector key={run.id} run={run} />
          {run.training === null && <ExplanationPanel key={`explanation ${run.id}`} run={run} />}
        </>
      )}
    </>
  );
}
