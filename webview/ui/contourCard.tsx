import { useMemo } from 'preact/hooks';
import type { Frame, RunView } from '../../src/protocol/panel';
import { stepText } from '../numberText';
import { nameIn } from '../state/coordinateNames';
import { endOfView } from '../state/endOfView';
import { isLive } from '../state/isLive';
import { useDashboard } from './context';
import type { PathSurface } from './contourPlot';
import { PathCard } from './pathCard';
import { pathSummary } from './pathWords';

/** The loss over two coordinates as a contour, with the path of the run. */
export function ContourCard({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  const frame = dashboard.textFrame.value;
  const { id, mayEvaluate } = run;
  const [x, y] = [nameIn(run, 0), nameIn(run, 1)];
  const surface = useMemo(
    (): PathSurface => ({
      axes: [x, y],
      path: () => dashboard.frame.value,
      grid: mayEvaluate ? (box) => dashboard.host.grid(id, box.x, box.y) : null,
      isWhole: true,
    }),
    [dashboard, id, mayEvaluate, x, y],
  );
  const [first, last] = endsOf(frame, isLive(run.status));
  return (
    <PathCard
      run={run}
      id="contour"
      title="Path over the loss"
      marks={`◎ ${first} ● ${last} ◆ cursor`}
      summary={pathSummary(run, frame)}
      hint={() =>
        `Bands of equal loss; deeper colour is lower. The path turns from grey to orange: ◎ ${first}, ● ${last}, ◆ after the step of the cursor. The arrows from the point before that step are its update (Δ) and the negative gradient (−g).`
      }
      surface={surface}
    >
      {!mayEvaluate && (
        <button
          type="button"
          class="chip"
          title="Evaluate the loss around the path. For a run of an earlier VS Code window, this is not automatic."
          onClick={() => dashboard.host.allowGrid(id)}
        >
          Draw the contour
        </button>
      )}
    </PathCard>
  );
}

/** What the first and the last point of the path are. */
function endsOf(frame: Frame | null, live: boolean): readonly [string, string] {
  const end = endOfView(frame);
  const from = frame?.range[0] ?? 1;
  return [
    from <= 1 ? 'start' : `step ${stepText(from)}`,
    end !== null ? `step ${stepText(end)}` : live ? 'now' : 'end',
  ];
}
