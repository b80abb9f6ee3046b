import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { PlaneView, RunView } from '../../src/protocol/panel';
import { shortNumber } from '../numberText';
import { isLive } from '../state/isLive';
import { ChartMenu } from './chartMenu';
import { useDashboard } from './context';
import { ContourPlot, cutWords, type PathSurface } from './contourCard';
import { EnlargeButton } from './enlargeButton';

const title = 'Path in a plane';

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
  const dashboard = useDashboard();
  const { host, settings } = dashboard;
  const { id, steps, mayEvaluate } = run;
  const rests = !isLive(run.status) || run.status === 'paused';
  const [view, setView] = useState<PlaneView | null>(null);
  const [wanted, setWanted] = useState(false);
  const [evaluating, setEvaluating] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [own, setOwn] = useState(false);
  const reset = useRef<() => void>(() => {});
  const summaryId = useId();
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
  const summary = failure ?? `${words[view.kind].text}${explains}${cutWords(run, view)}`;
  return (
    <article
      class={`card contour ${dashboard.enlarged.value === 'plane' ? 'enlarged' : ''}`}
      aria-label={title}
      data-chart="plane"
    >
      <header class="cardHead">
        <h2 title={`${summary}. Bands of equal loss; deeper colour is lower.`}>
          {title} <span class="symbol">◎ start ● end ◆ cursor</span>
        </h2>
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
        {own && (
          <button type="button" class="chip" onClick={() => reset.current()}>
            Follow the path
          </button>
        )}
        <EnlargeButton id="plane" title={title} />
        <ChartMenu title={title} toggles={[]} onHide={() => settings.setChart('plane', { hidden: true })} />
      </header>
      <ContourPlot
        run={run}
        surface={surface}
        summaryId={summaryId}
        onFailure={setFailure}
        onOwn={setOwn}
        reset={reset}
      />
      <p class="summary" id={summaryId} title={summary}>
        {summary}
      </p>
    </article>
  );
}
