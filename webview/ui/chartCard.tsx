import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { QuantityView, RunView } from '../../src/protocol/panel';
import type { ChartLine } from '../charts/envelopeController';
import { modelOf } from '../charts/runModel';
import { type Drawn, StepChart } from '../charts/stepChart';
import { type Summary, summarize } from '../charts/summary';
import { shortSymbol } from '../numberText';
import { mayBeLog } from '../state/chartOrder';
import { shownCoordinates } from '../state/slots';
import { useStore } from '../state/useStore';
import { handleChartKey } from './chartKeys';
import { ChartMenu } from './chartMenu';
import { ChartTable } from './chartTable';
import { useDashboard, useThemeStore } from './context';
import { Readout, readoutRows } from './readout';

interface ChartCardProps {
  readonly run: RunView;
  readonly view: QuantityView;
  /** A sentence that belongs under this chart; empty for none. */
  readonly note: string;
}

/** One chart: title, menu, plot or table, and what it says in words. */
export function ChartCard({ run, view, note }: ChartCardProps) {
  const dashboard = useDashboard();
  const { charts } = useStore(dashboard.remembered);
  const table = charts[view.quantity]?.table === true;
  const log = dashboard.isLog(view);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const summaryId = useId();
  const summary = useSummary(run, view);
  const notes = [...(drawn === null || table ? [] : drawnNotes(drawn)), note]
    .filter((text) => text !== '')
    .join(' ');
  const settings = { ...(mayBeLog(view) ? { log } : {}), table };
  return (
    <article class="card" aria-label={view.title} data-chart={view.quantity}>
      <header class="cardHead">
        <h2 title={`${view.title} ${view.symbol}: ${view.formula}`}>
          {view.title}
          {view.symbol !== view.title && <span class="symbol"> {shortSymbol(view.symbol)}</span>}
        </h2>
        <ChartMenu
          title={view.title}
          settings={settings}
          onChange={(change) => dashboard.setChart(view.quantity, change)}
        />
      </header>
      {table ? (
        <ChartTable key={run.id} run={run} view={view} />
      ) : (
        <Plot view={view} summaryId={summaryId} onDrawn={setDrawn} />
      )}
      <p class="summary" title={`${summary.full}. ${notes}`.trim()} aria-hidden="true">
        {summary.short}
        {notes !== '' && `. ${notes}`}
      </p>
      <p class="unseen" id={summaryId}>
        {summary.full}. {notes}
      </p>
    </article>
  );
}

function drawnNotes(drawn: Drawn): string[] {
  return [
    drawn.logRefused ? 'Linear axis: some values are not above zero.' : '',
    drawn.clamped ? 'Values beyond ±10¹⁵⁰ are drawn at the edge.' : '',
  ];
}

function useSummary(run: RunView, view: QuantityView): Summary {
  const dashboard = useDashboard();
  const frame = useStore(dashboard.textFrame);
  const slots = useStore(dashboard.slots);
  const theme = useStore(useThemeStore());
  const { lines } = modelOf({
    view,
    run,
    frame,
    shown: shownCoordinates(slots),
    range: dashboard.range,
    log: false,
    theme,
  });
  const told = lines.filter((line) => line.endLabel === '' && line.name !== 'best so far');
  if (told.length > 0) return summarize(told);
  const nothing = emptySummary(frame !== null, slots.length);
  return { full: nothing, short: nothing };
}

function emptySummary(hasFrame: boolean, slots: number): string {
  if (!hasFrame) return 'Waiting for the first step';
  return slots === 0 ? 'No coordinate is shown' : 'No values';
}

interface PlotProps {
  readonly view: QuantityView;
  readonly summaryId: string;
  readonly onDrawn: (drawn: Drawn) => void;
}

/**
 * The canvas and what moves over it. Painting is the paint loop's, never a render's; the crosshair is an element of
 * its own, so that moving it redraws no chart.
 */
