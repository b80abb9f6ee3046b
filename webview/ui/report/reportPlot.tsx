import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReportChart } from '../../../src/protocol/panel';
import { LineChart, type LinesDrawn } from '../../charts/lineChart';
import { readAt } from '../../charts/lineWords';
import { nearest, type ReportChartLine } from '../../charts/reportLines';
import { exactNumber } from '../../numberText';
import { type XRange, zoomedX } from '../../state/xRange';
import { handleChartKey } from '../chartKeys';
import { useDashboard, useThemeSignal } from '../context';
import { ReportReadout } from './reportReadout';

interface ReportPlotProps {
  readonly chart: ReportChart;
  readonly lines: readonly ReportChartLine[];
  readonly xs: Float64Array;
  readonly logX: boolean;
  readonly logY: boolean;
  /** The end of the y axis; infinite if it shows all values. */
  readonly cut: number;
  /** The visible range; null if everything is visible. */
  readonly range: XRange | null;
  readonly emphasised: string | null;
  readonly summaryId: string;
  readonly onRange: (range: XRange | null) => void;
  readonly onDrawn: (drawn: LinesDrawn) => void;
}

/** The canvas of a report's chart, the cursor over it, and the exact values there. */
export function ReportPlot(props: ReportPlotProps) {
  const { chart, lines, xs, logX, range, summaryId, onRange } = props;
  const dashboard = useDashboard();
  const themeSignal = useThemeSignal();
  const canvas = useRef<HTMLCanvasElement>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const picture = useRef<LineChart | null>(null);
  const latest = useRef(props);
  const pressedAt = useRef(0);
  /** Indices into `xs`: the selection by keys and clicks, and the point under the pointer. */
  const [chosen, setChosen] = useState<number | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const [focused, setFocused] = useState(false);
  latest.current = props;

  const end = Math.max(0, xs.length - 1);
  const at = Math.min(hover ?? chosen ?? end, end);
  const x = xs[at] ?? Number.NaN;
  const place = useRef(x);
  place.current = hover === null && chosen === null && !focused ? Number.NaN : x;

  useEffect(() => {
    if (canvas.current === null) return;
    const current = new LineChart(canvas.current, {
      onRange: (next) => latest.current.onRange(next),
      onResize: () => dashboard.paint.request(),
    });
    picture.current = current;
    let lastDrawn = '';
    const paint = () => {
      const { chart: shown, onDrawn, ...model } = latest.current;
      const drawn = current.draw({ ...model, marks: shown.marks, theme: themeSignal.value });
      placeCrosshair(crosshair.current, current, place.current);
      const text = JSON.stringify(drawn);
      if (text !== lastDrawn) onDrawn(drawn);
      lastDrawn = text;
    };
    const ends = [
      dashboard.paint.add(paint, canvas.current),
      themeSignal.subscribe(() => dashboard.paint.request()),
      () => current.destroy(),
    ];
    return () => {
      for (const stop of ends) stop();
      picture.current = null;
    };
  }, [dashboard, themeSignal]);

  // The drawing depends on these values only, so moving the pointer redraws no line.
  useEffect(
    () => dashboard.paint.request(),
    [dashboard, chart, lines.length, props.logY, props.cut, logX, range, props.emphasised],
  );
  useEffect(() => {
    if (picture.current !== null) placeCrosshair(crosshair.current, picture.current, place.current);
  });

  const placeUnder = (event: MouseEvent): number | null => {
    const current = picture.current;
    const box = canvas.current?.getBoundingClientRect();
    if (current === null || box === undefined || xs.length === 0) return null;
    const pixel = event.clientX - box.left;
    const { left, right } = current.plot;
    if (pixel < left - 2 || pixel > right + 2) return null;
    return nearest(xs, current.valueAt(pixel), (value) => current.xOf(value));
  };
  const keyTarget = () => {
    const [first, last] = range ?? [xs[0] ?? 0, xs[end] ?? 0];
    const inSight = { first: nearest(xs, first), last: nearest(xs, last) };
    return {
      at,
      ...inSight,
      move: (to: number) => {
        const next = Math.max(0, Math.min(end, to));
        setChosen(next);
        if (range !== null && (next < inSight.first || next > inSight.last)) onRange(null);
      },
      zoomBy: (factor: number) => onRange(zoomedX(xs, range, x, factor, logX)),
      resetZoom: () => onRange(null),
    };
  };
  const inPicture = picture.current;
  const showsReadout = hover !== null || focused;
  const middle = inPicture === null ? 0 : (inPicture.plot.left + inPicture.plot.right) / 2;
  const { title: xTitle } = chart.x;
  return (
    <div
      class="plot reportPlot"
      tabIndex={0}
      role="slider"
      aria-label={`${chart.title}: ${xTitle}`}
      aria-describedby={summaryId}
      aria-valuemin={0}
      aria-valuemax={end}
      aria-valuenow={at}
      aria-valuetext={`${xTitle} ${exactNumber(x)}: ${readAt(lines, x)
        .map(({ name, value }) => `${name} ${value}`)
        .join(', ')}`}
      onPointerMove={(event) => setHover(placeUnder(event))}
      onPointerLeave={() => setHover(null)}
      onPointerDown={(event) => {
        pressedAt.current = event.clientX;
      }}
      onClick={(event) => {
        const under = placeUnder(event);
        // A drag ends with a click event too, but it has already zoomed.
        if (under !== null && Math.abs(event.clientX - pressedAt.current) < 5) setChosen(under);
      }}
      onDblClick={() => onRange(null)}
      onKeyDown={(event) => {
        if (handleChartKey(keyTarget(), event)) event.preventDefault();
      }}
      onFocus={(event) => {
        setFocused(event.currentTarget.matches(':focus-visible'));
        picture.current?.setWheelZooms(true);
      }}
      onBlur={() => {
        setFocused(false);
        picture.current?.setWheelZooms(false);
      }}
    >
      <canvas ref={canvas} />
      <div ref={crosshair} class="crosshair" />
      {showsReadout && inPicture !== null && xs.length > 0 && (
        <ReportReadout
          lines={lines}
          xTitle={xTitle}
          x={x}
          side={inPicture.xOf(x) > middle ? 'atLeft' : 'atRight'}
        />
      )}
    </div>
  );
}

function placeCrosshair(element: HTMLElement | null, picture: LineChart, x: number): void {
  if (element === null) return;
  const { left, right, top, bottom } = picture.plot;
  const pixel = Number.isNaN(x) ? Number.NaN : picture.xOf(x);
  const visible = pixel >= left - 1 && pixel <= right + 1;
  element.style.display = visible ? 'block' : 'none';
  if (!visible) return;
  element.style.transform = `translateX(${Math.round(pixel)}px)`;
  element.style.top = `${top}px`;
  element.style.height = `${bottom - top}px`;
}
