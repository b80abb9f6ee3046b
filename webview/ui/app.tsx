import type { RunView } from '../../src/protocol/panel';
import { useStore } from '../state/useStore';
import { ChartGrid } from './chartGrid';
import { useDashboard } from './context';
import { Controls } from './controls';
import { CoordinateBar } from './coordinateBar';
import { EmptyState, LoadingState } from './emptyState';
import { ErrorBox } from './errorBox';
import { Findings } from './findings';
import { Header } from './header';
import { Inspector } from './inspector';
import { Notice } from './notice';

/** The page, in the order of a reader's questions: did it work, why not, what did the optimizer do. */
export function App() {
  const dashboard = useDashboard();
  const run = useStore(dashboard.run);
  return (
    <main>
      <Notice />
      {run === undefined && <LoadingState />}
      {run === null && <EmptyState />}
      {run && (
        <>
          <Header run={run} />
          <Controls run={run} />
          {run.error !== null && <ErrorBox run={run} error={run.error} severity="error" />}
          {run.warnings.map((warning) => (
            <ErrorBox key={warning.code} run={run} error={warning} severity="warning" />
          ))}
          {run.findings.length > 0 && <Findings run={run} />}
          <Results run={run} />
        </>
      )}
    </main>
  );
}

/** Charts and values; of a run without any there is nothing to show, and why stands above. */
function Results({ run }: { readonly run: RunView }) {
  if (run.steps === 0) {
    const comes = run.status === 'loading' || run.status === 'running' || run.status === 'paused';
    return comes ? <p class="waiting">The charts come with the first step.</p> : null;
  }
  return (
    <>
      {run.coordinates.length > 0 && <CoordinateBar run={run} />}
      <ChartGrid run={run} />
      <Inspector key={run.id} run={run} />
    </>
  );
}
