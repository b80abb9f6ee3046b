import { describe, expect, it } from 'vitest';
import { bandAt, bandEnvelopes, bandWords } from '../../../webview/charts/bands';

const sample = (step: number, ...values: number[]) => [step, ...values];
const band = {
  points: Float64Array.from([
    ...sample(1, 0, 1, 2, 3, 4, 5, 6),
    ...sample(9, 0, 10, 20, 30, 40, 50, Number.POSITIVE_INFINITY),
  ]),
  of: 4899,
};

describe('a band', () => {
  it('has the values of the last sample that is not after a step', () => {
    const at = (step: number) => bandAt(band, step)?.step;
    expect([at(0), at(1), at(8), at(9), at(100)]).toEqual([1, 1, 1, 9, 9]);
    expect([...bandAt(band, 3)!.values]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(bandAt({ points: new Float64Array(0), of: 40 }, 1)).toBeNull();
  });

  it('gives the axis its areas, without values that are not finite', () => {
    expect(bandEnvelopes(band).map((envelope) => [...envelope])).toEqual([
      [1, 0, 6, 0, 9, Number.NaN, Number.NaN, 0],
      [1, 1, 5, 0, 9, 10, 50, 0],
      [1, 2, 4, 0, 9, 20, 40, 0],
    ]);
  });

  it('is described in words', () => {
    expect(bandWords(band, 2)).toBe('all 4899: median 3 (5 to 95 %: 1 to 5; min 0, max 6)');
  });
});
