import { beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/core/diagnosis/finding';
import { diagnosed, label } from './support/diagnosed';
import { shortRun } from './support/shortRun';
import { toldTable } from './support/toldTable';

const seeds = Array.from({ length: 500 }, (_, seed) => seed);
/** The limit for warnings and errors together: one in 250 runs. */
const falseAlarmsAllowed = 2;
/** Kinds of verdicts that no healthy run may get. */
const alarming: readonly string[] = ['diverged', 'broken', 'unbounded'];

interface Seen {
  readonly run: string;
  readonly verdict: string;
  readonly labels: readonly string[];
  readonly alarms: readonly string[];
}

async function seen(seed: number): Promise<Seen> {
  const { name, problem, patch } = shortRun(seed);
  const { alarms, labels, verdict } = await diagnosed(problem, [patch], {
    around: true,
    isContextual: typeof patch.batch === 'number',
  });
  return {
    run: `shortRun(${seed}), ${name}`,
    verdict: verdict.kind,
    labels,
    alarms: alarms.map((alarm) => `${label(alarm)} at steps ${alarm.steps.join('–')}: ${messageOf(alarm)}`),
  };
}

describe('500 healthy runs of 20 to 150 steps', () => {
  const runs: Seen[] = [];
  beforeAll(async () => {
    for (const seed of seeds) runs.push(await seen(seed));
  }, 400_000);

  it(`get at most ${falseAlarmsAllowed} warnings and errors`, () => {
    const said = runs.flatMap(({ run, alarms }) => alarms.map((alarm) => `${run}: ${alarm}`));
    // Print even a tolerated number of alarms: each one must be judged by a person.
    console.log([`${said.length} warnings and errors in ${runs.length} short runs`, ...said].join('\n'));
    console.log(toldTable(runs.map(({ labels }) => labels)));
    expect(said.length, said.join('\n')).toBeLessThanOrEqual(falseAlarmsAllowed);
  });

  it('get no verdict that calls them diverged, broken or unbounded', () => {
    const counts = new Map<string, number>();
    for (const { verdict } of runs) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    console.log([...counts].map(([kind, count]) => `${kind}: ${count}`).join(', '));
    expect(runs.filter(({ verdict }) => alarming.includes(verdict)).map(({ run }) => run)).toEqual([]);
  });
});
