import { describe, expect, it } from 'vitest';
import { ClippingDominates } from '../../../src/recordings/rules/clippingDominates';
import { Divergence } from '../../../src/recordings/rules/divergence';
import { EpsDominates } from '../../../src/recordings/rules/epsDominates';
import { LossSpike } from '../../../src/recordings/rules/lossSpike';
import { NonFiniteGradient } from '../../../src/recordings/rules/nonFiniteGradient';
import { NonFiniteLoss } from '../../../src/recordings/rules/nonFiniteLoss';
import { ZeroGradient } from '../../../src/recordings/rules/zeroGradient';
import { reportOf, step, steps } from './support';

const nan = Number.NaN;

describe('a loss that is not finite', () => {
  it('is reported from its first step on, with the last finite one', () => {
    const report = reportOf(NonFiniteLoss, [
      step(3, { loss: 2 }),
      step(8, { loss: nan }),
      step(9, { loss: nan }),
    ]);
    expect(report).toMatchObject({ headline: 'The loss is NaN from step 8 on.', steps: [8, 9] });
    expect(report!.detail).toContain('At step 3, the recorded step before, it was 2.');
  });

  it('is reported at its step if it is finite again', () => {
    const report = reportOf(NonFiniteLoss, [step(1, { loss: Infinity }), step(2, { loss: 1 })]);
    expect(report!.headline).toBe('The loss is ∞ at step 1.');
    expect(report!.detail).toContain('It was never finite');
  });

  it('is not a loss that is missing, nor one at a scale that a scaler tries', () => {
    expect(reportOf(NonFiniteLoss, [step(1), step(2)])).toBeNull();
    expect(reportOf(NonFiniteLoss, [step(1, { loss: Infinity, lossScale: 65536 })])).toBeNull();
  });
});

describe('a gradient that is not finite', () => {
  const broken = [
    { gradNorm: 1, paramNorm: 1, nonFinite: 0 },
    { gradNorm: nan, paramNorm: 1, nonFinite: 0.5 },
  ];

  it('is reported with its tensor, at a finite loss', () => {
    expect(reportOf(NonFiniteGradient, [step(4, { loss: 1 }, broken)])).toMatchObject({
      headline: 'The gradient of 0.bias is not finite at step 4.',
      tensors: [1],
    });
  });

  it('is left to the loss, and to a scaler', () => {
    expect(reportOf(NonFiniteGradient, [step(4, { loss: nan }, broken)])).toBeNull();
    expect(reportOf(NonFiniteGradient, [step(4, { loss: 1, lossScale: 2 }, broken)])).toBeNull();
  });

  it('is not a norm that overflows, nor a tensor without a gradient', () => {
    const fine = [{ gradNorm: Infinity, paramNorm: 1, nonFinite: 0 }, {}];
    expect(reportOf(NonFiniteGradient, [step(4, { loss: 1 }, fine)])).toBeNull();
  });
});

describe('a divergence', () => {
  const run = (lossAt: (t: number) => number) =>
    reportOf(
      Divergence,
      steps(30, (t) => step(t, { loss: lossAt(t) })),
    );

  it('is a loss that stays far above its start', () => {
    expect(run((t) => 2 ** t)).toMatchObject({ code: 'divergence', steps: [expect.any(Number), 30] });
  });

  it('is no spike, and no noise', () => {
    expect(run((t) => (t === 25 ? 1e6 : 1))).toBeNull();
    expect(run((t) => (t % 2 === 0 ? 100 : 1))).toBeNull();
    // The losses of the start fluctuate by 10, so 50 is not far from them.
    expect(run((t) => (t <= 10 ? (t % 2 === 0 ? 0.1 : -10) : 50))).toBeNull();
    // Ten times the range of the start is not exceeded.
    expect(run((t) => (t <= 10 ? t : 109))).toBeNull();
    expect(run((t) => (t <= 10 ? t : 111))).not.toBeNull();
  });

  it('is withdrawn when the loss returns', () => {
    expect(run((t) => (t > 10 && t < 25 ? 1000 : 1))).toBeNull();
  });

  it('holds for negative losses', () => {
    expect(run((t) => (t <= 10 ? -5 : -4))).toBeNull();
    expect(run((t) => (t <= 10 ? -5 : 46))).not.toBeNull();
  });
});

