import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CallForm } from '../../../src/core/callForm';
import { lossNamed } from '../../../src/loss/discovery/discover';
import { fitStart } from '../../../src/loss/start/vectorStart';
import type { GradientCase } from '../../corpus/gradients/case';

/** How the product calls the loss of a case: as its declaration says, or for a re-export like a loss without types. */
export function calledForm(
  folder: string,
  { file, loss, names }: Pick<GradientCase, 'file' | 'loss' | 'names'>,
): CallForm {
  const full = path.join(folder, file);
  const declaration = lossNamed(readFileSync(full, 'utf8'), full, loss);
  if (!declaration) return { vector: { kind: 'array' }, context: 'unless-one' };
  const start = names ? Object.fromEntries(names.map((name) => [name, 0])) : null;
  return fitStart(declaration, start).form;
}
