import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime';
import { type Operator, operators, outcome, samples } from './support/operators';

describe('on plain values the runtime behaves like the language', () => {
  test.each(operators)('%s', (_name, ours, native) => {
    for (const [nameA, a] of samples)
      for (const [nameB, b] of samples) {
        // An object that is created anew is identical only to itself.
        const [x, y] = [a(), b()];
        const found = outcome(ours as Operator, x, y);
        if (!Object.is(found, outcome(native, x, y)))
          expect.fail(`(${nameA}, ${nameB}): ${String(found)}, not ${String(outcome(native, x, y))}`);
      }
  });

  test('for random numbers', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        for (const [name, ours, native] of operators)
          if (!Object.is(outcome(ours as Operator, a, b), outcome(native, a, b))) throw new Error(name);
      }),
      { seed: 20_261, numRuns: 2000 },
    );
  });

  test('when the same object is both operands', () => {
    const object = {};
    expect($.same(object, object)).toBe(true);
    expect($.eq(object, object)).toBe(true);
    expect($.eq(object, {})).toBe(false);
    expect($.same(Array, $.Array)).toBe(true);
    expect($.same(new $.Map().constructor, Map)).toBe(true);
    expect($.eq([].constructor, $.Array)).toBe(true);
  });
});
