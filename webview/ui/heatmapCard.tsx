import { useId, useState } from 'preact/hooks';
import type { HeatmapView, Quantity, RunView } from '../../src/protocol/panel';
import { type Cell, extentOfCells, rowNames } from '../charts/heatmapCells';
import { exactNumber, shortNumber, stepText } from '../numberText';
import { layoutOf } from '../state/coordinateNames';
import { ChartMenu } from './chartMenu';
import { useDashboard } from './context';
import { HeatLegend } from './heatLegend';
import { HeatPlot } from './heatPlot';
import { ScrollTable } from './scrollTable';
import { Dropdown } from './toolkit';
import { useHeatmap } from './useHeatmap';

/** A quantity by block of coordinates and step. */
export function HeatmapCard({ run }: { readonly run: RunView }) {
  const { settings, focus } = useDashboard();
  const [quantity, setQuantity] = useState<Quantity>(
    run.mapped.includes('absUpdate') ? 'absUpdate' : run.mapped[0]!,
  );
  const levels = levelsOf(run);
  const [chosen, setLevel] = useState<number | null>(null);
  const level = chosen ?? levels[0]?.level ?? 0;
  const map = useHeatmap(run.id, quantity, level, focus.steps);
  const isTable = settings.chart('heatmap').table === true;
  const titleOf = (each: Quantity) => run.quantities.find((view) => view.quantity === each)?.title ?? each;
  const summaryId = useId();
  const summary = map === null ? 'Waiting for the first sample' : summaryOf(map, run.dim);
  return (
    <article class="card contour heatmapCard" aria-label="Heatmap" data-chart="heatmap">
      <header class="cardHead">
        <h2
          title={`Each row is a ${level > 0 ? 'named group' : 'block'} of coordinates, each column a sampled step. The brightness shows the ${level > 0 ? 'root mean square of the values' : 'median of abs(value)'} on a logarithmic scale.`}
        >
          Heatmap <span class="symbol">{level > 0 ? 'RMS of groups' : 'median of blocks'}</span>
        </h2>
        <Dropdown
          label="Quantity of the heatmap"
          value={quantity}
          options={run.mapped.map((each) => ({ value: each, text: titleOf(each) }))}
          onChange={(value) => setQuantity(value as Quantity)}
        />
        {levels.length > 0 && (
          <Dropdown
            label="Rows of the heatmap"
            value={String(level)}
            options={[
              ...levels.map((each) => ({ value: String(each.level), text: each.text })),
              { value: '0', text: 'blocks of coordinates' },
            ]}
            onChange={(value) => setLevel(Number(value))}
          />
        )}
        <ChartMenu
          title="Heatmap"
          toggles={[
            {
              text: 'Table',
              checked: isTable,
              onChange: (table) => settings.setChart('heatmap', { table }),
            },
          ]}
          onHide={() => settings.setChart('heatmap', { hidden: true })}
        />
      </header>
      {map !== null &&
        (isTable ? (
          <HeatmapTable run={run} map={map} title={titleOf(quantity)} />
        ) : (
          <HeatmapPlot run={run} map={map} title={titleOf(quantity)} summaryId={summaryId} />
        ))}
      {map !== null && <HeatLegend scale={extentOfCells(map.values)} />}
      <p class="summary" id={summaryId} title={summary}>
        {summary}
      </p>
    </article>
  );
}

/** The levels of groups that have several rows, coarsest first. */
function levelsOf(run: RunView): { readonly level: number; readonly text: string }[] {
  const layout = layoutOf(run);
  return Array.from({ length: run.groupLevels }, (_, i) => i + 1).flatMap((level) => {
    const count = layout.level(level).length;
    return count > 1
      ? [{ level, text: `${stepText(count)} groups${level > 1 ? `, level ${level}` : ''}` }]
      : [];
  });
}

/** Above, the values of a row are those of a sample of its coordinates. */
const exactUpTo = 4096;

function summaryOf({ level, starts, steps, values }: HeatmapView, dim: number): string {
  const size = Math.ceil(starts.at(-1)! / (starts.length - 1));
  const sampled = dim > exactUpTo ? ' (of a sample of each)' : '';
  const rows =
    level > 0
      ? `root mean square of each of ${stepText(starts.length - 1)} groups${sampled}`
      : size > 1
        ? `medians of blocks of ${stepText(size)} coordinates`
        : 'one row per coordinate';
  const zeros = values.filter((value) => value === 0).length;
  const dark = zeros === 0 ? '' : `; ${Math.round((100 * zeros) / values.length)} % are 0`;
  return `${rows}, ${stepText(steps.length)} steps${dark}`;
}

interface PlotProps {
  readonly run: RunView;
  readonly map: HeatmapView;
  readonly title: string;
  readonly summaryId: string;
}

function HeatmapPlot({ run, map, title, summaryId }: PlotProps) {
  const dashboard = useDashboard();
  return (
    <HeatPlot
      grid={{
        steps: map.steps,
        values: map.values,
        names: rowNames(map, layoutOf(run)),
        labelsAll: map.level > 0,
        scale: extentOfCells(map.values),
      }}
      label={`${title} by ${map.level > 0 ? 'group' : 'coordinate'} (down) and step (across). Arrow keys move from cell to cell, Enter moves the step cursor there.`}
      summaryId={summaryId}
      textOf={(cell) => cellText(run, map, cell)}
      onChoose={({ column }) => dashboard.focus.moveCursor(map.steps[column]!)}
    />
  );
}

function cellText(run: RunView, map: HeatmapView, { row, column }: Cell): string[] {
  const value = map.values[row * map.steps.length + column] ?? Number.NaN;
  const isOne = map.starts[row + 1]! - map.starts[row]! === 1;
  return [
    rowNames(map, layoutOf(run))[row]!,
    `step ${stepText(map.steps[column] ?? 1)}`,
    `${isOne ? 'size' : map.level > 0 ? 'root mean square' : 'median size'} ${Number.isNaN(value) ? 'no value' : shortNumber(value)}`,
  ];
}

/** The number of steps in the table. */
const tableSteps = 6;

function HeatmapTable({ run, map, title }: Omit<PlotProps, 'summaryId'>) {
  const count = Math.min(tableSteps, map.steps.length);
  const columns = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (map.steps.length - 1)) / (count - 1)),
  );
  const names = rowNames(map, layoutOf(run));
  const rows = names.map((_, row) => row);
  return (
    <ScrollTable class="tableView" label={`${title} by ${map.level > 0 ? 'group' : 'coordinate'} and step`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{map.level > 0 ? 'group' : 'coordinates'}</th>
            {columns.map((column) => (
              <th scope="col" key={column}>
                step {stepText(map.steps[column]!)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{names[row]}</th>
              {columns.map((column) => (
                <td key={column}>{exactNumber(map.values[row * map.steps.length + column]!)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollTable>
  );
}
