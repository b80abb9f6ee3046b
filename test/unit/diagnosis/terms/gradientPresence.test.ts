import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve';
import { GradientPresence } from '../../../../src/core/diagnosis/terms/gradientPresence';
import { ScriptedPath } from '../support/scriptedPath';

const { config } = resolveConfig([{ optimizer: { name: 'sgd' } }]);

/** The expected result, computed from all gradients of a coordinate. */
function plain(grads: readonly number[]) {
  const last = grads.findLastIndex((g) => g !== 0) + 1;
  return {
    last,
    zeros: grads.length - last,
    count: grads.filter((g) => g !== 0).length,
    arrivalSteps: [
      grads.findIndex((g) => g !== 0) + 1,
      grads.findLastIndex((g, k) => g !== 0 && (k === 0 || grads[k - 1] === 0)) + 1,
    ],
    arrivals: grads.filter((g, k) => g !== 0 && (k === 0 || grads[k - 1] === 0)).length,
  };
}

describe('the steps at which coordinates have a gradient', () => {
  it('match a count over the whole history, after every step', () => {
    // Steps at which all coordinates have a gradient are common, often many in a row. They are counted in a
    // different way.
    const grad = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(1, -2, Number.NaN) },
      { weight: 1, arbitrary: fc.constant(0) },
    );
    const histories = fc
      .integer({ min: 1, max: 3 })
      .chain((dim) => fc.array(fc.array(grad, { minLength: dim, maxLength: dim }), { minLength: 1 }));
    fc.assert(
      fc.property(histories, (history) => {
        const dim = history[0]!.length;
        const presence = new GradientPresence(dim);
        const path = new ScriptedPath(config, dim);
        expect(presence.length).toBe(dim);
        history.forEach((row, k) => {
          presence.onStep(path.step({ loss: 0, grad: row }));
          for (let i = 0; i < dim; i++)
            expect({
              last: presence.lastAt(i),
              zeros: presence.zerosOf(i),
              count: presence.countOf(i),
              arrivals: presence.arrivalsOf(i),
              arrivalSteps: [presence.firstArrivalOf(i), presence.lastArrivalOf(i)],
            }).toEqual(plain(history.slice(0, k + 1).map((each) => each[i]!)));
        });
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
