import { type Batch, judge, type Verdict } from './judge';
import type { Language } from './layout';
import type { Style } from './writer';

const styles: readonly Style[] = ['smooth', 'rich'];
const languages: readonly Exclude<Language, 'plain'>[] = ['module', 'script', 'typescript'];

/** Batches of all styles and languages, each from a seed of its own. */
export function batches(seeds: readonly number[], programs: number, layouts: number): Batch[] {
  return seeds.map((seed, i) => ({
    seed,
    style: styles[i % 2]!,
    language: languages[Math.floor(i / 2) % 3]!,
    programs,
    layouts,
  }));
}

/** The sum of the verdicts of batches. */
export async function judgeAll(list: readonly Batch[]): Promise<Verdict> {
  const total: Verdict = { programs: 0, gradients: 0, adjoints: 0, duals: 0, refused: {}, differences: [] };
  for (const batch of list) {
    const found = await judge(batch);
    for (const key of ['programs', 'gradients', 'adjoints', 'duals'] as const) total[key] += found[key];
    for (const [code, count] of Object.entries(found.refused) as [keyof Verdict['refused'], number][])
      total.refused[code] = (total.refused[code] ?? 0) + count;
    total.differences.push(...found.differences);
  }
  return total;
}
