import type { TensorMap, TensorsAtStep } from '../../src/protocol/panel';
import { type TensorStatistic, tensorStatistics } from './tensorStatistics';

/** A row of the heatmap: a tensor, or the tensors of a module. */
export interface TensorRow {
  readonly name: string;
  /** Indices of tensors. */
  readonly tensors: readonly number[];
}

/**
 * One row per tensor; if those are more than `most`, one per module: the names without their last parts, as few as make the rows few
 * enough.
 */
export function rowsOfTensors(names: readonly string[], most: number): TensorRow[] {
  let rows: TensorRow[] = names.map((name, tensor) => ({ name, tensors: [tensor] }));
  const deepest = Math.max(0, ...names.map((name) => name.split('.').length));
  for (let left = 1; rows.length > most && left < deepest; left++) {
    const modules = new Map<string, number[]>();
    names.forEach((name, tensor) => {
      const parts = name.split('.');
      const module = parts.slice(0, Math.max(1, parts.length - left)).join('.');
      const known = modules.get(module);
      if (known) known.push(tensor);
      else modules.set(module, [tensor]);
    });
    rows = [...modules].map(([name, tensors]) => ({ name, tensors }));
  }
  return rows;
}

/** The values of rows by row and step: of several tensors the extreme one. NaN where none of them has a value. */
export function rowValues(
  { steps, values }: TensorMap,
  rows: readonly TensorRow[],
  statistic: TensorStatistic,
): Float64Array {
  const { extreme } = tensorStatistics[statistic];
  const merged = new Float64Array(rows.length * steps.length).fill(Number.NaN);
  rows.forEach(({ tensors }, row) => {
    for (let column = 0; column < steps.length; column++)
      for (const tensor of tensors) {
        const value = values[tensor * steps.length + column]!;
        const at = row * steps.length + column;
        const best = merged[at]!;
        if (Number.isNaN(best) || (extreme === 'largest' ? value > best : value < best)) merged[at] = value;
      }
  });
  return merged;
}

/** The order of the table of tensors. */
export interface TensorOrder {
  readonly by: TensorStatistic | 'name';
  readonly descending: boolean;
  /** Whether only tensors whose gradient is 0, or that have none, are listed. */
  readonly deadOnly?: boolean;
}

/** The rankings that one click chooses. */
export const rankings: readonly (readonly [title: string, order: TensorOrder, meaning: string])[] = [
  [
    'Largest update / parameter',
    { by: 'updateRatio', descending: true },
    tensorStatistics.updateRatio.meaning,
  ],
  ['Lowest signal-to-noise', { by: 'snr', descending: false }, tensorStatistics.snr.meaning],
  ['Most dominated by eps', { by: 'epsShare', descending: true }, tensorStatistics.epsShare.meaning],
  [
    'Dead (gradient 0)',
    { by: 'gradNorm', descending: false, deadOnly: true },
    'Tensors whose gradient is 0 at this step, or that have no gradient',
  ],
];

/** A statistic of a tensor at a step; NaN without a gradient. */
export function statisticAt({ columns, values }: TensorsAtStep, tensor: number, by: TensorStatistic): number {
  return values[tensor * columns.length + columns.indexOf(by)] ?? Number.NaN;
}

/** The indices of the listed tensors in order; those without a value are last. */
export function orderedTensors(
  at: TensorsAtStep,
  names: readonly string[],
  { by, descending, deadOnly = false }: TensorOrder,
): number[] {
  const listed = names
    .map((_, tensor) => tensor)
    .filter((tensor) => !deadOnly || !(statisticAt(at, tensor, 'gradNorm') > 0));
  const sign = descending ? -1 : 1;
  if (by === 'name') return listed.sort((a, b) => sign * (a - b));
  return listed.sort((a, b) => {
    const [x, y] = [statisticAt(at, a, by), statisticAt(at, b, by)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}
