import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../../webview/charts/heatShares';
import { edgesOf } from '../../../webview/ui/report/limitEdges';

const cells = [false, false, true, null].map((isBeyondLimit) => ({
  verdict: null,
  isBeyondLimit,
  isPresent: false,
  text: '',
  run: null,
  patch: {},
}));

describe('a heatmap', () => {
  it('draws the stability limit between cells of which both sides are known', () => {
    expect([0, 1, 2, 3].map((at) => edgesOf(cells, 4, at))).toEqual(['', '', 'limitLeft', '']);
    expect([0, 1, 2, 3].map((at) => edgesOf(cells, 1, at))).toEqual(['', '', 'limitTop', '']);
  });

  it('colours by the logarithm, and best where the value is best', () => {
    const share = (values: number[], rest: object) =>
      sharesOf({ values: Float64Array.from(values), log: true, maximizes: false, ...rest });
    expect(share([1e-6, 1e-3, 1, Number.NaN], {})).toEqual([0, 0.5, 1, Number.NaN]);
    expect(share([0, 0.1, 1], {})).toEqual([0, 0.5, 1]);
    expect(share([1, 3], { log: false, maximizes: true })).toEqual([1, 0]);
    expect(share([5, 5], {})).toEqual([0, 0]);
  });
});
