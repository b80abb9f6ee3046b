import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve';
import { Moves } from '../../../../src/core/diagnosis/terms/moves';
import { ScriptedPath } from '../support/scriptedPath';

const { config } = resolveConfig([{ optimizer: { name: 'sgd' } }]);

describe('the path length of coordinates and its effect on the loss', () => {
  it('are exact sums over the steps; multiples of 1/4 are not rounded', () => {
    const quarters = fc.integer({ min: -40, max: 40 }).map((n) => n / 4);
    const step = fc.record({ grad: fc.tuple(quarters, quarters), delta: fc.tuple(quarters, quarters) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const moves = new Moves(2);
        const path = new ScriptedPath(config, 2);
        for (const { grad, delta } of steps) moves.onStep(path.step({ loss: 0, grad, delta }));
        const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
        const worth = ({ grad, delta }: (typeof steps)[number], i: 0 | 1) => Math.abs(grad[i] * delta[i]);
        for (const i of [0, 1] as const) {
          expect(moves.path[i]).toBe(sum(steps.map(({ delta }) => Math.abs(delta[i]))));
          expect(moves.work[i]).toBe(sum(steps.map((each) => worth(each, i))));
          expect(moves.peakGrad[i]).toBe(Math.max(...steps.map(({ grad }) => Math.abs(grad[i]))));
        }
        const last = steps.at(-1)!;
        expect(moves.stepWork).toBe(worth(last, 0) + worth(last, 1));
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
