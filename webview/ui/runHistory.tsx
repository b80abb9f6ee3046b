import { useDashboard } from './context';
import { Dropdown } from './toolkit';

/** The runs of this window, the newest first; choosing one shows it. */
export function RunHistory() {
  const { host, runList } = useDashboard();
  const { runs, selected } = runList.value;
  if (runs.length === 0) return null;
  const options = runs
    .map((run) => ({ value: run.id, text: `${run.title}: ${run.outcome} (${run.lossName})` }))
    .reverse();
  return (
    <div class="history">
      <Dropdown
        // The element shows the text that an option had when it was selected, so it is recreated when a text changes.
        key={options.map(({ text }) => text).join('\n')}
        label="Run history"
        value={selected ?? ''}
        options={options}
        onChange={(id) => host.selectRun(id)}
      />
    </div>
  );
}
