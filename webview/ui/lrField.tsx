import { useState } from 'preact/hooks';
import { type RunView, scalarPlaces } from '../../src/protocol/panel';
import { exactNumber } from '../numberText';
import { readLr } from '../state/readLr';
import { useDashboard } from './context';
import { TextField } from './toolkit';

/** The current learning rate of the run. Enter, or leaving the field, sets the typed value. */
export function LrField({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const [draft, setDraft] = useState<string | null>(null);
  const now = run.scalars[scalarPlaces.lrNow] ?? Number.NaN;
  const live = run.hasControl && (run.status === 'running' || run.status === 'paused');
  const reading = draft === null ? null : readLr(draft);
  const apply = () => {
    if (reading === null) return;
    if ('problem' in reading) return;
    if (reading.lr !== now) host.setLr(run.id, reading.lr);
    setDraft(null);
  };
  const problem = reading !== null && 'problem' in reading ? reading.problem : null;
  return (
    <div class="lr" data-problem={problem !== null}>
      <span aria-hidden="true">lr</span>
      <TextField
        label="Learning rate"
        value={draft ?? (Number.isNaN(now) ? '' : exactNumber(now))}
        disabled={!live}
        invalid={problem !== null}
        title={live ? 'Press Enter to use it from the next step on' : 'Can be changed only during a run'}
        size={8}
        onInput={setDraft}
        onEnter={apply}
        onBlur={apply}
        onEscape={() => setDraft(null)}
      />
      <span class="problem" role="alert">
        {problem}
      </span>
    </div>
  );
}
