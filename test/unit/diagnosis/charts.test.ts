import { describe, expect, it } from 'vitest';
import { charted, chartOf } from '../../../docs/diagnoses/charts/chart.mjs';
import { catalogue, type DiagnosisCode, isRunCode } from '../../../src/core/diagnosis/catalogue';

describe('the charts of the diagnosis pages', () => {
  it('exist for every diagnosis of a run', () => {
    const codes = Object.keys(catalogue) as DiagnosisCode[];
    expect([...charted].sort()).toEqual(codes.filter(isRunCode).sort());
  });

  it.each(charted)('the example of %s gets this finding', async (code) => {
    const chart = await chartOf(code);
    expect(chart).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(chart).not.toMatch(/NaN|Infinity|undefined/);
  });
});
