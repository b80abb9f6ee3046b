import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/**
 * The length Q of the window, the gap before the judged step, the silence after a spike, and the least share
 * of the improvement.
 */
const window = 50;
const gap = 20;
const silence = 100;
const share = 1 / 50;
const madOfNormal = 1.4826;
const mads = 6;
/** No step before this one is judged. */
const firstJudged = window + gap + 1;

const spike = (patch = {}, options = {}) =>
  new RuleBench('loss-spike', { optimizer: { name: 'sgd', lr: 0.3 }, steps: 1000, ...patch }, options);

/** A loss that falls from 100 to 0 at once, up to step t. */
const fallen = (t: number, bench = spike()) => bench.losses(100).steps(t - 1, { loss: 0 });

describe('loss spike, full-batch loss', () => {
  it('needs a rise of more than a fiftieth of the improvement', () => {
    expect(fallen(90).losses(100 * share).found).toEqual([]);
    const { finding } = fallen(90).losses(100 * share * 1.001);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [91, 91],
      evidence: { lossBefore: 0, peakStep: 91, count: 1, improvement: 100, lr: 0.3 },
    });
  });

  it('needs the same rise when most of the improvement was lost again', () => {
    // R = 100, but m is 50 in the window: a fiftieth of L0 − m would be only 1.
    const slow = (loss: number) => fallen(10).steps(90, { loss: 50 }).losses(loss);
    expect(slow(50 + 100 * share).found).toEqual([]);
    expect(slow(50 + 100 * share * 1.001).found).toHaveLength(1);
  });

  it('needs a rise of more than the rounding error', () => {
    // The rounding error is 64 ε·1e6 = 1.4e-8, and R = 1e-9.
    const flat = (rise: number) =>
      spike()
        .losses(1e6)
        .steps(90, { loss: 1e6 - 1e-9 })
        .losses(1e6 + rise);
    expect(flat(1.2e-8).found).toEqual([]);
    expect(flat(1.6e-8).found).toHaveLength(1);
  });

  it('is measured from the highest loss in the window', () => {
    const above = (loss: number) => fallen(60).losses(10).steps(20, { loss: 0 }).losses(loss);
    expect(above(11.9).found).toEqual([]);
    expect(above(12.1).found).toHaveLength(1);
  });

  it.each([
    ['the last of the gap', gap, false],
    ['the newest of the window', gap + 1, true],
    ['the oldest of the window', gap + window, true],
    ['older than the window', gap + window + 1, false],
  ])('a peak that is %s, %d steps ago: is the reference %s', (_, ago, counts) => {
    // The peak itself comes before the first judged step, so it is no spike. The start has left the window.
    const t = Math.max(ago + 2, firstJudged + 1);
    const bench = fallen(t - ago - 1)
      .losses(10)
      .steps(ago - 1, { loss: 0 })
      .losses(5);
    expect(bench.t).toBe(t);
    expect(bench.found).toHaveLength(counts ? 0 : 1);
  });

  it('is no spike where the run has returned to such values all the time', () => {
    // After its descent the loss oscillates in bursts up to 10, and is then calm for longer than the window and the gap.
    const bursts = (count: number) => {
      const bench = spike({ steps: 3000 }).losses(100);
      for (let k = 0; k < count; k++)
        bench.steps(40, { loss: 0 }).steps(10, (at) => ({ loss: at % 2 === 0 ? 10 : 0 }));
      return bench.steps(window + gap, { loss: 0 });
    };
    expect(bursts(10).losses(10).found).toEqual([]);
    expect(bursts(10).losses(11.9).found).toEqual([]);
    expect(bursts(10).losses(12.1).found).toHaveLength(1);
    // The rise may begin at a usual height.
    const { evidence } = bursts(10).losses(9, 30, 4).finding!;
    expect(evidence).toMatchObject({ peakLoss: 30 });
    // Two bursts in the whole run are not usual.
    expect(bursts(1).losses(10).found).toHaveLength(1);
  });

  it('does not take the height of the descent for usual', () => {
    const slow = spike({ steps: 3000 }).steps(500, (k) => ({ loss: 100 - k / 10 }));
    expect(slow.steps(90, { loss: 0 }).losses(60).found).toHaveLength(1);
  });

  it('is not reported before the window is full', () => {
    const still = (t: number) =>
      spike()
        .steps(t - 1, { loss: 0 })
        .losses(50);
    expect(still(firstJudged - 1).steps(50, { loss: 0 }).found).toEqual([]);
    expect(still(firstJudged).range).toEqual([firstJudged, firstJudged]);
  });

  it('reports the rise above the median', () => {
    const { evidence } = spike().losses(120).steps(90, { loss: 20 }).losses(50).finding!;
    expect(evidence).toMatchObject({ peakLoss: 50, lossBefore: 20, rise: 30 });
    // The median of the full window does not depend on which of the two losses is the oldest.
    for (const t of [90, 91]) {
      const two = spike()
        .losses(120)
        .steps(t, (k) => ({ loss: k % 2 === 0 ? 20 : 22 }))
        .losses(50);
      expect(two.finding!.evidence.lossBefore).toBe(21);
    }
  });

  it('is not reported when the loss is above its start', () => {
    const above = (level: number) =>
      spike().losses(100).steps(9, { loss: 0 }).steps(90, { loss: level }).losses(110);
    expect(above(100).found).toHaveLength(1);
    expect(above(100.5).found).toEqual([]);
  });

  it('ignores losses that are not finite', () => {
    const holed = fallen(80).losses(Number.NaN, Number.POSITIVE_INFINITY);
    expect(holed.found).toEqual([]);
    expect(holed.steps(10, { loss: 0 }).losses(3).finding!.evidence.peakLoss).toBe(3);
  });

  it('does not count another spike during the silence after the last one', () => {
    const again = (after: number) =>
      fallen(90)
        .losses(10)
        .steps(after - 1, { loss: 0 })
        .losses(20).finding!.evidence;
    expect(again(silence - 1)).toMatchObject({ count: 1, peakLoss: 20 });
    expect(again(silence + 1)).toMatchObject({ count: 2, peakLoss: 20 });
  });

  it('reports the highest loss within a hundred steps', () => {
    const rising = fallen(90).losses(10).steps(98, { loss: 20 }).losses(20);
    expect(rising.finding).toMatchObject({ steps: [91, 92], evidence: { peakLoss: 20, peakStep: 92 } });
    // 21 is not far enough above 20, which fills the window by now, to be another spike.
    expect(rising.losses(21).finding!.evidence).toMatchObject({ peakLoss: 21, peakStep: 191, count: 1 });
    expect(rising.losses(21.5).finding!.evidence).toMatchObject({ peakLoss: 21, peakStep: 191 });
  });

  it('is one finding, for the highest spike', () => {
    const twice = (second: number) => fallen(90).losses(10).steps(199, { loss: 0 }).losses(second);
    expect(twice(5).finding).toMatchObject({ steps: [91, 291], evidence: { peakLoss: 10, count: 2 } });
    const { found } = twice(30);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      steps: [91, 291],
      evidence: { peakLoss: 30, peakStep: 291, count: 2, lossBefore: 0 },
    });
  });

  it('is blamed on momentum if steps of equal direction go up the slope, and on the step length otherwise', () => {
    const patch = { optimizer: { name: 'sgd', lr: 0.3, momentum: 0.99 } };
    const rising = (grad: (k: number) => number, delta = 0.1, steps = 6) =>
      fallen(90, spike(patch)).steps(steps, (k) => ({ loss: 3 * (k + 1), grad: grad(k), delta })).finding!;
    const carried = rising(() => 1);
    expect(carried.detail).toContain('Momentum (momentum = 0.99) carried the parameters past the minimum');
    expect(carried.detail).not.toContain('too long');
    expect(carried.advice).toMatch(/^Decrease momentum, decrease lr/);
    expect(carried.fixes[0]!.patch).toEqual({ optimizer: { momentum: 0.9 } });
    // Gradients that turn around, steps down the slope, a rise that is too short to tell.
    for (const other of [
      rising((k) => (k % 2 === 0 ? 1 : -1)),
      rising(() => 1, -0.1),
      rising(() => 1, 0.1, 3),
    ])
      expect(other.detail).toContain('The steps were likely too long for the local curvature');
  });

  it('is not reported after instability-at-start', () => {
    expect(fallen(90).post('instability-at-start').losses(50).found).toEqual([]);
  });

  it('proposes to clip at three times the usual gradient norm, which excludes the spike', () => {
    const clips = (bench: RuleBench) => bench.finding!.fixes.flatMap(({ patch }) => patch!.clip ?? []);
    // A running mean with a weight of 2 % per step: 1 + 99 · 0.98⁹⁰ = 17.1.
    const bench = spike().step({ loss: 100, grad: 100 }).steps(90, { loss: 0, grad: 1 });
    expect(clips(bench.step({ loss: 10, grad: 1e5 }))).toEqual([{ norm: 50, value: null }]);
    // For gradients of constant size, the mean is that size. Three times 0.49 and 0.51 are rounded
    // differently.
    const steady = (grad: number) =>
      spike().step({ loss: 100, grad }).steps(300, { loss: 0, grad }).step({ loss: 10 });
    expect(clips(steady(0.49))).toEqual([{ norm: 1, value: null }]);
    expect(clips(steady(0.51))).toEqual([{ norm: 2, value: null }]);
    const clipped = fallen(90, spike({ clip: { norm: 1 } })).losses(10);
    expect(clips(clipped)).toEqual([]);
    const broken = spike().step({ loss: 100, grad: 1 }).steps(89, { loss: 0, grad: 1 });
    broken.step({ loss: 0, grad: Number.NaN }).step({ loss: 10, grad: 1 });
    expect(clips(broken)).toEqual([{ norm: 3, value: null }]);
  });
});

