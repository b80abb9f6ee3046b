import { describe, expect, it } from 'vitest';
import { orderedTensors, rowsOfTensors, rowValues } from '../../../webview/state/tensorRows';

const nan = Number.NaN;

describe('the rows of the heatmap of tensors', () => {
  it('are the tensors, if those are few', () => {
    expect(rowsOfTensors(['a.w', 'a.b'], 2)).toEqual([
      { name: 'a.w', tensors: [0] },
      { name: 'a.b', tensors: [1] },
    ]);
  });

  it('are modules, as deep as makes them few enough', () => {
    const names = ['h.0.up.w', 'h.0.up.b', 'h.0.down.w', 'h.1.up.w', 'head'];
    expect(rowsOfTensors(names, 4).map(({ name }) => name)).toEqual(['h.0.up', 'h.0.down', 'h.1.up', 'head']);
    expect(rowsOfTensors(names, 3)).toEqual([
      { name: 'h.0', tensors: [0, 1, 2] },
      { name: 'h.1', tensors: [3] },
      { name: 'head', tensors: [4] },
    ]);
    expect(rowsOfTensors(names, 1).map(({ name }) => name)).toEqual(['h', 'head']);
  });

  it('have the extreme value of their tensors, and none without a gradient', () => {
    const map = { steps: Float64Array.of(1, 2), values: Float64Array.of(1, nan, 3, nan, 2, 5) };
    const rows = [
      { name: 'a', tensors: [0, 1] },
      { name: 'b', tensors: [2] },
    ];
    expect([...rowValues(map, rows, 'updateRatio')]).toEqual([3, nan, 2, 5]);
    expect([...rowValues(map, rows, 'snr')]).toEqual([1, nan, 2, 5]);
  });
});

describe('the table of tensors', () => {
  const at = {
    step: 1,
    columns: ['gradNorm', 'snr'] as const,
    values: Float64Array.of(2, 0.5, nan, nan, 0, nan, 1, 0.1),
  };
  const names = ['a', 'b', 'c', 'd'];

  it('is in order of a statistic, those without a value last', () => {
    expect(orderedTensors(at, names, { by: 'snr', descending: false })).toEqual([3, 0, 1, 2]);
    expect(orderedTensors(at, names, { by: 'snr', descending: true })).toEqual([0, 3, 1, 2]);
    expect(orderedTensors(at, names, { by: 'name', descending: true })).toEqual([3, 2, 1, 0]);
  });

  it('lists as dead those with gradient 0 and those without a gradient', () => {
    expect(orderedTensors(at, names, { by: 'gradNorm', descending: false, deadOnly: true })).toEqual([2, 1]);
  });
});
