import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { GradientCase } from '../../corpus/gradients/case';
import type { ProvenanceCase } from '../../corpus/provenance/case';

const corpus = path.resolve(import.meta.dirname, '../../corpus');

/** The folders with the files of the gradient and provenance cases. */
export const gradientsFolder = path.join(corpus, 'gradients');
export const provenanceFolder = path.join(corpus, 'provenance');

export const gradientCases = (): Promise<GradientCase[]> => tables<GradientCase>(gradientsFolder);
export const provenanceCases = (): Promise<ProvenanceCase[]> => tables<ProvenanceCase>(provenanceFolder);

async function tables<T>(folder: string): Promise<T[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.case.ts'));
  const loaded = await Promise.all(
    files.map((file) => import(path.join(folder, file)) as Promise<{ cases: readonly T[] }>),
  );
  return loaded.flatMap(({ cases }) => cases);
}
