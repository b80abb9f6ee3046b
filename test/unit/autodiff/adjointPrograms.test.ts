import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { runDual } from './support/dualInterpreter';
import { build, distance } from './support/generated';
import { randomLoss } from './support/randomLoss';

const seed = Number(process.env.ADJOINT_SEED ?? 1);
const programs = Number(process.env.ADJOINT_PROGRAMS ?? 60);
const dim = 3;

/** To repeat one program: ADJOINT_SEED=<seed> ADJOINT_PROGRAMS=1. */
test(`${programs} random losses, seeds from ${seed}`, { timeout: 600_000 }, () => {
  let generated = 0;
  for (let k = seed; k < seed + programs; k++) {
    const random = seededRandom(k, 0);
    const text = randomLoss(random, dim);
    const points = Array.from({ length: 3 }, () => Array.from({ length: dim }, () => 3 * random() - 1.5));
    for (const mode of ['reverse', 'forward'] as const) {
      const { loss, gradient, module, text: written } = buildOrSkip(text, mode) ?? {};
      if (!loss || !gradient || !module) continue;
      generated++;
      for (const point of points) {
        const oracle = runDual(module.program, 'loss', point, {});
        const grad = new Float64Array(dim);
        const value = gradient(point, grad, {});
        const told = `ADJOINT_SEED=${k} ADJOINT_PROGRAMS=1, ${mode}, at [${point}]: [${grad}], not [${oracle.gradient}]`;
        // The tape decides ties.
        if (value === null && oracle.isTie) continue;
        expect(value, `${told}\n${text}\n${written}`).toBe(loss([...point], {}));
        expect(distance(grad, oracle.gradient), `${told}\n${text}\n${written}`).toBeLessThan(1e-9);
      }
    }
  }
  // Nearly all random losses can be generated; only those that grow too large cannot.
  expect(generated).toBeGreaterThan(1.6 * programs);
});

function buildOrSkip(text: string, mode: 'forward' | 'reverse') {
  try {
    return build(text, dim, mode);
  } catch (error) {
    if (error instanceof Error && /too large/.test(error.message)) return null;
    throw new Error(`${error}\n${text}`);
  }
}
