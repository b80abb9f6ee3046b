import { beforeAll, describe, expect, it } from 'vitest';
import { type FaultCase, faultCase, faultPrograms } from '../support/faults/cases';
import { runCase } from '../support/faults/runCase';
import { scoreOf } from '../support/faults/table';
import { type Verdict, verdictOn } from '../support/faults/verdict';

/** The number of concurrent runs. Each run uses one thread. */
const atATime = 2;

/** The missed and unlisted findings of a run, which the table shows only as counts. */
function remarks({ name, missed, unlisted }: Verdict): string[] {
  return [
    ...missed.map((code) => `missed: ${name}: ${code}`),
    ...unlisted.map(({ code }) => `unlisted: ${name}: ${code}`),
  ];
}

describe('the labelled runs', () => {
  const verdicts: Verdict[] = [];
  const failures: string[] = [];

  beforeAll(async () => {
    const waiting = faultPrograms().map(faultCase);
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await judge(next);
    };
    await Promise.all(Array.from({ length: atATime }, work));
    verdicts.sort((a, b) => (a.name < b.name ? -1 : 1));
    console.log([scoreOf(verdicts).table, ...verdicts.flatMap(remarks)].join('\n'));
  }, 300_000);

  async function judge(each: FaultCase): Promise<void> {
    try {
      verdicts.push(verdictOn(each, await runCase(each)));
    } catch (error) {
      failures.push((error as Error).message);
    }
  }

  it('can all be run', () => {
    expect(failures).toEqual([]);
  });

  it('get at least 95 % of the expected findings', () => {
    const missed = verdicts.flatMap(({ name, missed }) => missed.map((code) => `${name}: ${code}`));
    expect(scoreOf(verdicts).recall, missed.join('\n')).toBeGreaterThanOrEqual(0.95);
  });

  it('get findings only at the expected places', () => {
    const misplaced = verdicts.flatMap(({ name, misplaced }) =>
      misplaced.map(({ code, words }) => `${name}: ${code} ${words}`),
    );
    expect(misplaced).toEqual([]);
  });

  it('get no wrong findings', () => {
    const wrong = verdicts.flatMap(({ name, wrong }) =>
      wrong.map(({ code, severity, message }) => `${name}: ${severity} ${code}: ${message}`),
    );
    expect(wrong).toEqual([]);
  });
});
