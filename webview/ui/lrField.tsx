import { useId, useState } from 'preact/hooks';
import { type RunView, scalarPlaces } from '../../src/protocol/panel';
import { exactNumber } from '../numberText';
import { useDashboard } from './context';
import { TextField } from './toolkit';

/** A learning rate as typed: a finite number above zero, or a sentence that says what is wrong. */
export function readLr(text: string): { readonly lr: number } | { readonly problem: string } {
  const trimmed = text.trim();
  const lr = trimmed === '' ? Number.NaN : Number(trimmed);
  if (Number.isNaN(lr)) return { problem: 'Not a number.' };
  if (!Number.isFinite(lr)) return { problem: 'Must be finite.' };
  return lr > 0 ? { lr } : { problem: 'Must be above 0.' };
}

/** The learning rate of the run as it goes; typing another one and Enter (or leaving the field) changes it. */
export function LrField({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const problemId = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const now = run.scalars[scalarPlaces.lrNow] ?? Number.NaN;
  const live = run.status === 'running' || run.status === 'paused';
  const reading = draft === null ? null : readLr(draft);
  const apply = () => {
    if (reading === null) return;
    if ('problem' in reading) return;
    if (reading.lr !== now) host.setLr(reading.lr);
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
        title={live ? 'Enter applies it from the next step on' : 'Can be changed while the run goes on'}
        size={8}
        onInput={setDraft}
        onEnter={apply}
        onBlur={apply}
        onEscape={() => setDraft(null)}
      />
      <span class="problem" id={problemId} role="alert">
        {problem}
      </span>
    </div>
  );
}
