import { useStore } from '../state/useStore';
import { useDashboard } from './context';
import { Dropdown } from './toolkit';

/** Earlier runs of this window; choosing one shows it. */
export function RunHistory() {
  const { host, runList } = useDashboard();
  const { runs, selected } = useStore(runList);
  if (runs.length === 0) return null;
  return (
    <div class="history">
      <Dropdown
        label="Run history"
        value={selected ?? ''}
        options={runs.map((run) => ({
          value: run.id,
          text: `${run.title}: ${run.outcome} (${run.lossName})`,
        }))}
        onChange={(id) => host.selectRun(id)}
      />
    </div>
  );
}
