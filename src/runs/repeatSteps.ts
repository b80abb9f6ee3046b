import type { Keyframe } from '../core/keyframe';
import { type Difference, FirstDifferences } from '../core/trace/firstDifferences';
import { recordPlaces, type StepLayout } from '../core/trace/layout';
import { quantityName } from './quantityName';
import type { Run } from './run';

/** Every k-th step of [from, to], from `from` on. */
export interface StepSpan {
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

/** A repetition of some steps of a run, for the records of one coordinate. */
export interface StepRepetition extends StepSpan {
  readonly coordinate: number;
  /** The state from which the steps are made; null: from the start. */
  readonly keyframe: Keyframe | null;
  /** Before `from`, every k-th step of the run is recorded too, so that it can be compared with the run. */
  readonly checkEvery: number;
}

/** The records of a repetition, ascending. */
export interface RepeatedSteps {
  readonly layout: StepLayout;
  readonly records: readonly Float64Array[];
  /** theta_0 of the coordinate. */
  readonly start: number;
}

export type Repeat = (run: Run, repetition: StepRepetition, signal: AbortSignal) => Promise<RepeatedSteps>;

/** The repetition has other values than the run. The message says where first. */
export class RepetitionDiffers extends Error {}

/** The largest number of steps that are compared before the span. */
const mostChecked = 2 ** 16;
/** Steps that are compared before the event loop goes on. */
const comparedAtOnce = 4096;

/**
 * The steps of a span, made again from the nearest keyframe before it. They have the bits of the run unless the loss has a state
 * of its own, such as a counter; then they are made again from the start, which repeats such a state too.
 *
 * @param repeat  makes the steps in another process
 * @throws RepetitionDiffers if the repetition differs from the record of the run all the same
 */
export async function repeatSteps(
  run: Run,
  span: StepSpan,
  coordinate: number,
  repeat: Repeat,
  signal: AbortSignal,
): Promise<RepeatedSteps> {
  const nearest = run.keyframes.before(span.from);
  let difference: Difference | null = null;
  for (const keyframe of nearest ? [nearest, null] : [null]) {
    const checkEvery = checkedEvery(run, span.from - (keyframe?.t ?? 0));
    const all = await repeat(run, { ...span, coordinate, keyframe, checkEvery }, signal);
    difference = await firstDifference(run, all);
    if (!difference) return { ...all, records: all.records.filter((record) => record[0]! >= span.from) };
  }
  throw new RepetitionDiffers(sentenceOf(difference!, run));
}

/** A power of two, as is the stride of the trace. */
function checkedEvery({ trace }: Run, steps: number): number {
  return Math.max(trace?.stride ?? 1, 2 ** Math.max(0, Math.ceil(Math.log2(steps / mostChecked))));
}

async function firstDifference({ trace }: Run, repeated: RepeatedSteps): Promise<Difference | null> {
  if (!trace) return null;
  const differences = new FirstDifferences(trace.layout, repeated.layout, 0);
  for (const [i, record] of repeated.records.entries()) {
    const row = trace.rowOf(record[recordPlaces.t]!);
    const [first] = row < 0 ? [] : differences.at(trace.record(row), 0, record, 0);
    if (first) return first;
    if (i % comparedAtOnce === comparedAtOnce - 1) await new Promise(setImmediate);
  }
  return null;
}

function sentenceOf(difference: Difference, { record }: Run): string {
  const { t, a, b } = difference;
  return (
    `The repetition differs from this run, first at step ${t}: ${quantityName(difference, record)} was ${a} and is now ${b}. ` +
    'The loss has a state of its own, or is random, so values that were not recorded cannot be computed.'
  );
}
