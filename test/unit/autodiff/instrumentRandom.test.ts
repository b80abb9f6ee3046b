import { expect, test } from 'vitest';
import { bothWays, outcomeOf } from './support/instrumented';
import { randomProgram } from './support/randomProgram';
import { seededRandom } from './support/seededRandom';

type Main = (log: (...values: unknown[]) => unknown, h: number) => unknown;

/** To repeat one program, replace this list by its seed. */
const seeds = Array.from({ length: 12 }, (_, index) => 1000 * index + 1);
const programsEach = 40;

test.each(seeds)(
  'random programs behave as before (seed %i)',
  async (seed) => {
    const bodies = Array.from({ length: programsEach }, (_, index) =>
      randomProgram(seededRandom(seed + index)),
    );
    const functions = bodies.map(
      (body, index) => `export function main${index}(log: any, h: any): any {\n${body}\n}\n`,
    );
    const { plain, rewritten, linked } = await bothWays({ 'a.ts': functions.join('\n') });
    expect(linked.problems).toEqual([]);
    for (const [index, body] of bodies.entries()) {
      const run = (exports: typeof plain) =>
        outcomeOf((log) => (exports[`main${index}`] as unknown as Main)(log, 3));
      expect(await run(rewritten), `seed ${seed + index}\n${body}`).toBe(await run(plain));
    }
  },
  30_000,
);