describe('loss spike, mini-batches', () => {
  const stepsPerEpoch = 30;
  const length = 2 * stepsPerEpoch;
  const batches = () => spike({ samples: 300, batch: 10 }, { stepsPerEpoch });
  /** Alternating losses of 9 and 11: m = 10, M = 11 and MAD = 1. R is about 100. */
  const noisy = (t: number) =>
    batches()
      .losses(110)
      .steps(t - 1, (k) => ({ loss: k % 2 === 0 ? 11 : 9 }));

  it('needs a rise of six deviations of the noise', () => {
    const least = 11 + mads * madOfNormal;
    expect(noisy(100).losses(least - 0.01, least - 0.01, least - 0.01).found).toEqual([]);
    expect(noisy(100).losses(least + 0.01, least + 0.01).found).toHaveLength(1);
  });

  it('measures the noise by the median deviation, in both directions', () => {
    // Half of the deviations from m = 1 are 3, the others 1: MAD = 2.
    const uneven = (loss: number) =>
      batches()
        .losses(100)
        .steps(120, (k) => ({ loss: [4, -2, 2, 0][k % 4]! }))
        .losses(loss, loss, loss);
    const least = 4 + mads * madOfNormal * 2;
    expect(uneven(least - 0.01).found).toEqual([]);
    expect(uneven(least + 0.01).found).toHaveLength(1);
  });

  it('needs a rise above the maximum that equals the distance from the median to the maximum', () => {
    const peaked = (loss: number) =>
      batches().losses(100).steps(80, { loss: 0 }).losses(10).steps(40, { loss: 0 }).losses(loss, loss, loss);
    expect(peaked(19.9).found).toEqual([]);
    expect(peaked(20.1).found).toHaveLength(1);
  });

  it('needs a rise of a fiftieth of the improvement, without noise', () => {
    const still = (loss: number) => batches().losses(100).steps(120, { loss: 0 }).losses(loss, loss, loss);
    expect(still(100 * share).found).toEqual([]);
    expect(still(100 * share * 1.01).found).toHaveLength(1);
  });

  it.each([
    [[30, 30], true],
    [[30, 10, 30], true],
    [[30, 10, 10, 30], false],
    [[30, 10, 10, 10], false],
  ])('two of three losses: %j, reported %s', (losses, isFound) => {
    const bench = noisy(100).losses(...losses);
    expect(bench.found).toHaveLength(isFound ? 1 : 0);
    if (isFound) expect(bench.range).toEqual([100 + losses.length, 100 + losses.length]);
  });

  it('needs two of three losses, also with two batches per epoch', () => {
    const pair = () =>
      spike({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 }).losses(100).steps(120, { loss: 0 });
    expect(pair().losses(50, 0, 0, 0).found).toEqual([]);
    expect(pair().losses(50, 50).found).toHaveLength(1);
  });

  it('uses a window of two epochs', () => {
    const peakAgo = (ago: number) =>
      batches()
        .losses(100)
        .steps(10, { loss: 0 })
        .losses(10)
        .steps(ago - 1, { loss: 0 })
        .losses(15, 15, 15);
    expect(peakAgo(gap + length - 2).found).toEqual([]);
    expect(peakAgo(gap + length + 1).found).toHaveLength(1);
  });
});

describe('loss spike, a loss that depends on the step', () => {
  const contextual = () => spike({}, { isContextual: true });

  it('is measured from the median, which is below the mean', () => {
    // Every twentieth loss is 1, so the mean of 20 losses is never below 0.05, and R = 99.95.
    const cyclic = (loss: number) =>
      contextual()
        .losses(100)
        .steps(120, (k) => ({ loss: k % 20 === 0 ? 1 : 0 }))
        .losses(loss, loss);
    expect(cyclic(1 + 99.97 * share).found).toEqual([]);
    expect(cyclic(1 + 100.03 * share).found).toHaveLength(1);
  });

  it('needs two of three losses', () => {
    expect(contextual().losses(100).steps(120, { loss: 0 }).losses(50, 0, 0, 0).found).toEqual([]);
  });
});
