import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Grid, RunView } from '../../src/protocol/panel';
import { type Box, boxAround, movedBox, outgrown, zoomedBox } from '../charts/contourBox';
import { contourInset, drawContour } from '../charts/contourPicture';
import { shortNumber } from '../numberText';
import { ChartMenu } from './chartMenu';
import { useDashboard, useThemeSignal } from './context';

/** The delay after the last movement of the picture before the loss is evaluated for it. */
const gridRestMs = 150;

/** The loss over two coordinates as a contour, with the path of the run. */
export function ContourCard({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  const frame = dashboard.textFrame.value;
  const [failure, setFailure] = useState<string | null>(null);
  const [own, setOwn] = useState(false);
  const reset = useRef<() => void>(() => {});
  const summaryId = useId();
  const summary = failure ?? pathSummary(run, frame?.path ?? new Float64Array());
  return (
    <article class="card contour" aria-label="Path over the loss" data-chart="contour">
      <header class="cardHead">
        <h2 title="Bands of equal loss; deeper colour is lower. The ring is the start, the dot is now.">
          Path over the loss <span class="symbol">◎ start ● now</span>
        </h2>
        {!run.mayEvaluate && (
          <button
            type="button"
            class="chip"
            title="Evaluate the loss around the path. For a run of an earlier VS Code window, this is not automatic."
            onClick={() => dashboard.host.allowGrid(run.id)}
          >
            Draw the contour
          </button>
        )}
        {own && (
          <button type="button" class="chip" onClick={() => reset.current()}>
            Follow the path
          </button>
        )}
        <ChartMenu
          title="Path over the loss"
          toggles={[]}
          onHide={() => dashboard.settings.setChart('contour', { hidden: true })}
        />
      </header>
      <ContourPlot run={run} summaryId={summaryId} onFailure={setFailure} onOwn={setOwn} reset={reset} />
      <p class="summary" id={summaryId} title={summary}>
        {summary}
      </p>
    </article>
  );
}

function pathSummary(run: RunView, path: Float64Array): string {
  const [x, y] = [run.names[0] ?? 'x', run.names[1] ?? 'y'];
  if (path.length < 2) return 'Waiting for the first step';
  const point = (at: number) =>
    `(${shortNumber(path[at] ?? Number.NaN)}, ${shortNumber(path[at + 1] ?? Number.NaN)})`;
  let last = path.length - 2;
  while (last > 0 && !(Number.isFinite(path[last]!) && Number.isFinite(path[last + 1]!))) last -= 2;
  const end = last < path.length - 2 ? ', then not finite' : '';
  return `(${x}, ${y}) from ${point(0)} to ${point(last)}${end}`;
}

interface ContourPlotProps {
  readonly run: RunView;
  readonly summaryId: string;
  readonly onFailure: (sentence: string | null) => void;
  /** Whether the user has moved or zoomed the picture. */
  readonly onOwn: (own: boolean) => void;
  readonly reset: { current: () => void };
}

function ContourPlot({ run, summaryId, onFailure, onOwn, reset }: ContourPlotProps) {
  const dashboard = useDashboard();
  const themeSignal = useThemeSignal();
  const canvas = useRef<HTMLCanvasElement>(null);
  const move = useRef<(change: (box: Box) => Box) => void>(() => {});
  const drag = useRef<{ x: number; y: number } | null>(null);
  const { id: runId, mayEvaluate } = run;

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
      if (box === null || !mayEvaluate) return;
      const wanted = JSON.stringify(box);
      if (wanted === asked) return;
      asked = wanted;
      dashboard.host.grid(runId, box.x, box.y).then(
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
      const path = dashboard.frame.value?.path ?? new Float64Array();
      const wanted = own ? null : boxAround(path);
      if (wanted !== null && (box === null || outgrown(box, wanted))) setBox(wanted);
      if (box === null) return;
      const { clientWidth: width, clientHeight: height } = element;
      const scale = window.devicePixelRatio;
      if (element.width !== Math.round(width * scale)) element.width = Math.round(width * scale);
      if (element.height !== Math.round(height * scale)) element.height = Math.round(height * scale);
      const context = element.getContext('2d');
      if (context === null) return;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      drawContour(context, { grid, box, path, theme: themeSignal.value, width, height });
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
      () => resized.disconnect(),
      () => timer !== null && clearTimeout(timer),
    ];
    onOwn(false);
    return () => {
      alive = false;
      for (const end of ends) end();
    };
  }, [dashboard, themeSignal, runId, mayEvaluate, onFailure, onOwn, reset]);

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
      aria-label={`Loss over ${run.names[0]} (across) and ${run.names[1]} (up). Arrows move, plus and minus zoom.`}
      aria-describedby={summaryId}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        const element = canvas.current;
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
      onDblClick={() => reset.current()}
      onKeyDown={(event) => {
        const change = keyChanges[event.key];
        if (change === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        move.current(change);
      }}
    >
      <canvas ref={canvas} />
      <span class="axisName across">{run.names[0]}</span>
      <span class="axisName up">{run.names[1]}</span>
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
