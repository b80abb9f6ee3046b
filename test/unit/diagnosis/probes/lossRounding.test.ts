import { describe, expect, it } from 'vitest';
import {
  dominates,
  isWithinRounding,
  lossRoundingReport,
} from '../../../../src/core/diagnosis/probes/lossRounding';
import { lossWordsOf } from '../../../../src/core/lossWords';
import { expectWellWorded } from '../../../support/findingWords';

const here = Float64Array.of(0.5);
const d = Float64Array.of(1);
const single = (error: number) => ({ error, bits: 24 });
/** (3 − x)²/3, rounded to multiples of 32. */
const toGrid = ([x]: Float64Array) => 32 * Math.round((3 - x!) ** 2 / 96);

describe('rounding that dominates a loss', () => {
  it('is as large as what the loss changes over the length of its parameter', async () => {
    expect(await dominates(single(25), toGrid, here, d, 32)).toBe(true);
  });

  it('is not that of a loss whose values are much larger, or were so in the run', async () => {
    expect(await dominates(single(25), () => 2600, here, d, 32)).toBe(false);
    expect(await dominates(single(25), toGrid, here, d, 2600)).toBe(false);
  });

  it('is not that of a loss that changes by more than ten times its error', async () => {
    const parabola = ([x]: Float64Array) => 1e-3 * (x! - 0.5) ** 2;
    expect(await dominates(single(1.01e-4), parabola, here, d, 0)).toBe(true);
    expect(await dominates(single(0.99e-4), parabola, here, d, 0)).toBe(false);
  });

  it('is none without an error', async () => {
    expect(await dominates(single(0), () => 0, here, d, 0)).toBe(false);
  });

  it('is reported with the format that the loss computes in', () => {
    const words = lossWordsOf({ maximize: false });
    const report = lossRoundingReport(3, 32, single(25), words);
    expectWellWorded(report);
    expect(report.detail).toContain('float32');
    const inDouble = lossRoundingReport(3, 32, { error: 25, bits: 53 }, words);
    expectWellWorded(inDouble);
    expect(`${inDouble.detail} ${inDouble.advice}`).not.toContain('float');
  });
});

describe('rounding that explains a difference', () => {
  const difference = (value: (params: Float64Array) => number, slope: number) => ({
    value,
    params: here,
    slope,
    d,
    setting: {},
    check: { verdict: 'differs', claimed: slope, measured: 0, uncertainty: 1e-12 } as const,
  });

  it('hides the slope', async () => {
    expect(await isWithinRounding(difference(toGrid, -1.7), single(25))).toBe(true);
  });

  it('does not hide a wrong slope', async () => {
    const parabola = ([x]: Float64Array) => (x! - 3) ** 2;
    expect(await isWithinRounding(difference(parabola, 0), single(1e-7))).toBe(false);
    expect(await isWithinRounding(difference(parabola, 0), single(0))).toBe(false);
  });
});
