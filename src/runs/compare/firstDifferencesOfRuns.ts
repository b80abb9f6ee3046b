import { type Difference, FirstDifferences } from '../../core/trace/firstDifferences';
import { recordPlaces } from '../../core/trace/layout';
import type { RunInFile, StepAt } from '../files/runInFile';

/** Smaller differences, relative to the quantity's largest value so far, are rounding. */
export const roundingTolerance = 1e-9;

export interface RunDifferences {
  /** Where each quantity differs first, in the order of the steps. */
  readonly first: readonly Difference[];
  /** The number of steps that both runs contain; null if their dimensions differ. */
  readonly compared: number | null;
}

/** Where the recorded quantities of two runs differ by more than rounding. */
export async function firstDifferencesOfRuns(a: RunInFile, b: RunInFile): Promise<RunDifferences> {
  const [layoutA, layoutB] = [a.record.layout, b.record.layout];
  if (!layoutA || !layoutB) return { first: [], compared: 0 };
  if (layoutA.dim !== layoutB.dim) return { first: [], compared: null };
  const comparison = new FirstDifferences(layoutA, layoutB, roundingTolerance);
  const first: Difference[] = [];
  let compared = 0;
  for await (const [stepA, stepB] of sharedSteps(a, b)) {
    compared++;
    first.push(...comparison.at(stepA.data, stepA.offset, stepB.data, stepB.offset));
  }
  return { first, compared };
}

/** The steps that both runs contain. */
async function* sharedSteps(a: RunInFile, b: RunInFile): AsyncGenerator<readonly [StepAt, StepAt]> {
  const [stepsA, stepsB] = [a.steps(), b.steps()];
  try {
    let [nextA, nextB] = [await stepsA.next(), await stepsB.next()];
    while (!nextA.done && !nextB.done) {
      const [tA, tB] = [stepOf(nextA.value), stepOf(nextB.value)];
      if (tA === tB) yield [nextA.value, nextB.value];
      if (tA <= tB) nextA = await stepsA.next();
      if (tB <= tA) nextB = await stepsB.next();
    }
  } finally {
    await stepsA.return(undefined);
    await stepsB.return(undefined);
  }
}

function stepOf({ data, offset }: StepAt): number {
  return data[offset + recordPlaces.t]!;
}
