import {
  extraPlace,
  recordedNames,
  recordLength,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from '../core/trace/layout';
import { addToHistory } from './fillHistory';
import type { PickedValues } from './pickedHistory';
import type { RepeatedSteps } from './repeatSteps';
import type { Run } from './run';

/** The largest number of steps of a history in a file, about 8 MB; of longer runs, every k-th step. */
const mostKept = 2 ** 17;

/**
 * The values of a part of a history that the file of its run stores.
 *
 * @param part   every k-th step of the run
 * @param every  k
 */
export function keptValues(run: Run, coordinate: number, part: RepeatedSteps, every: number): PickedValues {
  const { layout, records } = part;
  const end = run.isLive ? run.record.config.steps : run.steps;
  const keptEvery = Math.max(every, 2 ** Math.max(0, Math.ceil(Math.log2(end / mostKept))));
  const kept = records.filter((record) => (record[recordPlaces.t]! - 1) % keptEvery === 0);
  const from = recordOffset(layout, 'params');
  const width = recordedNames(layout).length;
  const values = new Float64Array(kept.length * width);
  for (const [i, record] of kept.entries()) values.set(record.subarray(from, from + width), i * width);
  return { coordinate, steps: Float64Array.from(kept, (record) => record[recordPlaces.t]!), values };
}

/**
 * Adds stored values to the histories of a run whose steps are in memory: the numbers of a step that belong to no coordinate are
 * those of the run.
 */
export function restoreHistories(run: Run, picked: readonly PickedValues[]): void {
  const byCoordinate = new Map<number, PickedValues[]>();
  for (const each of picked)
    byCoordinate.set(each.coordinate, [...(byCoordinate.get(each.coordinate) ?? []), each]);
  for (const [coordinate, parts] of byCoordinate) {
    const part = stepsOf(run, coordinate, parts);
    if (part && !run.picked.has(coordinate)) addToHistory(run, coordinate, part.steps, part.every);
  }
}

function stepsOf(
  run: Run,
  coordinate: number,
  parts: readonly PickedValues[],
): { readonly steps: RepeatedSteps; readonly every: number } | null {
  const { trace } = run;
  if (!trace) return null;
  const layout = historyLayout(trace.layout, coordinate);
  const width = recordedNames(layout).length;
  const values = new Map<number, Float64Array>();
  for (const part of parts)
    part.steps.forEach((t, i) => {
      if (trace.rowOf(t) >= 0) values.set(t, part.values.subarray(i * width, (i + 1) * width));
    });
  const steps = [...values.keys()].sort((a, b) => a - b);
  const every = strideOf(steps, trace.stride);
  if (every === null) return null;
  const records = steps
    .filter((t) => (t - 1) % every === 0)
    .map((t) => {
      const record = recordOf(trace.record(trace.rowOf(t)), trace.layout, layout);
      record.set(values.get(t)!, recordOffset(layout, 'params'));
      return record;
    });
  const start = run.record.start?.[coordinate] ?? Number.NaN;
  return { steps: { layout, records, start }, every };
}

/** The least power of two k from `least` on of which all k-th steps from the first to the last are there; null if there are none. */
function strideOf(steps: readonly number[], least: number): number | null {
  const last = steps.at(-1) ?? 0;
  for (let every = least; every <= last; every *= 2) {
    const own = steps.filter((t) => (t - 1) % every === 0);
    if (own.length > 0 && own.at(-1)! - own[0]! === (own.length - 1) * every) return every;
  }
  return null;
}

/** The layout of a repetition, which measures no curvature. */
function historyLayout({ bands: _, blocks: __, ...layout }: StepLayout, coordinate: number): StepLayout {
  const extras = layout.extras.filter((name) => name !== 'stability' && name !== 'rebound');
  return { ...layout, coordinates: [coordinate], extras };
}

/** A record with the numbers of a step that belong to no coordinate. */
function recordOf(whole: Float64Array, from: StepLayout, to: StepLayout): Float64Array {
  const record = new Float64Array(recordLength(to));
  for (const place of Object.values(recordPlaces)) record[place] = whole[place]!;
  for (const name of to.extras) record[extraPlace(to, name)] = whole[extraPlace(from, name)]!;
  return record;
}
