import type { ReplayView, RunView } from '../../../src/protocol/panel';
import { useDashboard } from '../context';

interface TryHereProps {
  readonly run: RunView;
  readonly findingId: string;
  readonly replay: ReplayView;
}

/** The button that makes the steps around a spike again, and then the outcomes of the changes, the best first. */
export function TryHere({ run, findingId, replay }: TryHereProps) {
  const { host } = useDashboard();
  const { status, done, total, summary, unchanged, tried } = replay;
  if (status === 'running')
    return (
      <p class="fixesNote" role="status">
        {total > 0 ? `Trying change ${done} of ${total - 1}…` : 'Making the steps again…'}{' '}
        <button type="button" class="smallButton" onClick={() => host.stopTrying(run.id, findingId)}>
          Stop
        </button>
      </p>
    );
  return (
    <>
      <p class="fixesNote">
        {summary !== null && `${summary} `}
        <button
          type="button"
          class="smallButton"
          title="Make the steps around the spike again with a loss of the workspace that builds this model, with another beta2, with clipping, and without the batch"
          onClick={() => host.tryHere(run.id, findingId)}
        >
          {status === 'done' ? 'Try again' : 'Try it here'}
        </button>
      </p>
      {unchanged !== null && (
        <ul class="fixes" aria-label="Tried changes, best first">
          <li class="fix currentConfiguration">
            <span class="fixWords">
              <span class="fixTitle">unchanged</span> <span class="fixOutcome">{unchanged}</span>
            </span>
          </li>
          {tried.map(({ label, detail, outcome, helps }) => (
            <li class="fix" key={label}>
              <span class="fixWords">
                <span class="fixTitle" title={detail}>
                  {label}
                </span>{' '}
                <span class={helps ? 'fixOutcome' : 'fixOutcome untried'}>{outcome}</span>
              </span>
              <span class="fixVerdict">{helps ? 'helps' : 'does not help'}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
