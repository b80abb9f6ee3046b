import { describe, expect, it } from 'vitest';
import { charted, chartOf } from '../../../docs/diagnoses/charts/chart.mjs';
import { catalogue } from '../../../src/core/diagnosis/catalogue';

describe('the charts of the diagnosis pages', () => {
  it('exist for every diagnosis', () => {
    expect([...charted].sort()).toEqual(Object.keys(catalogue).sort());
  });

  it.each(charted)('the example of %s gets this finding', async (code) => {
    const chart = await chartOf(code);
    expect(chart).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(chart).not.toMatch(/NaN|Infinity|undefined/);
  });
});
