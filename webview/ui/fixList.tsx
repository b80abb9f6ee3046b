import type { FixView, RunView } from '../../src/protocol/panel';
import { useDashboard } from './context';

interface FixListProps {
  readonly run: RunView;
  /** The finding, or the verdict, that the fixes are for. */
  readonly of: { readonly id: string; readonly fixes: readonly FixView[]; readonly now: string | null };
}

/** The outcome of the current configuration, then the fixes with their outcomes, the best first. */
export function FixList({ run, of }: FixListProps) {
  const { fixes, now } = of;
  return (
    <ul class="fixes" aria-label="Fixes, best first">
      {now !== null && (
        <li class="fix currentConfiguration">
          <span class="fixWords">
            <span class="fixTitle">current configuration</span> <span class="fixOutcome">{now}</span>
          </span>
        </li>
      )}
      {fixes.map((fix) => (
        <Fix key={fix.id} run={run} of={of} fix={fix} />
      ))}
    </ul>
  );
}

interface FixProps extends FixListProps {
  readonly fix: FixView;
}

function Fix({ run, of, fix: { id, kind, title, outcome, detail } }: FixProps) {
  const { host } = useDashboard();
  const choice = [run.id, run.revision, of.id, id] as const;
  return (
    <li class="fix">
      <span class="fixWords">
        <span class="fixTitle" title={detail}>
          {title}
        </span>{' '}
        {outcome === null ? (
          <span class="fixOutcome untried">not tried</span>
        ) : (
          <span class="fixOutcome">
            <span class="reaches">reaches </span>
            {outcome}
          </span>
        )}
      </span>
      {kind === 'edit' ? (
        <span class="fixButtons">
          <button
            type="button"
            class="smallButton"
            aria-label={`Preview the edit ${title}`}
            title={`Show ${detail} as a difference; nothing is written until you apply it`}
            onClick={() => host.applyFix(...choice)}
          >
            Preview
          </button>
        </span>
      ) : (
        <span class="fixButtons">
          <button
            type="button"
            class="smallButton"
            aria-label={`Run again with ${title}`}
            title={`Run again with ${detail}; the source is not changed`}
            onClick={() => host.runWithFix(...choice)}
          >
            Run
          </button>
          <button
            type="button"
            class="smallButton"
            aria-label={`Compare with ${title}`}
            title={`Run again with ${detail}, and show how it differs from this run`}
            onClick={() => host.compareWithFix(...choice)}
          >
            Compare
          </button>
          <button
            type="button"
            class="smallButton"
            aria-label={`Write ${title} to the annotation`}
            title={`Write ${detail} above the loss`}
            onClick={() => host.applyFix(...choice)}
          >
            Write
          </button>
        </span>
      )}
    </li>
  );
}