function Plot({ view, summaryId, onDrawn }: PlotProps) {
  const dashboard = useDashboard();
  const themeStore = useThemeStore();
  const cursor = useStore(dashboard.cursor);
  const [active, setActive] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const chart = useRef<StepChart | null>(null);
  const lines = useRef<readonly ChartLine[]>([]);
  const pressedAt = useRef(0);
  const latest = useRef({ view, onDrawn });
  latest.current = { view, onDrawn };

  useEffect(() => {
    if (canvas.current === null) return;
    const current = new StepChart(canvas.current, { onRange: (range) => dashboard.setZoom(range) });
    chart.current = current;
    let told = '';
    const placeCrosshair = () => {
      const element = crosshair.current;
      if (element === null) return;
      const { left, right, top, bottom } = current.plot;
      const x = current.xOf(dashboard.stepInFocus);
      const visible = dashboard.steps > 0 && x >= left - 1 && x <= right + 1;
      element.style.display = visible ? 'block' : 'none';
      element.style.transform = `translateX(${Math.round(x)}px)`;
      element.style.top = `${top}px`;
      element.style.height = `${bottom - top}px`;
    };
    const paint = () => {
      const shownRun = dashboard.run.value;
      if (!shownRun) return;
      const model = modelOf({
        view: latest.current.view,
        run: shownRun,
        frame: dashboard.frame.value,
        shown: shownCoordinates(dashboard.slots.value),
        range: dashboard.range,
        log: dashboard.isLog(latest.current.view),
        theme: themeStore.value,
      });
      lines.current = model.lines;
      const drawn = current.draw(model);
      dashboard.setPlotWidth(current.plot.right - current.plot.left);
      placeCrosshair();
      const text = JSON.stringify(drawn);
      if (text !== told) latest.current.onDrawn(drawn);
      told = text;
    };
    const ends = [
      dashboard.paint.add(paint, canvas.current),
      dashboard.cursor.subscribe(placeCrosshair),
      dashboard.hover.subscribe(placeCrosshair),
      themeStore.subscribe(() => dashboard.paint.request()),
      () => current.destroy(),
    ];
    return () => {
      for (const end of ends) end();
      chart.current = null;
    };
  }, [dashboard, themeStore]);

  const stepUnder = (event: MouseEvent): number | null => {
    const current = chart.current;
    const box = canvas.current?.getBoundingClientRect();
    if (current === null || box === undefined || dashboard.steps === 0) return null;
    const x = event.clientX - box.left;
    const { left, right } = current.plot;
    return x < left || x > right ? null : Math.max(1, Math.min(dashboard.steps, current.stepAt(x)));
  };
  const step = Math.min(cursor ?? dashboard.steps, dashboard.steps);
  return (
    <div
      class="plot"
      tabIndex={0}
      role="slider"
      aria-label={`${view.title}: step`}
      aria-describedby={summaryId}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, dashboard.steps)}
      aria-valuenow={Math.max(1, step)}
      aria-valuetext={`step ${step}: ${readoutRows(lines.current, step)
        .map(({ name, value }) => `${name} ${value}`)
        .join(', ')}`}
      onPointerMove={(event) => {
        setActive(true);
        dashboard.hover.value = stepUnder(event);
      }}
      onPointerLeave={() => {
        setActive(false);
        dashboard.hover.value = null;
      }}
      onPointerDown={(event) => {
        pressedAt.current = event.clientX;
      }}
      onClick={(event) => {
        const at = stepUnder(event);
        // A drag ends in a click too: it has zoomed already.
        if (at !== null && Math.abs(event.clientX - pressedAt.current) < 5) dashboard.moveCursor(at);
      }}
      onDblClick={() => dashboard.setZoom(null)}
      onKeyDown={(event) => {
        if (handleChartKey(dashboard, event)) event.preventDefault();
      }}
      onFocus={() => chart.current?.setWheelZooms(true)}
      onBlur={() => chart.current?.setWheelZooms(false)}
    >
      <canvas ref={canvas} />
      <div ref={crosshair} class="crosshair" />
      {active && <Readout lines={lines} />}
    </div>
  );
}
