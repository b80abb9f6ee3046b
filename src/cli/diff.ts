import { configDifferences } from '../core/config/configDifferences';
import { formatNumber } from '../core/numerics/format';
import { toJson } from '../core/numerics/json';
import {
  firstDifferencesOfRuns,
  roundingTolerance as tolerance,
} from '../runs/compare/firstDifferencesOfRuns';
import type { RunInFile } from '../runs/files/runInFile';
import type { RunRecord } from '../runs/runRecord';
import { BadInput } from './badInput';
import { differenceWords } from './differenceWords';
import { readRun } from './readRun';
import { warn } from './warn';

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
  const { first, compared } = await firstDifferencesOfRuns(a, b);
  if (compared === null) {
    const [dimA, dimB] = [a, b].map(({ record }) => record.layout?.dim);
    throw new BadInput(
      `${a.file} has ${dimA} parameters and ${b.file} has ${dimB}; only runs of equal dimension can be compared`,
    );
  }
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

function endOf({ file, record: { steps, stopped, outcome } }: RunInFile) {
  return { file, steps, stopped, loss: outcome?.final.loss ?? null, verdict: outcome?.verdict.kind ?? null };
}

function endWords({ steps, outcome, status }: RunRecord): string {
  return outcome
    ? `${outcome.verdict.kind}, loss ${formatNumber(outcome.final.loss)} after ${steps} steps`
    : `${status} at step ${steps}`;
}
