import { describe, expect, it } from 'vitest';
import { CoordinateLayout } from '../../../src/core/coordinates/coordinateLayout';
import { flatStart } from '../../../src/loss/start/startStructure';

const most = 1000;
const flat = (given: unknown) => {
  const result = flatStart(given, 'w', most);
  if (typeof result === 'number' || result === null) return result;
  return { values: [...result.values], names: result.names };
};

describe('a start that is built of arrays and objects', () => {
  it('is flattened in order, and names its arrays', () => {
    expect(
      flat({
        w1: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        b1: Float64Array.of(7, 8),
        c: 9,
      }),
    ).toEqual({
      values: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      names: ['w1[0..2][0..1]', 'b1[0..1]', 'c'],
    });
    expect(
      flat({
        layers: [
          { w: [1, 2], b: 3 },
          { w: [4], b: 5 },
        ],
      }),
    ).toEqual({
      values: [1, 2, 3, 4, 5],
      names: ['layers[0].w[0..1]', 'layers[0].b', 'layers[1].w[0..0]', 'layers[1].b'],
    });
    expect(flat({ net: { w: [1, 2] }, scale: 3 })?.valueOf()).toMatchObject({
      names: ['net.w[0..1]', 'scale'],
    });
  });

  it('has the names of the vector where it is an array', () => {
    expect(flat([1, 2, 3])).toEqual({ values: [1, 2, 3], names: null });
    expect(flat(Float32Array.of(1, 2))).toEqual({ values: [1, 2], names: null });
    expect(
      flat([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual({ values: [1, 2, 3, 4], names: ['w[0..1][0..1]'] });
    expect(flat([[1, 2], [3]])).toEqual({ values: [1, 2, 3], names: ['w[0][0..1]', 'w[1][0..0]'] });
  });

  it('has a name for each number', () => {
    const starts = [{ a: [[1], [2]], b: { c: [3, [4]] } }, [[[1, 2]], [[3, 4]]], { x: 1, y: [2, 3] }];
    for (const start of starts) {
      const { values, names } = flatStart(start, 'w', most) as { values: Float64Array; names: string[] };
      const layout = new CoordinateLayout(names, null, values.length);
      const all = [...values.keys()].map((i) => layout.nameOf(i));
      expect(new Set(all).size).toBe(values.length);
      expect(all.some((name) => name.startsWith('theta'))).toBe(false);
    }
  });

  it.each([[{}], [[]], [[1, Number.NaN]], [{ a: ['1'] }], [{ a: null }], ['12'], [null], [{ a: () => 1 }]])(
    'is refused with anything but finite numbers: %j',
    (given) => {
      expect(flat(given)).toBeNull();
    },
  );

  it('is refused with more numbers than can be run, and ends for an object that contains itself', () => {
    expect(flat({ w: new Float64Array(1001) })).toBe(1001);
    const cyclic: Record<string, unknown> = { a: 1 };
    cyclic.self = cyclic;
    expect(flat(cyclic)).toBeNull();
  });
});
