import { useEffect, useRef, useState } from 'preact/hooks';
import type { Frame, Grid, RunView } from '../../src/protocol/panel';
import { type Box, boxAround, divergenceByLoss, movedBox, outgrown, zoomedBox } from '../charts/contourBox';
import { contourInset, drawContour } from '../charts/contourPicture';
import { lossNear, pointAtStep, pointNear } from '../charts/pathPlaces';
import { shortNumber, stepText } from '../numberText';
import { useDashboard, useThemeSignal } from './context';
import { useArrows } from './useArrows';

/** The delay after the last movement of the picture before the loss is evaluated for it. */
const gridRestMs = 150;

/** The reach of the pointer around the path, in pixels. */
const reach = 12;

interface Hovered {
  readonly at: readonly [number, number];
  readonly loss: number;
  /** The step of the point of the path there; null if there is none. */
  readonly step: number | null;
  readonly side: 'atLeft' | 'atRight';
}

/** What a contour shows: a path, and the loss around it. */
export interface PathSurface {
  /** Their names, across and up. */
  readonly axes: readonly [string, string];
  /** The newest path; null before the first one. */
  readonly path: () => Pick<Frame, 'path' | 'pathSteps' | 'pathLosses'> | null;
  /** The loss on a grid of the shown part; null if it is not to be evaluated. */
  readonly grid: ((box: Box) => Promise<Grid>) | null;
  /** Whether the axes are the two coordinates, so that the gradient and the update of a step are known. */
  readonly isWhole: boolean;
}

interface ContourPlotProps {
  readonly run: RunView;
  /** Must stay the same object while its parts do. */
  readonly surface: PathSurface;
  readonly summaryId: string;
  readonly onFailure: (sentence: string | null) => void;
  /** Whether the user has moved or zoomed the picture. */
  readonly onOwn: (own: boolean) => void;
  readonly reset: { current: () => void };
}

