import { describe, expect, it } from 'vitest';
import type { StateName } from '../../../src/core/optimizers/optimizer';
import { readMoments } from '../../../src/core/ownOptimizer/readMoments';

const read = (state: unknown, dim: number, names: readonly StateName[] = ['m', 'v']) =>
  Object.fromEntries([...readMoments(state, dim, names)].map(([name, values]) => [name, [...values]]));

class Public {
  t = 3;
  m = [1, 2, 3];
  _v = Float64Array.of(4, 5, 6);
  readonly #hidden = [7, 8, 9];
  get m2(): number[] {
    throw new Error(`a getter is not called (${this.#hidden.length})`);
  }
}

describe('the state of a user’s optimizer', () => {
  it.each<[string, unknown]>([
    ['arrays', { m: [1, 2, 3], v: [4, 5, 6] }],
    ['names as in torch', { exp_avg: [1, 2, 3], exp_avg_sq: [4, 5, 6] }],
    ['fields of an instance', new Public()],
    ['a record for each coordinate', { 0: { m: 1, v: 4 }, 1: { m: 2, v: 5 }, 2: { m: 3, v: 6 } }],
    [
      'a list of records',
      {
        slots: [
          { m: 1, v: 4 },
          { m: 2, v: 5 },
          { m: 3, v: 6 },
        ],
      },
    ],
    [
      'a map of records',
      {
        slots: new Map([
          [0, { m: 1, v: 4 }],
          [1, { m: 2, v: 5 }],
          [2, { m: 3, v: 6 }],
        ]),
      },
    ],
    ['an array for each tensor', { m: { w: [1, 2], b: [3] }, v: { w: [4, 5], b: [6] } }],
    ['a record for each tensor', { w: { m: [1, 2], v: [4, 5] }, b: { m: [3], v: [6] } }],
    ['one level deeper', { optimizer: { moments: { m: [1, 2, 3], v: [4, 5, 6] } } }],
  ])('is read from %s', (_name, state) => {
    expect(read(state, 3)).toEqual({ m: [1, 2, 3], v: [4, 5, 6] });
  });

  it('is not read from arrays of another length, from texts or from nothing', () => {
    expect(read({ m: [1, 2], v: ['4', '5', '6'] }, 3)).toEqual({});
    expect(read(undefined, 3)).toEqual({});
    const round: Record<string, unknown> = { v: [4, 5, 6] };
    round.self = round;
    expect(read(round, 3)).toEqual({ v: [4, 5, 6] });
  });

  it('gives one array to one name', () => {
    expect(read({ v: [1, 2] }, 2, ['momentum'])).toEqual({ momentum: [1, 2] });
    expect(read({ sum: [1, 2] }, 2, ['sum'])).toEqual({ sum: [1, 2] });
  });
});
