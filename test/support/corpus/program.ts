import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EvaluationContext } from '../../../src/core/objective';
import { DiskSources } from '../../../src/loss/diskSources';
import { type UserFunction, vectorCall } from '../../../src/loss/providers/javascript/callArguments';
import { type Linked, link } from '../../../src/loss/providers/javascript/load/link';
import { exportedFunction } from '../../../src/loss/providers/javascript/moduleExports';
import type { Context, GradientCase } from '../../corpus/gradients/case';
import { calledForm } from './calledForm';

/** The `import()` of the engine; the test runner would transform the imported modules. */
const nativeImport = createRequire(import.meta.url)('../../unit/loss/nativeImport.cjs') as (
  url: string,
) => Promise<Record<string, unknown>>;

export type Loss = (at: readonly number[], context: EvaluationContext) => number | Promise<number>;

/** The loss of a user, loaded again and without automatic differentiation. */
export async function loadPlainly(
  folder: string,
  loss: Pick<GradientCase, 'file' | 'loss' | 'names'>,
): Promise<Loss> {
  const directory = mkdtempSync(path.join(tmpdir(), 'adamscope-corpus-'));
  try {
    const linked = await link(path.join(folder, loss.file), new DiskSources(), directory);
    const target = await importFunction(linked, loss.loss);
    const call = vectorCall(target, calledForm(folder, loss), globalThis);
    return (at, context) => call([...at], context) as number;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param address  of the export, such as `losses.a` */
export async function importFunction({ entryUrl, problems }: Linked, address: string): Promise<UserFunction> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const exports = await nativeImport(entryUrl);
  return exportedFunction(
    { exports, texts: [], warnings: [], packages: [], ruled: new Map(), packageFiles: new Map() },
    address,
    {
      file: entryUrl,
      location: nowhere,
    },
  );
}

const nowhere = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };

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
