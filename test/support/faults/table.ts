import { allFaultCodes } from './codes';
import type { Comparison } from './comparison';

/** The results of the diagnosis on the corpus. */
export interface Score {
  /** The share of the expected findings that were reported. */
  readonly recall: number;
  /** The share of the reported findings that were expected, without allowed infos. */
  readonly precision: number;
  /** The results per code, and in total. */
  readonly table: string;
}

interface Counts {
  right: number;
  missed: number;
  wrong: number;
  unlisted: number;
  misplaced: number;
}

export function scoreOf(comparisons: readonly Comparison[]): Score {
  const rows = new Map<string, Counts>(allFaultCodes.map((code) => [code, noCounts()]));
  const row = (code: string) => {
    const known = rows.get(code) ?? noCounts();
    rows.set(code, known);
    return known;
  };
  for (const { right, missed, wrong, unlisted, misplaced } of comparisons) {
    for (const code of right) row(code).right++;
    for (const code of missed) row(code).missed++;
    for (const { code } of wrong) row(code).wrong++;
    for (const { code } of unlisted) row(code).unlisted++;
    for (const { code } of misplaced) row(code).misplaced++;
  }
  const all = noCounts();
  for (const counts of rows.values())
    for (const key of Object.keys(all) as (keyof Counts)[]) all[key] += counts[key];
  const recall = all.right / (all.right + all.missed);
  const precision = all.right / (all.right + all.wrong);
  const lines = [...rows, ['all', all] as const].map(
    ([code, { right, missed, wrong, unlisted, misplaced }]) =>
      [code.padEnd(24), right, missed, wrong, unlisted, right - misplaced]
        .map((cell) => (typeof cell === 'number' ? String(cell).padStart(9) : cell))
        .join(''),
  );
  const head = `${'code'.padEnd(24)}${['right', 'missed', 'wrong', 'unlisted', 'in place'].map((title) => title.padStart(9)).join('')}`;
  const shares = `${comparisons.length} runs, recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`;
  return { recall, precision, table: [head, ...lines, shares].join('\n') };
}

function noCounts(): Counts {
  return { right: 0, missed: 0, wrong: 0, unlisted: 0, misplaced: 0 };
}
