import { beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { messageOf } from '../../../src/core/diagnosis/finding';
import { optimizerNames } from '../../../src/core/optimizers/registry';
import type { StepView } from '../../../src/core/update';
import { diagnosed, label } from './support/diagnosed';
import { complaintAbout } from './support/healthy/complaint';
import { RunNumbers } from './support/healthy/numbers';
import { healthyRun } from './support/healthyRun';
import { toldTable } from './support/toldTable';

const seeds = Array.from({ length: 500 }, (_, seed) => seed);
/** The limit for warnings and errors together: one in 250 runs. */
const falseAlarmsAllowed = 2;

interface Seen {
  readonly seed: number;
  readonly name: string;
  readonly complaint: string | null;
  readonly labels: readonly string[];
  readonly alarms: readonly string[];
}

async function seen(seed: number): Promise<Seen> {
  const { name, problem, patch, least, validation } = healthyRun(seed);
  const { config } = resolveConfig([patch]);
  const isBatched = config.batch !== null;
  const numbers = new RunNumbers(problem.objective, problem.start, config);
  const watched: number[] = [];
  const also = {
    onStep(step: StepView) {
      numbers.onStep(step);
      if (validation && step.watched !== watched.at(-1)) watched.push(step.watched);
    },
  };
  const { alarms, labels } = await diagnosed(problem, [patch], {
    also,
    around: true,
    isContextual: isBatched,
    ...(validation ? { validation } : {}),
  });
  return {
    seed,
    name,
    complaint: complaintAbout(numbers, least, isBatched, watched),
    labels,
    alarms: alarms.map((alarm) => `${label(alarm)} at steps ${alarm.steps.join('–')}: ${messageOf(alarm)}`),
  };
}

describe('500 healthy runs', () => {
  const runs: Seen[] = [];
  beforeAll(async () => {
    for (const seed of seeds) runs.push(await seen(seed));
  }, 400_000);

  it('use every optimizer, and their numbers show no defect', () => {
    for (const optimizer of optimizerNames)
      expect(runs.filter(({ name }) => name.startsWith(`${optimizer} on`)).length).toBe(50);
    const complaints = runs.filter(({ complaint }) => complaint !== null);
    expect(
      complaints.map(({ seed, name, complaint }) => `healthyRun(${seed}), ${name}: ${complaint}`),
    ).toEqual([]);
  });

  it(`get at most ${falseAlarmsAllowed} warnings and errors`, () => {
    const said = runs.flatMap(({ seed, name, alarms }) =>
      alarms.map((alarm) => `healthyRun(${seed}), ${name}: ${alarm}`),
    );
    // Print even a tolerated number of alarms: each one must be judged by a person.
    console.log([`${said.length} warnings and errors in ${runs.length} healthy runs`, ...said].join('\n'));
    console.log(toldTable(runs.map(({ labels }) => labels)));
    expect(said.length, said.join('\n')).toBeLessThanOrEqual(falseAlarmsAllowed);
  });
});
