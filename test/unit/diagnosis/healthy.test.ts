import { describe, expect, it } from 'vitest';
import { diagnosed } from './support/diagnosed';
import { healthyRun } from './support/healthyRun';

const seeds = Array.from({ length: 120 }, (_, seed) => seed);

describe('healthy runs', () => {
  it.each(seeds)('seed %i: no warning, no error', async (seed) => {
    const { name, problem, patch } = healthyRun(seed);
    const { alarms } = await diagnosed(problem, [patch]);
    const said = alarms.map(({ message }) => message).join('\n');
    expect(said, `healthyRun(${seed}), ${name}: ${JSON.stringify(patch)}`).toBe('');
  });
});
