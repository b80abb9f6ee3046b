import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EvaluationContext } from '../../../src/core/objective';
import { DiskSources } from '../../../src/loss/diskSources';
import { type Linked, link } from '../../../src/loss/providers/javascript/load/link';
import type { Context } from '../../corpus/gradients/case';

/** The `import()` of the engine; the test runner would transform the imported modules. */
const nativeImport = createRequire(import.meta.url)('../../unit/loss/nativeImport.cjs') as (
  url: string,
) => Promise<Record<string, unknown>>;

export type Loss = (params: number[] | Float64Array, context: EvaluationContext) => number | Promise<number>;

/** The loss of a user, loaded again and without automatic differentiation. */
export async function loadPlainly(file: string, loss: string): Promise<Loss> {
  const directory = mkdtempSync(path.join(tmpdir(), 'adamscope-corpus-'));
  try {
    return await importLoss(await link(file, new DiskSources(), directory), loss);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function importLoss({ entryUrl, problems }: Linked, loss: string): Promise<Loss> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const found = (await nativeImport(entryUrl))[loss];
  if (typeof found !== 'function') throw new Error(`the program exports no function ${loss}`);
  return found as Loss;
}

/** The context of one evaluation. Its random numbers start again each time. */
export function contextOf({
  step = 1,
  epoch = 0,
  indices = [],
  draws = [0.5],
}: Context = {}): EvaluationContext {
  let drawn = 0;
  return { step, epoch, indices, random: () => draws[drawn++ % draws.length]! };
}
