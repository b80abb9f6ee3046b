import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython, fullVariables } from '../../.ci/pythonEnvironments.mjs';
import { type FaultCase, faultCase, faultPrograms } from '../support/faults/cases';
import { certaintyGroups, certaintyTable, isRight, type JudgedCase } from '../support/faults/certainty';
import { type Comparison, compared } from '../support/faults/comparison';
import { runCase } from '../support/faults/runCase';
import { scoreOf } from '../support/faults/table';

/** The number of concurrent runs. Each run uses one thread. */
const atATime = 2;

/** The missed and unlisted findings of a run, which the table shows only as counts. */
function remarks({ name, missed, unlisted }: Comparison): string[] {
  return [
    ...missed.map((code) => `missed: ${name}: ${code}`),
    ...unlisted.map(({ code }) => `unlisted: ${name}: ${code}`),
  ];
}

function inWords({ name, kind, expected }: JudgedCase): string {
  return `verdict: ${name}: ${kind} instead of ${expected}`;
}

describe('the labelled runs', () => {
  const comparisons: Comparison[] = [];
  const judged: JudgedCase[] = [];
  const failures: string[] = [];
  let python: string;

  beforeAll(async () => {
    python = await fullPython();
    // The processes of the runs inherit them.
    Object.assign(process.env, fullVariables);
    const waiting = faultPrograms().map(faultCase);
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await judge(next);
    };
    await Promise.all(Array.from({ length: atATime }, work));
    for (const list of [comparisons, judged]) list.sort((a, b) => (a.name < b.name ? -1 : 1));
    console.log([scoreOf(comparisons).table, ...comparisons.flatMap(remarks)].join('\n'));
    console.log([certaintyTable(judged), ...judged.filter((each) => !isRight(each)).map(inWords)].join('\n'));
  }, 1_200_000);

  async function judge(each: FaultCase): Promise<void> {
    try {
      const { found, verdict } = await runCase(each, each.declaration.language === 'python' ? python : null);
      comparisons.push(compared(each, found));
      const { name, verdict: expected } = each;
      if (verdict && expected)
        judged.push({ name, expected, kind: verdict.kind, certainty: verdict.certainty });
    } catch (error) {
      failures.push((error as Error).message);
    }
  }

  it('can all be run', () => {
    expect(failures).toEqual([]);
  });

  it('get at least 95 % of the expected findings', () => {
    const missed = comparisons.flatMap(({ name, missed }) => missed.map((code) => `${name}: ${code}`));
    expect(scoreOf(comparisons).recall, missed.join('\n')).toBeGreaterThanOrEqual(0.95);
  });

  it('get findings only at the expected places', () => {
    const misplaced = comparisons.flatMap(({ name, misplaced }) =>
      misplaced.map(({ code, words }) => `${name}: ${code} ${words}`),
    );
    expect(misplaced).toEqual([]);
  });

  it('get no wrong findings', () => {
    const wrong = comparisons.flatMap(({ name, wrong }) =>
      wrong.map(({ code, severity, message }) => `${name}: ${severity} ${code}: ${message}`),
    );
    expect(wrong).toEqual([]);
  });

  it('get at least 95 % of the expected verdicts', () => {
    const wrong = judged.filter((each) => !isRight(each)).map(inWords);
    expect(wrong.length / judged.length, wrong.join('\n')).toBeLessThanOrEqual(0.05);
  });

  it('get verdicts whose certainty is near the observed share of right ones', () => {
    for (const { title, certainty, total, right } of certaintyGroups(judged)) {
      // Of few runs, the share says little.
      if (total >= 5) expect(Math.abs(right / total - certainty), title).toBeLessThanOrEqual(0.16);
    }
  });

  it('get no verdict that calls a healthy run broken, diverged or unbounded', () => {
    const alarming = judged.filter(
      ({ kind, expected }) => ['broken', 'diverged', 'unbounded'].includes(kind) && kind !== expected,
    );
    expect(alarming.map(inWords)).toEqual([]);
  });
});