describe('a gradient that is exactly 0', () => {
  const dead = (t: number) => step(t, {}, [{ gradNorm: 0 }, { gradNorm: 1 }]);

  it('is reported after 20 recorded steps', () => {
    expect(reportOf(ZeroGradient, steps(19, dead))).toBeNull();
    expect(reportOf(ZeroGradient, steps(20, dead))).toMatchObject({
      headline: 'The gradient of 0.weight is exactly 0.',
      tensors: [0],
      steps: [1, 20],
    });
  });

  it('is not reported of a tensor that ever had one, nor if no tensor has one', () => {
    expect(
      reportOf(ZeroGradient, [...steps(30, dead), step(31, {}, [{ gradNorm: 1e-9 }, { gradNorm: 1 }])]),
    ).toBeNull();
    expect(
      reportOf(
        ZeroGradient,
        steps(30, (t) => step(t, {}, [{ gradNorm: 0 }, { gradNorm: 0 }])),
      ),
    ).toBeNull();
  });
});

describe('eps', () => {
  const share = (epsShare: number) => (t: number) => step(t, {}, [{ epsShare }, { epsShare: 0.1 }]);

  it('is reported where it was 90 % of the divisor at the last 20 recorded steps', () => {
    expect(reportOf(EpsDominates, steps(20, share(0.95)))).toMatchObject({ severity: 'info', tensors: [0] });
    expect(reportOf(EpsDominates, steps(19, share(0.95)))).toBeNull();
    expect(reportOf(EpsDominates, steps(40, share(0.89)))).toBeNull();
    expect(reportOf(EpsDominates, [...steps(40, share(0.95)), share(0.2)(41)])).toBeNull();
  });
});

describe('clipping', () => {
  const clipped = (count: number, factor: number, every = 1) =>
    reportOf(
      ClippingDominates,
      steps(count, (t) => step(t, { clipFactor: t % every === 0 ? factor : 1 })),
    );

  it('is reported if it cuts nearly every gradient to less than a tenth', () => {
    expect(clipped(50, 0.01)).toMatchObject({ severity: 'info', evidence: { clippedShare: 1 } });
    expect(clipped(49, 0.01)).toBeNull();
    expect(clipped(60, 0.2)).toBeNull();
    expect(clipped(60, 0.01, 2)).toBeNull();
  });
});

describe('a spike of the loss', () => {
  /** Falls from 2 to 1, with a noise of 0.1. */
  const usual = (t: number) => 1 + 1 / t + 0.1 * Math.sin(17 * t);
  const run = (lossAt: (t: number) => number, count = 120) =>
    reportOf(
      LossSpike,
      steps(count, (t) => step(t, { loss: lossAt(t) })),
    );
  const bump = (t: number) => (t >= 80 && t < 90 ? 4 : usual(t));

  it('is reported with its peak, and the usual losses before it', () => {
    expect(run(bump)).toMatchObject({
      code: 'loss-spike',
      headline: 'The loss spiked during the training.',
      steps: [80, 89],
      evidence: { peakLoss: 4, peakStep: 80, count: 1 },
    });
  });

  it('begins at an extreme batch that high losses follow', () => {
    const report = run((t) =>
      t === 80 ? 1000 : t > 80 && t < 83 ? usual(t) : t >= 83 && t < 95 ? 4 : usual(t),
    );
    expect(report).toMatchObject({ steps: [80, 94], evidence: { peakLoss: 1000, peakStep: 80 } });
  });

  it('is no single high loss, and no noise', () => {
    expect(run((t) => (t === 80 ? 1000 : usual(t)))).toBeNull();
    expect(run((t) => (t % 20 === 0 ? 1000 : usual(t)))).toBeNull();
    expect(run(usual)).toBeNull();
  });

  it('is counted, with the highest of all', () => {
    const two = (t: number) => (t >= 160 && t < 165 ? 9 : bump(t));
    expect(run(two, 200)).toMatchObject({
      headline: 'The loss spiked several times during the training.',
      evidence: { count: 2, peakLoss: 9, peakStep: 160 },
    });
  });

  it('is no rise that stays, and none above the start', () => {
    expect(run((t) => (t >= 80 ? 4 : usual(t)))).toBeNull();
    expect(run((t) => (t === 1 ? 0.5 : bump(t)))).toBeNull();
  });

  it('is not judged at scales that a scaler tries', () => {
    expect(
      reportOf(
        LossSpike,
        steps(120, (t) => step(t, { loss: bump(t), lossScale: 2 })),
      ),
    ).toBeNull();
  });
});
