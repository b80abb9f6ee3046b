import { useEffect, useRef, useState } from 'preact/hooks';
import { type Cell, columnNear, type HeatGrid, movedCell } from '../charts/heatmapCells';
import { drawHeatmap, heatmapInset } from '../charts/heatmapPicture';
import { useDashboard, useThemeSignal } from './context';

interface HeatPlotProps {
  readonly grid: HeatGrid;
  readonly label: string;
  readonly summaryId: string;
  /** Of the plot, in pixels; absent: as high as other plots. */
  readonly height?: number;
  /** What is read of a cell, line by line. */
  readonly textOf: (cell: Cell) => readonly string[];
  /** A click on a cell, or Enter. */
  readonly onChoose: (cell: Cell) => void;
  /** A click on the name of a row; absent: nothing happens. */
  readonly onChooseRow?: (row: number) => void;
}

/** A heatmap with the step cursor, read by pointer and arrow keys. */
export function HeatPlot({ grid, label, summaryId, height, textOf, onChoose, onChooseRow }: HeatPlotProps) {
  const { focus } = useDashboard();
  const theme = useThemeSignal().value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cell, setCell] = useState<Cell | null>(null);
  const cursor = columnNear(grid, focus.step);
  const draw = useRef(() => {});
  draw.current = () => {
    if (canvas.current) drawHeatmap(canvas.current, { grid, cell, cursor, theme });
  };
  useEffect(() => draw.current());
  useEffect(() => {
    const resized = new ResizeObserver(() => draw.current());
    resized.observe(canvas.current!);
    return () => resized.disconnect();
  }, []);
  /** The row under the pointer, and its column; −1 over the names. */
  const placeOf = (event: MouseEvent): Cell | null => {
    const box = canvas.current!.getBoundingClientRect();
    const inset = heatmapInset(grid, box.width);
    const x = (event.clientX - box.left - inset.left) / (box.width - inset.left - inset.right);
    const y = (event.clientY - box.top - inset.top) / (box.height - inset.top - inset.bottom);
    if (x >= 1 || y < 0 || y >= 1) return null;
    return { row: Math.floor(y * grid.names.length), column: x < 0 ? -1 : Math.floor(x * grid.steps.length) };
  };
  const cellAt = (event: MouseEvent): Cell | null => {
    const place = placeOf(event);
    return place === null || place.column < 0 ? null : place;
  };
  // The grid may have become smaller.
  const read = cell && cell.row < grid.names.length && cell.column < grid.steps.length ? cell : null;
  const text = read && textOf(read);
  const atLeft = read !== null && read.column > grid.steps.length / 2;
  return (
    <div
      class="plot contourPlot"
      style={height === undefined ? {} : { height: `${height}px` }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move from cell to cell
      tabIndex={0}
      role="application"
      aria-roledescription="heatmap"
      aria-label={label}
      aria-describedby={summaryId}
      onPointerMove={(event) => setCell(cellAt(event))}
      onPointerLeave={() => setCell(null)}
      onBlur={() => setCell(null)}
      onClick={(event) => {
        const place = placeOf(event);
        if (place === null) return;
        if (place.column >= 0) onChoose(place);
        else onChooseRow?.(place.row);
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const from = read ?? { row: 0, column: cursor };
        const next = movedCell(from, event.key, grid);
        if (next) setCell(read ? next : from);
        else if (event.key === 'Enter') onChoose(from);
        else return;
        event.preventDefault();
      }}
    >
      <canvas ref={canvas} />
      {text && (
        <div class={`readout ${atLeft ? 'atLeft' : 'atRight'}`} aria-hidden="true">
          {text.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
      )}
      <span class="unseen" role="status">
        {text?.join(', ')}
      </span>
    </div>
  );
}
