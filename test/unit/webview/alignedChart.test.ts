import { describe, expect, it } from 'vitest';
import { alignedChart } from '../../../webview/charts/alignedChart';

const chart = {
  title: 'Loss',
  x: { title: 'step', log: false },
  y: { title: 'loss', log: true },
  alignments: ['step', 'epoch'],
  lines: [
    { name: 'a', points: Float64Array.of(4, 7, 8, 6), band: null, scales: [1, 0.25] },
    { name: 'b', points: Float64Array.of(4, 9), band: null },
  ],
  marks: [],
};

describe('the alignment of a chart', () => {
  it('scales each line by its own factor, and names the axis', () => {
    const { x, lines } = alignedChart(chart, 'epoch');
    expect([x.title, ...lines.map(({ points }) => [...points])]).toEqual(['epoch', [1, 7, 2, 6], [4, 9]]);
  });

  it('changes nothing by default, and where the choice does not exist', () => {
    expect(alignedChart(chart, undefined)).toBe(chart);
    expect(alignedChart(chart, 'step')).toBe(chart);
    expect(alignedChart(chart, 'hours')).toBe(chart);
  });
});
