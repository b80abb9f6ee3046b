import { useId, useMemo, useState } from 'preact/hooks';
import type { RunView, TensorMap, TensorView } from '../../../src/protocol/panel';
import { type Cell, extentOfCells, type HeatGrid, shareScale } from '../../charts/heatmapCells';
import { shortNumber, stepText } from '../../numberText';
import { rowsOfTensors, rowValues, type TensorRow } from '../../state/tensorRows';
import { shownStatistics, type TensorStatistic, tensorStatistics } from '../../state/tensorStatistics';
import { useDashboard } from '../context';
import { HeatLegend } from '../heatLegend';
import { HeatPlot } from '../heatPlot';
import { Dropdown } from '../toolkit';
import { useTensorMap } from './useTensors';

/** With more tensors, the rows are modules. */
const mostRows = 64;
/** Of a row, in pixels, unless the rows are many. */
const rowHeight = 12;
const highest = 420;
/** Space for the steps below the cells, and above them. */
const edges = 20;

interface TensorHeatmapProps {
  readonly run: RunView;
  readonly tensors: readonly TensorView[];
  readonly onChoose: (tensor: number) => void;
}

/** A statistic by tensor and recorded step. */
export function TensorHeatmap({ run, tensors, onChoose }: TensorHeatmapProps) {
  const { focus } = useDashboard();
  const [statistic, setStatistic] = useState<TensorStatistic>('updateRatio');
  const [opened, setOpened] = useState<string | null>(null);
  const map = useTensorMap(run.id, statistic, focus.steps);
  const modules = useMemo(
    () =>
      rowsOfTensors(
        tensors.map(({ name }) => name),
        mostRows,
      ),
    [tensors],
  );
  const within = modules.find(({ name }) => name === opened);
  const rows = within
    ? within.tensors.map((tensor): TensorRow => ({ name: tensors[tensor]!.name, tensors: [tensor] }))
    : modules;
  const summaryId = useId();
  const { title, meaning } = tensorStatistics[statistic];
  const areModules = rows.length < tensors.length && within === undefined;
  const chooseRow = (row: number) => {
    const { name, tensors: own } = rows[row]!;
    if (own.length > 1) setOpened(name);
    else onChoose(own[0]!);
  };
  const grid = map && gridOf(map, rows, statistic);
  return (
    <article class="heatmapCard tensorMap" aria-label="Tensors by step">
      <header class="cardHead">
        <h2
          title={`${title}: ${meaning}. Each row is a ${areModules ? 'module' : 'tensor'}, each column a recorded step.`}
        >
          Tensors <span class="symbol">{within ? `of ${within.name}` : ''}</span>
        </h2>
        {within && (
          <button
            type="button"
            class="chip"
            title="Show the rows of all modules"
            onClick={() => setOpened(null)}
          >
            All modules
          </button>
        )}
        <Dropdown
          label="Statistic of the heatmap"
          value={statistic}
          options={shownStatistics.map((each) => ({ value: each, text: tensorStatistics[each].title }))}
          onChange={(value) => setStatistic(value as TensorStatistic)}
        />
      </header>
      {grid && (
        <>
          <HeatPlot
            grid={grid}
            height={Math.min(highest, rows.length * rowHeight + edges)}
            label={`${title} by ${areModules ? 'module' : 'tensor'} (down) and step (across). Arrow keys move from cell to cell. Enter moves the step cursor there and ${areModules ? 'opens the module' : 'shows the coordinates of the tensor'}.`}
            summaryId={summaryId}
            textOf={(cell) => cellText(grid, cell, title)}
            onChoose={({ row, column }) => {
              focus.moveCursor(grid.steps[column]!);
              chooseRow(row);
            }}
            onChooseRow={chooseRow}
          />
          <HeatLegend scale={grid.scale} />
        </>
      )}
      <p class="summary" id={summaryId} title={meaning}>
        {grid === null ? 'Reading the tensors…' : summaryOf(grid, areModules, statistic)}
      </p>
    </article>
  );
}

function gridOf(map: TensorMap, rows: readonly TensorRow[], statistic: TensorStatistic): HeatGrid {
  const values = rowValues(map, rows, statistic);
  return {
    steps: map.steps,
    values,
    names: rows.map(({ name }) => name),
    labelsAll: true,
    scale: tensorStatistics[statistic].isShare ? shareScale : extentOfCells(values),
  };
}

function cellText({ steps, values, names }: HeatGrid, { row, column }: Cell, title: string): string[] {
  const value = values[row * steps.length + column]!;
  return [
    names[row]!,
    `step ${stepText(steps[column]!)}`,
    `${title} ${Number.isNaN(value) ? 'none: no gradient' : shortNumber(value)}`,
  ];
}

function summaryOf(
  { steps, names, values }: HeatGrid,
  areModules: boolean,
  statistic: TensorStatistic,
): string {
  const rows = areModules
    ? `${names.length} modules, each with the ${tensorStatistics[statistic].extreme} value of its tensors; a click opens one`
    : `${names.length} tensors`;
  const missing = values.some(Number.isNaN) ? '; crossed out: no gradient' : '';
  return `${rows}, ${stepText(steps.length)} recorded steps${missing}`;
}
