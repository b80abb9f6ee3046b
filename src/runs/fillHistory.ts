import { Quantities } from '../core/trace/quantities';
import { Trace } from '../core/trace/trace';
import { type Repeat, type RepeatedSteps, repeatSteps, type StepSpan } from './repeatSteps';
import type { Run } from './run';

/** The largest number of steps of a history in memory; of longer runs, every k-th step. */
const mostSteps = 2 ** 20;

/**
 * Makes the steps of a range that the history of a coordinate lacks, each part from the nearest keyframe before it. What was there
 * before is kept, so the range may be that on the screen first, and the whole run later.
 *
 * @param range   null: the whole run, as far as it has gone
 * @param onPart  called after each part has become part of the history
 * @throws RepetitionDiffers if the repetition differs from the run
 * @throws Error if it ends before the range does
 */
export async function fillHistory(
  run: Run,
  coordinate: number,
  range: readonly [number, number] | null,
  repeat: Repeat,
  signal: AbortSignal,
  onPart: (part: RepeatedSteps, every: number) => void,
): Promise<void> {
  const to = Math.min(range?.[1] ?? run.steps, run.steps);
  const wanted = [Math.max(1, Math.min(range?.[0] ?? 1, to)), to] as const;
  for (let span = missingSpan(run, coordinate, wanted); span; span = missingSpan(run, coordinate, wanted)) {
    const part = await repeatSteps(run, span, coordinate, repeat, signal);
    if (signal.aborted) return;
    const last = part.records.at(-1)?.[0] ?? 0;
    if (last + span.every <= span.to) throw new Error(`The run did not reach step ${span.to} again.`);
    addToHistory(run, coordinate, part, span.every);
    onPart(part, span.every);
  }
}

/** The steps of a range after the history, or before it; null if there are none. */
function missingSpan(run: Run, coordinate: number, [from, to]: readonly [number, number]): StepSpan | null {
  const trace = run.picked.get(coordinate)?.trace;
  const every = trace?.stride ?? historyStride(run);
  const first = from - ((from - 1) % every);
  if (!trace) return { from: first, to, every };
  if (trace.steps + every <= to) return { from: trace.steps + every, to, every };
  return first < trace.first ? { from: first, to: trace.first - every, every } : null;
}

/** A power of two, as is the stride of the trace; of a run in progress, one that also suits its planned end. */
function historyStride({ trace, isLive, steps, record }: Run): number {
  const end = isLive ? record.config.steps : steps;
  return Math.max(trace?.stride ?? 1, 2 ** Math.max(0, Math.ceil(Math.log2(end / mostSteps))));
}

/** @param part  every k-th step, directly after the history or directly before it */
export function addToHistory(
  run: Run,
  coordinate: number,
  { layout, records, start }: RepeatedSteps,
  every: number,
): void {
  const before = run.picked.get(coordinate);
  const first = records[0]![0]!;
  if (before && first > before.trace.first) {
    for (const each of records) before.trace.append(each, 0);
    return;
  }
  const trace = new Trace(layout, [start], { stride: every, first });
  for (const each of records) trace.append(each, 0);
  if (before) for (let row = 0; row < before.trace.rows; row++) trace.append(before.trace.record(row), 0);
  run.picked.set(coordinate, { trace, quantities: new Quantities(layout, run.record.config) });
}
