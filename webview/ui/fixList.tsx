import type { FindingView, FixView } from '../../src/protocol/panel';
import { useDashboard } from './context';

interface FixListProps {
  readonly finding: FindingView;
  /** Of the finding. */
  readonly index: number;
}

/** What to change, beside what comes of it: the run as it is first, then the fixes, best first. */
export function FixList({ finding: { fixes, now }, index }: FixListProps) {
  return (
    <ul class="fixes" aria-label="Fixes, best first">
      {now !== null && (
        <li class="fix asItIs">
          <span class="fixWords">
            <span class="fixTitle">as it is</span> <span class="fixOutcome">{now}</span>
          </span>
        </li>
      )}
      {fixes.map((fix, at) => (
        <Fix key={fix.title} fix={fix} finding={index} at={at} />
      ))}
    </ul>
  );
}

interface FixProps {
  readonly fix: FixView;
  readonly finding: number;
  readonly at: number;
}

function Fix({ fix: { title, outcome, detail }, finding, at }: FixProps) {
  const { host } = useDashboard();
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
      <span class="fixButtons">
        <button
          type="button"
          class="smallButton"
          aria-label={`Run again with ${title}`}
          title={`Run again with ${detail}; your source is not changed`}
          onClick={() => host.runWithFix(finding, at)}
        >
          Run
        </button>
        <button
          type="button"
          class="smallButton"
          aria-label={`Write ${title} to the annotation`}
          title={`Write ${detail} above the loss`}
          onClick={() => host.applyFix(finding, at)}
        >
          Write
        </button>
      </span>
    </li>
  );
}
