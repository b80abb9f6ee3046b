import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PlaneView, RunView } from '../../src/protocol/panel';
import { shortNumber } from '../numberText';
import { isLive } from '../state/isLive';
import { useDashboard } from './context';
import type { PathSurface } from './contourPlot';
import { PathCard } from './pathCard';
import { cutWords } from './pathWords';

const words: {
  readonly [K in PlaneView['kind']]: { readonly axes: readonly [string, string]; readonly text: string };
} = {
  principal: { axes: ['1st direction', '2nd direction'], text: 'The two principal directions of the path' },
  startEndBest: {
    axes: ['towards the end', 'towards the best'],
    text: 'The plane through start, end and the point with the lowest loss; the path between them is not recorded',
  },
};

/** The path of a run with more than two coordinates, in the plane that shows most of it, once the run rests. */
export function PlaneCard({ run }: { readonly run: RunView }) {
  const { host } = useDashboard();
  const { id, steps, mayEvaluate } = run;
  const rests = !isLive(run.status) || run.status === 'paused';
  const [view, setView] = useState<PlaneView | null>(null);
  const [wanted, setWanted] = useState(false);
  const [evaluating, setEvaluating] = useState(false);
  useEffect(() => {
    let isShown = true;
    if (rests)
      host.plane(id).then(
        (plane) => {
          if (isShown) setView(plane);
        },
        // There is no plane to show.
        () => {},
      );
    return () => {
      isShown = false;
    };
  }, [host, id, rests, steps]);
  const surface = useMemo(
    (): PathSurface | null =>
      view && {
        axes: words[view.kind].axes,
        path: () => view,
        grid:
          wanted && mayEvaluate
            ? (box) => {
                setEvaluating(true);
                return host.planeGrid(id, box.x, box.y).finally(() => setEvaluating(false));
              }
            : null,
        isWhole: false,
      },
    [host, id, view, wanted, mayEvaluate],
  );
  if (view === null || surface === null) return null;
  const share = view.share[0] ?? Number.NaN;
  const explains = Number.isNaN(share) ? '' : `, with ${shortNumber(100 * share)} % of its variance`;
  return (
    <PathCard
      run={run}
      id="plane"
      title="Path in a plane"
      marks="◎ start ● end ◆ cursor"
      summary={`${words[view.kind].text}${explains}${cutWords(run, view)}`}
      hint={(summary) => `${summary}. Bands of equal loss; deeper colour is lower.`}
      surface={surface}
    >
      {!wanted && (
        <button
          type="button"
          class="chip"
          title="Evaluate the loss in the plane, 1,600 times"
          onClick={() => {
            if (!mayEvaluate) host.allowGrid(id);
            setWanted(true);
          }}
        >
          Draw the loss
        </button>
      )}
      {evaluating && (
        <button type="button" class="chip" onClick={() => host.stopPlaneGrid()}>
          Cancel
        </button>
      )}
    </PathCard>
  );
}
