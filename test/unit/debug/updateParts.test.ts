import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../src/core/explain/explanation';
import { updateParts } from '../../../src/debug/updateParts';

type Contribution = Explanation['contributions'][number];

const part = (kind: Contribution['kind'], value: number, step = 0): Contribution => ({
  kind,
  step,
  part: value,
  weight: Number.NaN,
  gradient: Number.NaN,
});

function explanation(
  contributions: Contribution[],
  recorded: number,
  factor: number | null = null,
): Explanation {
  const clipping =
    factor === null ? null : { by: 'norm' as const, limit: 1, factor, gradNorm: 1 / factor, raw: 1 };
  return { step: 7, contributions, recorded, clipping } as unknown as Explanation;
}

const sum = (parts: readonly { readonly part: number }[]) =>
  parts.reduce((total, each) => total + each.part, 0);

describe('the parts of an update', () => {
  it('are the gradients before, this gradient, and decay', () => {
    const parts = updateParts(
      explanation(
        [part('gradient', -0.25, 7), part('gradient', -0.5, 6), part('older', -0.125), part('decay', -1)],
        -1.875,
      ),
    );
    expect(parts).toEqual([
      { name: 'momentum: gradients before', part: -0.625 },
      { name: 'this gradient', part: -0.25 },
      { name: 'weight decay', part: -1 },
    ]);
  });

  it('show what clipping took away', () => {
    const parts = updateParts(explanation([part('gradient', -0.25, 7)], -0.25, 0.5));
    expect(parts).toEqual([
      { name: 'this gradient', part: -0.5 },
      { name: 'clipping', part: 0.25 },
    ]);
  });

  it('have no clipping without a limit, also of a gradient that is not finite', () => {
    const parts = updateParts(explanation([part('gradient', Number.NaN, 7)], Number.NaN));
    expect(parts).toEqual([{ name: 'this gradient', part: Number.NaN }]);
  });

  it('add up to an update that is much shorter than they are', () => {
    const number = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 6 }), number, (parts, recorded) => {
        const contributions = parts.map((value, i) => part('gradient', value, 7 - i));
        for (const scale of [1, 1e-9, 1e-17, 1e-30])
          expect(sum(updateParts(explanation(contributions, recorded * scale)))).toBe(recorded * scale + 0);
      }),
      { seed: 4 },
    );
  });

  it('add up to the recorded update, bit for bit', () => {
    const number = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 6 }), number, (parts, noise) => {
        const contributions = parts.map((value, i) => part('gradient', value, 7 - i));
        const recorded = sum(contributions) * (1 + noise * 1e-15);
        expect(sum(updateParts(explanation(contributions, recorded)))).toBe(recorded);
      }),
      { seed: 3 },
    );
  });
});
