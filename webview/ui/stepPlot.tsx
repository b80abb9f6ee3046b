import { useEffect, useRef, useState } from 'preact/hooks';
import { bandWords, type ChartBand } from '../charts/bands';
import type { ChartLine } from '../charts/chartLine';
import { modelOf } from '../charts/runModel';
import { type Drawn, StepChart, type StepChartModel } from '../charts/stepChart';
import type { RunChart } from '../state/chartOrder';
import { shownCoordinates } from '../state/slots';
import { handleChartKey } from './chartKeys';
import { useDashboard, useThemeSignal } from './context';
import { lineNear } from './lineNear';
import { Readout, readoutRows } from './readout';
import { moveByKey } from './stepKeys';

interface StepPlotProps {
  readonly chart: RunChart;
  /** The content of the chart, updated at the rate of texts. */
  readonly texts: Pick<StepChartModel, 'lines' | 'band'>;
  readonly summaryId: string;
  readonly onDrawn: (drawn: Drawn) => void;
}

/**
 * The canvas and the crosshair over it. The canvas is painted by the paint loop, not when the component is
 * rendered. The crosshair is a separate element, so that moving it redraws no chart.
 */
export function StepPlot({ chart: shownChart, texts, summaryId, onDrawn }: StepPlotProps) {
  const dashboard = useDashboard();
  const themeSignal = useThemeSignal();
  const cursor = dashboard.focus.cursor.value;
  const [active, setActive] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const chart = useRef<StepChart | null>(null);
  const lines = useRef<readonly ChartLine[]>([]);
  const band = useRef<ChartBand | null>(null);
  const pressedAt = useRef(0);
  /** The horizontal position of the pointer in the window while it is over the plot. */
  const pointerAt = useRef<number | null>(null);
  const latest = useRef({ chart: shownChart, onDrawn });
  latest.current = { chart: shownChart, onDrawn };

  /** The step at a position in the window; null outside the plot. */
  const stepAt = (clientX: number): number | null => {
    const current = chart.current;
    const box = canvas.current?.getBoundingClientRect();
    if (current === null || box === undefined || dashboard.focus.steps === 0) return null;
    const x = clientX - box.left;
    const { left, right } = current.plot;
    return x < left || x > right ? null : Math.max(1, Math.min(dashboard.focus.steps, current.stepAt(x)));
  };

  useEffect(() => {
    if (canvas.current === null) return;
    const place = canvas.current;
    // Made with the first painting, because most charts are below the visible part of the page at first.
    const madeChart = () => {
      const made = new StepChart(place, {
        onRange: (range) => {
          dashboard.focus.setZoom(range);
          // The chart has zoomed itself, possibly to fractions of steps within the range that is already shown.
          dashboard.paint.request();
        },
        onResize: () => dashboard.paint.request(),
      });
      if (document.activeElement === place.parentElement) made.setWheelZooms(true);
      chart.current = made;
      return made;
    };
    let lastDrawn = '';
    const placeCrosshair = () => {
      const element = crosshair.current;
      const current = chart.current;
      if (element === null || current === null) return;
      const { left, right, top, bottom } = current.plot;
      const x = current.xOf(dashboard.focus.step);
      const visible = dashboard.focus.steps > 0 && x >= left - 1 && x <= right + 1;
      element.style.display = visible ? 'block' : 'none';
      element.style.transform = `translateX(${Math.round(x)}px)`;
      element.style.top = `${top}px`;
      element.style.height = `${bottom - top}px`;
    };
    const paint = () => {
      const shownRun = dashboard.run.value;
      if (!shownRun) return;
      const model = modelOf({
        chart: latest.current.chart,
        run: shownRun,
        frame: dashboard.frame.value,
        shown: shownCoordinates(dashboard.slots.value),
        range: dashboard.focus.range,
        log: dashboard.settings.isLog(latest.current.chart),
        uncorrected: dashboard.settings.isUncorrectedShown(latest.current.chart),
        smoothing: dashboard.settings.smoothingOf(latest.current.chart),
        theme: themeSignal.value,
      });
      lines.current = model.lines;
      band.current = model.band;
      const current = chart.current ?? madeChart();
      const drawn = current.draw(model);
      dashboard.setPlotWidth(current.plot.right - current.plot.left);
      // The steps may have moved under a pointer that has not.
      if (pointerAt.current !== null) dashboard.focus.hover.value = stepAt(pointerAt.current);
      placeCrosshair();
      const text = JSON.stringify(drawn);
      if (text !== lastDrawn) latest.current.onDrawn(drawn);
      lastDrawn = text;
    };
    const ends = [
      dashboard.paint.add(paint, place),
      dashboard.focus.cursor.subscribe(placeCrosshair),
      dashboard.focus.hover.subscribe(placeCrosshair),
      themeSignal.subscribe(() => dashboard.paint.request()),
      () => chart.current?.destroy(),
    ];
    return () => {
      for (const end of ends) end();
      chart.current = null;
    };
  }, [dashboard, themeSignal]);

  const step = Math.min(cursor ?? dashboard.focus.steps, dashboard.focus.steps);
  return (
    <div
      class="plot"
      tabIndex={0}
      role="slider"
      aria-label={`${shownChart.title}: step`}
      aria-describedby={summaryId}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, dashboard.focus.steps)}
      aria-valuenow={Math.max(1, step)}
      aria-valuetext={`step ${step}: ${[
        ...(texts.band ? [bandWords(texts.band, step)] : []),
        ...readoutRows(texts.lines, step).map(({ name, value }) => `${name} ${value}`),
      ].join(', ')}`}
      onPointerMove={(event) => {
        setActive(true);
        pointerAt.current = event.clientX;
        dashboard.focus.hover.value = stepAt(event.clientX);
      }}
      onPointerLeave={() => {
        setActive(false);
        pointerAt.current = null;
        dashboard.focus.hover.value = null;
      }}
      onPointerDown={(event) => {
        pressedAt.current = event.clientX;
      }}
      onClick={(event) => {
        const at = stepAt(event.clientX);
        // A drag ends with a click event too, but it has already zoomed.
        if (at === null || Math.abs(event.clientX - pressedAt.current) >= 5) return;
        dashboard.playback.stop();
        dashboard.focus.moveCursor(at);
        const current = chart.current;
        const top = canvas.current?.getBoundingClientRect().top ?? 0;
        const near =
          current && lineNear(lines.current, at, event.clientY - top, (value) => current.yOf(value));
        if (near) dashboard.explain(near.coordinate);
      }}
      onDblClick={() => dashboard.focus.setZoom(null)}
      onKeyDown={(event) => {
        const { focus } = dashboard;
        const [first, last] = focus.range;
        const target = {
          at: focus.cursor.value ?? focus.steps,
          first,
          last,
          move: (to: number) => focus.moveCursor(to),
          zoomBy: (factor: number) => focus.zoomBy(factor),
          resetZoom: () => focus.setZoom(null),
        };
        if (event.key === 'Enter') dashboard.explain();
        else if (!moveByKey(focus, event) && !handleChartKey(target, event)) return;
        event.preventDefault();
      }}
      onFocus={() => chart.current?.setWheelZooms(true)}
      onBlur={() => chart.current?.setWheelZooms(false)}
    >
      <canvas ref={canvas} />
      <div ref={crosshair} class="crosshair" />
      {active && <Readout lines={lines} band={band} />}
    </div>
  );
}