export function ContourPlot({ run, surface, summaryId, onFailure, onOwn, reset }: ContourPlotProps) {
  const dashboard = useDashboard();
  const themeSignal = useThemeSignal();
  const canvas = useRef<HTMLCanvasElement>(null);
  const move = useRef<(change: (box: Box) => Box) => void>(() => {});
  const drag = useRef<{ x: number; y: number } | null>(null);
  const pressedAt = useRef({ x: 0, y: 0 });
  const look = useRef<(event: MouseEvent) => Hovered | null>(() => null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const arrows = useArrows(run, surface.isWhole);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    let box: Box | null = null;
    let own = false;
    let grid: Grid | null = null;
    let asked = '';
    let timer: ReturnType<typeof setTimeout> | null = null;
    let alive = true;

    const askForGrid = () => {
      timer = null;
      if (box === null || surface.grid === null) return;
      const wanted = JSON.stringify(box);
      if (wanted === asked) return;
      asked = wanted;
      surface.grid(box).then(
        (answer) => {
          if (!alive || asked !== wanted) return;
          grid = answer;
          onFailure(null);
          dashboard.paint.request();
        },
        (error: unknown) => {
          if (alive && asked === wanted) onFailure(error instanceof Error ? error.message : String(error));
        },
      );
    };
    const setBox = (next: Box) => {
      box = next;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(askForGrid, asked === '' ? 0 : gridRestMs);
    };
    const paint = () => {
      const shownFrame = surface.path();
      const path = shownFrame?.path ?? new Float64Array();
      const points =
        shownFrame === null
          ? 0
          : divergenceByLoss(shownFrame.pathLosses, dashboard.run.value?.maximizes === true);
      const wanted = own ? null : boxAround(path, points);
      if (wanted !== null && (box === null || outgrown(box, wanted))) setBox(wanted);
      if (box === null) return;
      const { clientWidth: width, clientHeight: height } = element;
      const scale = window.devicePixelRatio;
      if (element.width !== Math.round(width * scale)) element.width = Math.round(width * scale);
      if (element.height !== Math.round(height * scale)) element.height = Math.round(height * scale);
      const context = element.getContext('2d');
      if (context === null) return;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const steps = shownFrame?.pathSteps ?? new Float64Array();
      const marked = pointAtStep(steps, dashboard.focus.step);
      drawContour(context, {
        grid,
        box,
        path,
        marked,
        arrows: arrows.current,
        theme: themeSignal.value,
        width,
        height,
      });
    };
    look.current = (event) => {
      const frame = surface.path();
      if (box === null || frame === null) return null;
      const [across, up] = shareAt(element, event);
      if (across < 0 || across > 1 || up < 0 || up > 1) return null;
      const shown = box;
      const size = plotSize(element);
      const [wide, high] = [shown.x[1] - shown.x[0], shown.y[1] - shown.y[0]];
      const pointed = [shown.x[0] + across * wide, shown.y[0] + up * high] as const;
      const near = pointNear(
        frame.path,
        (x, y) => Math.hypot(((x - pointed[0]) / wide) * size.width, ((y - pointed[1]) / high) * size.height),
        reach,
      );
      const at = near < 0 ? pointed : ([frame.path[2 * near]!, frame.path[2 * near + 1]!] as const);
      return {
        at,
        loss: grid === null ? Number.NaN : lossNear(grid, at),
        step: near < 0 ? null : frame.pathSteps[near]!,
        side: across > 0.5 ? 'atLeft' : 'atRight',
      };
    };
    move.current = (change) => {
      if (box === null) return;
      own = true;
      onOwn(true);
      setBox(change(box));
      dashboard.paint.request();
    };
    reset.current = () => {
      own = false;
      box = null;
      onOwn(false);
      dashboard.paint.request();
    };
    const resized = new ResizeObserver(() => dashboard.paint.request());
    resized.observe(element);
    const ends = [
      dashboard.paint.add(paint, element),
      themeSignal.subscribe(() => dashboard.paint.request()),
      dashboard.focus.cursor.subscribe(() => dashboard.paint.request()),
      dashboard.focus.hover.subscribe(() => dashboard.paint.request()),
      () => resized.disconnect(),
      () => timer !== null && clearTimeout(timer),
    ];
    onOwn(false);
    return () => {
      alive = false;
      for (const end of ends) end();
    };
  }, [dashboard, themeSignal, surface, onFailure, onOwn, reset, arrows]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    // The listener is not passive, because a wheel that zooms the picture must not also scroll the page.
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && document.activeElement !== element.parentElement) return;
      event.preventDefault();
      move.current((box) => zoomedBox(box, event.deltaY > 0 ? 1.2 : 1 / 1.2, shareAt(element, event)));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  return (
    <div
      class="plot contourPlot"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the picture, plus and minus zoom it
      tabIndex={0}
      role="application"
      aria-roledescription="contour map"
      aria-label={`Loss over ${surface.axes[0]} (across) and ${surface.axes[1]} (up). Arrows move, plus and minus zoom.`}
      aria-describedby={summaryId}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY };
        pressedAt.current = drag.current;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        const element = canvas.current;
        const seen = event.buttons === 0 ? look.current(event) : null;
        setHovered(seen);
        dashboard.focus.hover.value = seen === null || seen.step === null ? null : Math.max(1, seen.step);
        if (from === null || element === null || event.buttons === 0) return;
        const plot = plotSize(element);
        move.current((box) =>
          movedBox(box, [-(event.clientX - from.x) / plot.width, (event.clientY - from.y) / plot.height]),
        );
        drag.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerLeave={() => {
        setHovered(null);
        dashboard.focus.hover.value = null;
      }}
      onClick={(event) => {
        const { x, y } = pressedAt.current;
        // The step that the readout names: a click has whole pixels, at which another point may be nearer.
        const step = hovered?.step ?? null;
        const isDrag = Math.hypot(event.clientX - x, event.clientY - y) >= 5;
        if (step !== null && !isDrag) dashboard.focus.moveCursor(Math.max(1, step));
      }}
      onDblClick={() => reset.current()}
      onKeyDown={(event) => {
        const change = keyChanges[event.key];
        if (change === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        move.current(change);
      }}
    >
      <canvas ref={canvas} />
      <span class="axisName across">{surface.axes[0]}</span>
      <span class="axisName up">{surface.axes[1]}</span>
      {hovered !== null && (
        <div class={`readout ${hovered.side}`} aria-hidden="true">
          {hovered.step !== null && (
            <div>{hovered.step === 0 ? 'start' : `after step ${stepText(hovered.step)}`}</div>
          )}
          <div>
            {surface.axes[0]} {shortNumber(hovered.at[0])}
          </div>
          <div>
            {surface.axes[1]} {shortNumber(hovered.at[1])}
          </div>
          {Number.isFinite(hovered.loss) && <div>loss ≈ {shortNumber(hovered.loss)}</div>}
        </div>
      )}
    </div>
  );
}

const keyChanges: Readonly<Record<string, (box: Box) => Box>> = {
  ArrowLeft: (box) => movedBox(box, [-0.1, 0]),
  ArrowRight: (box) => movedBox(box, [0.1, 0]),
  ArrowUp: (box) => movedBox(box, [0, 0.1]),
  ArrowDown: (box) => movedBox(box, [0, -0.1]),
  '+': (box) => zoomedBox(box, 1 / 1.4, [0.5, 0.5]),
  '=': (box) => zoomedBox(box, 1 / 1.4, [0.5, 0.5]),
  '-': (box) => zoomedBox(box, 1.4, [0.5, 0.5]),
};

function plotSize(element: HTMLElement): { width: number; height: number } {
  return {
    width: element.clientWidth - contourInset.left - contourInset.right,
    height: element.clientHeight - contourInset.top - contourInset.bottom,
  };
}

/** The position of a pointer in the plane, as shares of its width and height from the lower left corner. */
function shareAt(element: HTMLElement, event: MouseEvent): [number, number] {
  const box = element.getBoundingClientRect();
  const plot = plotSize(element);
  return [
    (event.clientX - box.left - contourInset.left) / plot.width,
    1 - (event.clientY - box.top - contourInset.top) / plot.height,
  ];
}
