import { toJson } from '../core/numerics/json';
import { type Difference, FirstDifferences } from '../core/trace/firstDifferences';
import { recordLength } from '../core/trace/layout';
import { RunJob } from '../runner/runJob';
import type { RunInFile } from '../runs/files/runInFile';
import { BadInput, Interrupted } from './badInput';
import { changedSources } from './changedSources';
import { differenceWords } from './differenceWords';
import { interruption, whileInterruptible } from './interruption';
import { jobs } from './jobs';
import { type LimitFlags, limitsOf } from './limits';
import { sentences } from './prepare';
import { readRun } from './readRun';
import { warn } from './warn';

/**
 * `adamscope replay`: runs a stored run again, from the source texts and the configuration that it stores, and compares every
 * recorded number, bit for bit. A source that has changed since is named, but the stored one is run.
 *
 * @returns the exit code: 1 if a number differs
 * @throws BadInput if the file is not a run, or its loss cannot be run
 */
export async function replay(
  file: string,
  options: LimitFlags & { readonly json?: boolean },
): Promise<number> {
  const stored = await readRun(file);
  const changed = changedSources(stored.record);
  const { compared, quantities, first } = await comparedWithStored(stored, limitsOf(options));
  if (stored.damage !== null) warn(`${file} could not be read to its end: ${stored.damage}`);
  if (options.json) console.log(toJson({ compared, quantities, first, changedSources: changed }, 2));
  else {
    if (changed.length > 0)
      console.log(`Changed since the run: ${changed.join(', ')}. The stored text was run.`);
    console.log(
      first
        ? `The run differs first at ${differenceWords(first, stored.record)} (stored, repeated).`
        : `The run repeats bit for bit: ${compared} steps, ${quantities} quantities.`,
    );
  }
  return first ? 1 : 0;
}

interface Comparison {
  /** The number of steps that were compared. */
  readonly compared: number;
  readonly quantities: number;
  readonly first: Difference | null;
}

async function comparedWithStored(
  stored: RunInFile,
  limits: ReturnType<typeof limitsOf>,
): Promise<Comparison> {
  const { source, config, layout, lrChanges, interventions, start } = stored.record;
  if (!layout) throw new BadInput(`${stored.file} has no steps to repeat`);
  const length = recordLength(layout);
  const kept = new Map<number, Float64Array>();
  for await (const { data, offset } of stored.steps())
    kept.set(data[offset]!, data.slice(offset, offset + length));
  let comparison: FirstDifferences | null = null;
  let first: Difference | null = null;
  let compared = 0;
  const run = new RunJob(jobs, {
    source,
    config: { ...config, start },
    limits,
    diagnosis: 'off',
    recordBudget: 8 * length * config.steps,
    lrChanges,
    ...(interventions && { interventions }),
  });
  run.open({
    onOpened: (opened) => {
      comparison = new FirstDifferences(layout, opened.layout, 0);
    },
    onRecord: (data, offset) => {
      const before = kept.get(data[offset]!);
      if (!before || first || !comparison) return;
      compared++;
      first = comparison.at(before, 0, data, offset)[0] ?? null;
      if (first || compared === kept.size) run.close();
    },
  });
  const end = await whileInterruptible(run.ended, () => run.close());
  if (interruption.aborted) throw new Interrupted('the repetition was stopped before its end');
  const { quantities } = comparison ?? { quantities: 0 };
  if (!first && compared < kept.size && end.problems.length > 0) throw new BadInput(sentences(end.problems));
  return { compared, quantities, first };
}
