import { describe, expect, it } from 'vitest';
import { gradientRounding, roundingReport } from '../../../../src/core/diagnosis/probes/gradientRounding';
import { lossWordsOf } from '../../../../src/core/lossWords';
import type { Objective } from '../../../../src/core/objective';
import { expectWellWorded } from '../../../support/findingWords';

const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });
const objectiveOf = (slope: (x: number) => number): Objective => ({
  dim: 1,
  gradientMode: 'exact',
  value: () => 0,
  valueAndGradient([x], grad) {
    grad[0] = slope(x!);
    return 0;
  },
});
/** The derivative of (e^x − 1)/x as exact differentiation computes it. */
const cancelling = (x: number) => Math.exp(x) / x - (Math.exp(x) - 1) / (x * x);
const found = (slope: (x: number) => number, x: number, error = Number.POSITIVE_INFINITY) =>
  gradientRounding(objectiveOf(slope), Float64Array.of(x), 0, error, open);

describe('rounding of a gradient', () => {
  it.each([1e-9, 1e-10, 1e-11, 1e-12, -1e-11])('is seen where terms cancel: x = %d', async (x) => {
    const rounding = await found(cancelling, x, Math.abs(cancelling(x) - 0.5));
    expect(rounding).not.toBeNull();
    const report = roundingReport(3, rounding!, 'x', lossWordsOf({ maximize: false }));
    expectWellWorded(report);
    expect(report).toMatchObject({
      code: 'precision-loss',
      steps: [3, 3],
      evidence: { class: 'cancellation' },
    });
  });

  it.each([0.01, 1, -3])('is not seen where all digits are left: x = %d', async (x) => {
    expect(await found(cancelling, x)).toBeNull();
  });

  it('is not a gradient that is smoothly wrong, a pole, or a kink', async () => {
    expect(await found((x) => 2 * x + 1, 1, 1)).toBeNull();
    expect(await found((x) => 1 / x, 1e-12)).toBeNull();
    expect(await found((x) => (x > 1 + 2 ** -42 ? 1e6 : -1), 1)).toBeNull();
    expect(await found((x) => (x > 1 ? 1e6 : -1), 1)).toBeNull();
  });
});
