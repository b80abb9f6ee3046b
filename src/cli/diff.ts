import { configDifferences } from '../core/config/configDifferences';
import { formatNumber } from '../core/numerics/format';
import { toJson } from '../core/numerics/json';
import { type Difference, FirstDifferences } from '../core/trace/firstDifferences';
import { recordPlaces } from '../core/trace/layout';
import type { RunInFile, StepAt } from '../runs/files/runInFile';
import type { RunRecord } from '../runs/runRecord';
import { BadInput } from './badInput';
import { differenceWords } from './differenceWords';
import { readRun } from './readRun';
import { warn } from './warn';

/** Smaller differences, relative to the quantity's largest value so far, are rounding. */
const tolerance = 1e-9;

/**
 * `adamscope diff`: prints in what two runs differ.
 *
 * @throws BadInput if a file is not a run
 */
export async function diff(
  fileA: string,
  fileB: string,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const [a, b] = [await readRun(fileA), await readRun(fileB)];
  const { first, compared } = await firstDifferences(a, b);
  const config = configDifferences(a.record.config, b.record.config);
  const isSameSource = JSON.stringify(a.record.source.texts) === JSON.stringify(b.record.source.texts);
  for (const { file, damage } of [a, b])
    if (damage !== null) warn(`${file} could not be read to its end: ${damage}`);
  if (json) {
    console.log(
      toJson({ config, sameSource: isSameSource, compared, tolerance, first, a: endOf(a), b: endOf(b) }, 2),
    );
    return;
  }
  const lines = [
    ...config.map(({ path, a: ofA, b: ofB }) => `${path}: ${JSON.stringify(ofA)} and ${JSON.stringify(ofB)}`),
    ...(config.length === 0 ? ['The configurations are equal.'] : []),
    ...(isSameSource ? [] : ['The source texts differ.']),
    ...(first.length > 0
      ? [
          `Where each quantity first differs by more than rounding (${tolerance}):`,
          ...first.map((each) => `    ${differenceWords(each, a.record)}`),
        ]
      : [`The ${compared} steps that both contain agree to ${tolerance}.`]),
    `${a.file}: ${endWords(a.record)}`,
    `${b.file}: ${endWords(b.record)}`,
  ];
  console.log(lines.join('\n'));
}

async function firstDifferences(
  a: RunInFile,
  b: RunInFile,
): Promise<{ readonly first: readonly Difference[]; readonly compared: number }> {
  const [layoutA, layoutB] = [a.record.layout, b.record.layout];
  if (!layoutA || !layoutB) return { first: [], compared: 0 };
  if (layoutA.dim !== layoutB.dim)
    throw new BadInput(
      `${a.file} has ${layoutA.dim} parameters and ${b.file} has ${layoutB.dim}; only runs of equal dimension can be compared`,
    );
  const comparison = new FirstDifferences(layoutA, layoutB, tolerance);
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

function endOf({ file, record: { steps, stopped, outcome } }: RunInFile) {
  return { file, steps, stopped, loss: outcome?.final.loss ?? null, verdict: outcome?.verdict.kind ?? null };
}

function endWords({ steps, outcome, status }: RunRecord): string {
  return outcome
    ? `${outcome.verdict.kind}, loss ${formatNumber(outcome.final.loss)} after ${steps} steps`
    : `${status} at step ${steps}`;
}
