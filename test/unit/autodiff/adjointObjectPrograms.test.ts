import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { runDual } from './support/dualInterpreter';
import { build, distance } from './support/generated';
import { randomObjectLoss } from './support/randomObjectLoss';

const seed = Number(process.env.ADJOINT_SEED ?? 1);
const programs = Number(process.env.ADJOINT_PROGRAMS ?? 60);
const dim = 3;

/** Reasons that refer to what a random program may do, but code cannot be generated for. */
const expected =
  /too large|outlive|changes its parameters|copies|copy of data|branch that may not|only objects that the loss makes|different classes|outlives/;

/** To repeat one program: ADJOINT_SEED=<seed> ADJOINT_PROGRAMS=1. */
test(`${programs} random losses with objects, seeds from ${seed}`, { timeout: 600_000 }, () => {
  let generated = 0;
  const refused = new Map<string, number>();
  for (let k = seed; k < seed + programs; k++) {
    const random = seededRandom(k, 0);
    const text = randomObjectLoss(random);
    const points = Array.from({ length: 3 }, () => Array.from({ length: dim }, () => 3 * random() - 1.5));
    for (const mode of ['reverse', 'forward'] as const) {
      const { loss, gradient, module, text: written } = buildOrSkip(text, mode, refused) ?? {};
      if (!loss || !gradient || !module) continue;
      generated++;
      for (const point of points) {
        const told = `ADJOINT_SEED=${k} ADJOINT_PROGRAMS=1, ${mode}, at [${point}]`;
        const plain = outcomeOf(() => loss([...point], {}));
        const grad = new Float64Array(dim);
        const value = outcomeOf(() => gradient(point, grad, {}));
        // The tape decides ties.
        if (value === null && runDual(module.program, 'loss', point, {}).isTie) continue;
        expect(value, `${told}\n${text}\n${written}`).toBe(plain);
        if (typeof plain !== 'number' || !Number.isFinite(plain)) continue;
        const oracle = runDual(module.program, 'loss', point, {});
        expect(
          distance(grad, oracle.gradient),
          `${told}: [${grad}], not [${oracle.gradient}]\n${text}\n${written}`,
        ).toBeLessThan(1e-9);
      }
    }
  }
  if (process.env.ADJOINT_LIST) console.log(generated, refused);
  expect(generated).toBeGreaterThan(0.9 * programs);
});

function outcomeOf(run: () => number | null): number | string | null {
  try {
    return run();
  } catch (error) {
    return `throws ${(error as Error).constructor.name}`;
  }
}

function buildOrSkip(text: string, mode: 'forward' | 'reverse', refused: Map<string, number>) {
  try {
    return build(text, dim, mode);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (!expected.test(message)) throw new Error(`${error}\n${text}`);
    const [, reason = ''] = /not generated: ([^:]*)/.exec(message) ?? [];
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
    return null;
  }
}
