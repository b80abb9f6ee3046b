import { useRef, useState } from 'preact/hooks';
import type { ReportHeatmap, VerdictKind } from '../../../src/protocol/panel';
import { heatColour } from '../../charts/heatColours';
import { sharesOf } from '../../charts/heatShares';
import { cellNumber } from '../../numberText';
import { useDashboard, useThemeSignal } from '../context';
import { ScrollTable } from '../scrollTable';
import { edgesOf } from './limitEdges';

/** Each kind of verdict as a sign, so that it is never shown by colour alone. */
const signs: { readonly [K in VerdictKind]: string } = {
  converged: '✓',
  'still-improving': '↘',
  stalled: '=',
  unstable: '≈',
  diverged: '▲',
  broken: '✖',
  unbounded: '▼',
};

interface HeatmapProps {
  /** The id of the report. */
  readonly report: string;
  readonly heatmap: ReportHeatmap;
  /** Its index among the report's heatmaps, by which the host identifies it. */
  readonly index: number;
}

/** The results of a sweep as a table of coloured cells. Arrow keys move in it; a cell opens its run, or makes it. */
export function Heatmap({ report, heatmap, index }: HeatmapProps) {
  const { x, y, cells, quantity } = heatmap;
  const columns = x.values.length;
  const rows = y?.values ?? [''];
  const present = cells.findIndex(({ isPresent }) => isPresent);
  const [current, setCurrent] = useState(Math.max(0, present));
  const table = useRef<HTMLTableElement>(null);
  const shares = sharesOf(heatmap);
  const move = (key: string): boolean => {
    const next = neighbour(current, key, columns, cells.length);
    if (next === null) return false;
    setCurrent(next);
    table.current?.querySelectorAll<HTMLButtonElement>('button.heatCell')[next]?.focus();
    return true;
  };
  return (
    <section class="card heatmap" aria-label={heatmap.title}>
      <h2>{heatmap.title}</h2>
      <p class="axisTitle">
        {y === null ? '' : `Rows: ${y.title}. `}Columns: {x.title}.
      </p>
      <ScrollTable class="heatView" label={`${heatmap.title}, cells`}>
        <table ref={table}>
          <thead>
            <tr>
              <td />
              {x.values.map((value) => (
                <th scope="col" key={value}>
                  {value}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((value, row) => (
              <tr key={value}>
                <th scope="row">{value}</th>
                {x.values.map((ofX, column) => {
                  const at = row * columns + column;
                  return (
                    <td
                      key={ofX}
                      class={edgesOf(cells, columns, at)}
                      title={`${cells[at]!.text}. ${actionOf(cells[at]!)}.`}
                    >
                      <Cell
                        {...{ report, heatmap, index, at }}
                        share={shares[at]!}
                        isCurrent={at === current}
                        onFocus={() => setCurrent(at)}
                        onKey={move}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
      <Legend heatmap={heatmap} />
      <p class="summary">
        {cells[current]?.text}. {quantity[0]!.toUpperCase()}
        {quantity.slice(1)} on a {heatmap.log ? 'logarithmic' : 'linear'} colour scale: deeper is better.
      </p>
    </section>
  );
}

interface CellProps extends HeatmapProps {
  readonly at: number;
  readonly share: number;
  readonly isCurrent: boolean;
  readonly onFocus: () => void;
  /** @returns whether the key leads to another cell */
  readonly onKey: (key: string) => boolean;
}

function Cell({ report, heatmap, index, at, share, isCurrent, onFocus, onKey }: CellProps) {
  const { host } = useDashboard();
  const theme = useThemeSignal().value;
  const cell = heatmap.cells[at]!;
  const { verdict, isBeyondLimit, isPresent, text } = cell;
  const value = heatmap.values[at]!;
  const hasValue = Number.isFinite(value);
  const { fill, text: colour } = hasValue ? heatColour(share, theme) : { fill: '', text: '' };
  return (
    <button
      type="button"
      class={`heatCell ${hasValue ? '' : verdict === null ? 'notRun' : 'noLoss'} ${isPresent ? 'present' : ''}`}
      style={hasValue ? { background: fill, color: colour } : {}}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={onFocus}
      onKeyDown={(event) => {
        if (onKey(event.key)) event.preventDefault();
      }}
      onClick={() => host.openCell(report, index, at)}
    >
      <span class="unseen">
        {text}. {actionOf(cell)}
      </span>
      <span aria-hidden="true">{hasValue ? cellNumber(value) : verdict === null ? '–' : signs[verdict]}</span>
      <span class="heatSigns" aria-hidden="true">
        {hasValue && verdict !== null ? signs[verdict] : ''}
        {isBeyondLimit === true ? '*' : ''}
        {isPresent ? '◆' : ''}
      </span>
    </button>
  );
}

function actionOf({ run }: ReportHeatmap['cells'][number]): string {
  return run === null ? 'Run it' : 'Open its run';
}

/** The signs that occur, with their meanings. */
function Legend({ heatmap: { cells } }: { readonly heatmap: ReportHeatmap }) {
  const verdicts = [...new Set(cells.flatMap(({ verdict }) => (verdict === null ? [] : [verdict])))];
  const entries = [
    ...verdicts.map((verdict) => [signs[verdict], verdict] as const),
    ...(cells.some(({ isBeyondLimit }) => isBeyondLimit)
      ? [['*', 'passed its stability limit, which the double line separates'] as const]
      : []),
    ...(cells.some(({ isPresent }) => isPresent) ? [['◆', 'present configuration'] as const] : []),
    ...(cells.some(({ verdict }) => verdict === null) ? [['–', 'not run'] as const] : []),
  ];
  return (
    <ul class="heatLegend" aria-label="Signs">
      {entries.map(([sign, meaning]) => (
        <li key={meaning}>
          <span aria-hidden="true">{sign}</span> {meaning}
        </li>
      ))}
    </ul>
  );
}

/** The cell that an arrow key, Home or End leads to; null for any other key, and at an edge. */
function neighbour(at: number, key: string, columns: number, count: number): number | null {
  const column = at % columns;
  const row = at - column;
  switch (key) {
    case 'ArrowRight':
      return column < columns - 1 ? at + 1 : null;
    case 'ArrowLeft':
      return column > 0 ? at - 1 : null;
    case 'ArrowDown':
      return at + columns < count ? at + columns : null;
    case 'ArrowUp':
      return at >= columns ? at - columns : null;
    case 'Home':
      return row;
    case 'End':
      return row + columns - 1;
    default:
      return null;
  }
}
