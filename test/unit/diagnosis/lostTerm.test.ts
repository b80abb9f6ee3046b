import { describe, expect, it } from 'vitest';
import {
  type CutLoss,
  type CutMove,
  termThatHides,
  termThatRaises,
} from '../../../src/core/gradient/lostTerm';

/** A loss of one coordinate: its value, its derivative as autodiff gives it, and the results of its operations by site. */
interface Example {
  readonly loss: (x: number) => number;
  readonly slope: (x: number) => number;
  readonly results: readonly ((x: number) => number)[];
  /** The moves from a point, for each site. */
  readonly moves?: readonly { readonly site: number; readonly by: number; readonly isComparison?: boolean }[];
}

function cutLossOf({ loss, slope, results, moves = [] }: Example): CutLoss {
  return {
    value: ([x]) => loss(x!),
    view: async ([x]) => ({
      loss: loss(x!),
      grad: Float64Array.of(slope(x!)),
      cuts: results.map((result, site) => ({ site, result: result(x!) })),
    }),
    moves: async () =>
      moves.map(
        ({ site, by, isComparison = false }): CutMove => ({ site, isComparison, move: Float64Array.of(by) }),
      ),
  };
}

const raises = (example: Example, from: number, to: number) =>
  termThatRaises(cutLossOf(example), Float64Array.of(from), Float64Array.of(to));
const hides = (example: Example, at: number, gain: number, longest = 1) =>
  termThatHides(cutLossOf(example), Float64Array.of(at), gain, longest);

const rounded: Example = {
  loss: (x) => (Math.round(x) - 7) ** 2 + 0.05 * x * x,
  slope: (x) => 0.1 * x,
  results: [Math.round],
};

describe('the term that raises the loss', () => {
  it('is the rounded one, with the sum of its jumps', async () => {
    const found = await raises(rounded, 3, 0.1);
    expect(found).toMatchObject({ site: 0, kind: 'raises' });
    expect(found!.jumps).toBeCloseTo(49 - 16, 9);
    expect(found!.rest).toBeCloseTo(0.05 * (0.01 - 9), 9);
  });

  it('is found among hundreds of jumps', async () => {
    const fine: Example = {
      loss: (x) => (Math.floor(100 * x) / 100 - 7) ** 2 + 0.05 * x * x,
      slope: (x) => 0.1 * x,
      results: [(x) => Math.floor(100 * x)],
    };
    expect((await raises(fine, 3, 0.1))!.jumps).toBeCloseTo(6.9 ** 2 - 16, 9);
  });

  it('is the operation that jumps, not another one that changes at other points', async () => {
    const both: Example = { ...rounded, results: [(x) => Number(x > 1.2), Math.round] };
    const found = await raises(both, 3, 0.1);
    expect(found!.site).toBe(1);
    expect(found!.jumps).toBeCloseTo(33, 0);
  });

  it.for<[string, Example, number, number]>([
    [
      'an index of joining pieces',
      {
        loss: (x) => Math.floor(x) ** 2 + (x - Math.floor(x)) * (2 * Math.floor(x) + 1),
        slope: (x) => 2 * Math.floor(x) + 1,
        results: [Math.floor],
      },
      0.3,
      5.6,
    ],
    [
      'a rounding that the loss does not use',
      { loss: (x) => x ** 4, slope: (x) => 4 * x ** 3, results: [Math.round] },
      0.2,
      9,
    ],
    [
      'a comparison that selects joining pieces',
      {
        loss: (x) => (x > 1 ? x : x * x),
        slope: (x) => (x > 1 ? 1 : 2 * x),
        results: [(x) => Number(x > 1)],
      },
      0.1,
      8,
    ],
    ['a loss whose smooth part rises, too', rounded, 0.2, -9],
    ['a loss that fell', rounded, 0.1, 3],
  ])('is none of %s', async ([, example, from, to]) => {
    expect(await raises(example, from, to)).toBeNull();
  });
});

describe('the term that hides a lower loss', () => {
  const resting: Example = {
    loss: (x) => (Math.round(x) - 7) ** 2 + (x - 3.2) ** 2,
    slope: (x) => 2 * (x - 3.2),
    results: [Math.round],
    moves: [
      { site: 0, by: 1 },
      { site: 0, by: -1 },
    ],
  };

  it('is found behind the nearest jump', async () => {
    const found = await hides(resting, 3.2, 0.1);
    expect(found).toMatchObject({ site: 0, kind: 'hides', from: 16 });
    expect(found!.to).toBeCloseTo(9.09, 6);
    expect(found!.jumps).toBeCloseTo(-7, 6);
  });

  it('is none if the gain does not matter', async () => {
    expect(await hides(resting, 3.2, 8)).toBeNull();
  });

  it('is none where the gradient leads there', async () => {
    const led = {
      ...resting,
      loss: (x: number) => (Math.round(x) - 7) ** 2 + (x - 7) ** 2,
      slope: (x: number) => 2 * (x - 7),
    };
    expect(await hides(led, 3.2, 0.1)).toBeNull();
  });

  it('is none if the loss is higher behind the jumps', async () => {
    const best = { ...resting, loss: (x: number) => (Math.round(x) - 3) ** 2 + (x - 3.2) ** 2 };
    expect(await hides(best, 3.2, 0.1)).toBeNull();
  });

  it('is none at a comparison that is far away', async () => {
    const step: Example = {
      loss: (x) => (x > 2 ? 0 : 5) + 1e-3 * x * x,
      slope: (x) => 2e-3 * x,
      results: [(x) => Number(x > 2)],
      moves: [{ site: 0, by: 2.002, isComparison: true }],
    };
    expect(await hides(step, 0, 0.1, 1)).toBeNull();
    expect(await hides(step, 0, 0.1, 3)).toMatchObject({ site: 0, kind: 'hides' });
  });
});
