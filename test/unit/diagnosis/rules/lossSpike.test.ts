import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** Q, the gap before the judged step, the silence after a spike, and the share of what was won that counts. */
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

/** A loss that fell from 100 to 0 at once, up to step t. */
const fallen = (t: number, bench = spike()) => bench.losses(100).steps(t - 1, { loss: 0 });

describe('loss spike, of a whole loss', () => {
  it('takes more than a fiftieth of what was won', () => {
    expect(fallen(90).losses(100 * share).found).toEqual([]);
    const { finding } = fallen(90).losses(100 * share * 1.001);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [91, 91],
      evidence: { lossBefore: 0, peakStep: 91, count: 1, improvement: 100, lr: 0.3 },
    });
  });

  it('takes as much where most of that was lost again', () => {
    // R = 100, but the window is at 50: a fiftieth of L0 − m is 1 alone.
    const slow = (loss: number) => fallen(10).steps(90, { loss: 50 }).losses(loss);
    expect(slow(50 + 100 * share).found).toEqual([]);
    expect(slow(50 + 100 * share * 1.001).found).toHaveLength(1);
  });

  it('takes more than rounding', () => {
    // fl = 64 ε 1e6 = 1.4e-8, and R = 1e-9.
    const flat = (rise: number) =>
      spike()
        .losses(1e6)
        .steps(90, { loss: 1e6 - 1e-9 })
        .losses(1e6 + rise);
    expect(flat(1.2e-8).found).toEqual([]);
    expect(flat(1.6e-8).found).toHaveLength(1);
  });

  it('is measured from the highest loss of the window', () => {
    const above = (loss: number) => fallen(60).losses(10).steps(20, { loss: 0 }).losses(loss);
    expect(above(11.9).found).toEqual([]);
    expect(above(12.1).found).toHaveLength(1);
  });

  it.each([
    ['the last of the gap', gap, false],
    ['the newest of the window', gap + 1, true],
    ['the oldest of the window', gap + window, true],
    ['older than the window', gap + window + 1, false],
  ])('a peak that is %s, %d steps back: counts %s', (_, ago, counts) => {
    // The peak is at a step that is not judged yet, so that it is no spike itself; the start has left the window.
    const t = Math.max(ago + 2, firstJudged + 1);
    const bench = fallen(t - ago - 1)
      .losses(10)
      .steps(ago - 1, { loss: 0 })
      .losses(5);
    expect(bench.t).toBe(t);
    expect(bench.found).toHaveLength(counts ? 0 : 1);
  });

  it('is not looked for before there is a window', () => {
    const still = (t: number) =>
      spike()
        .steps(t - 1, { loss: 0 })
        .losses(50);
    expect(still(firstJudged - 1).steps(50, { loss: 0 }).found).toEqual([]);
    expect(still(firstJudged).range).toEqual([firstJudged, firstJudged]);
  });

  it('tells of the rise from the median', () => {
    const { evidence } = spike().losses(120).steps(90, { loss: 20 }).losses(50).finding!;
    expect(evidence).toMatchObject({ peakLoss: 50, lossBefore: 20, rise: 30 });
    // Of the whole window, whichever of two losses is the oldest in it.
    for (const t of [90, 91]) {
      const two = spike()
        .losses(120)
        .steps(t, (k) => ({ loss: k % 2 === 0 ? 20 : 22 }))
        .losses(50);
      expect(two.finding!.evidence.lossBefore).toBe(21);
    }
  });

  it('is none where the run stands above its start', () => {
    const above = (level: number) =>
      spike().losses(100).steps(9, { loss: 0 }).steps(90, { loss: level }).losses(110);
    expect(above(100).found).toHaveLength(1);
    expect(above(100.5).found).toEqual([]);
  });

  it('leaves out losses that are not finite', () => {
    const holed = fallen(80).losses(Number.NaN, Number.POSITIVE_INFINITY);
    expect(holed.found).toEqual([]);
    expect(holed.steps(10, { loss: 0 }).losses(3).finding!.evidence.peakLoss).toBe(3);
  });

  it('is silent for as long as the last one may echo', () => {
    const again = (after: number) =>
      fallen(90)
        .losses(10)
        .steps(after - 1, { loss: 0 })
        .losses(20).finding!.evidence;
    expect(again(silence - 1)).toMatchObject({ count: 1, peakLoss: 20 });
    expect(again(silence + 1)).toMatchObject({ count: 2, peakLoss: 20 });
  });

  it('is followed to its top for a hundred steps', () => {
    const rising = fallen(90).losses(10).steps(98, { loss: 20 }).losses(20);
    expect(rising.finding).toMatchObject({ steps: [91, 92], evidence: { peakLoss: 20, peakStep: 92 } });
    // Too little above 20, which fills the window by now, to be one of its own.
    expect(rising.losses(21).finding!.evidence).toMatchObject({ peakLoss: 21, peakStep: 191, count: 1 });
    expect(rising.losses(21.5).finding!.evidence).toMatchObject({ peakLoss: 21, peakStep: 191 });
  });

  it('is posted once, by its highest', () => {
    const twice = (second: number) => fallen(90).losses(10).steps(199, { loss: 0 }).losses(second);
    expect(twice(5).finding).toMatchObject({ steps: [91, 91], evidence: { peakLoss: 10, count: 1 } });
    const { found } = twice(30);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      steps: [91, 291],
      evidence: { peakLoss: 30, peakStep: 291, count: 2, lossBefore: 0 },
    });
  });

  it('is none where an instability at the start was told', () => {
    expect(fallen(90).post('instability-at-start').losses(50).found).toEqual([]);
  });

  it('offers to clip at three times the usual gradient, without that of the spike', () => {
    const clips = (bench: RuleBench) => bench.finding!.fixes.flatMap(({ patch }) => patch.clip ?? []);
    // A running mean of 2 % a step: 1 + 99 · 0.98⁹⁰ = 17.1.
    const bench = spike().step({ loss: 100, grad: 100 }).steps(90, { loss: 0, grad: 1 });
    expect(clips(bench.step({ loss: 10, grad: 1e5 }))).toEqual([{ norm: 50, value: null }]);
    // Of gradients of one size it is that size: 1.47 and 1.53 are not rounded alike.
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

describe('loss spike, of mini-batches', () => {
  const stepsPerEpoch = 30;
  const length = 2 * stepsPerEpoch;
  const batches = () => spike({ samples: 300, batch: 10 }, { stepsPerEpoch });
  /** Batches of 9 and 11 by turns: m = 10, M = 11 and MAD = 1. R is about 100. */
  const noisy = (t: number) =>
    batches()
      .losses(110)
      .steps(t - 1, (k) => ({ loss: k % 2 === 0 ? 11 : 9 }));

  it('takes six deviations of the noise', () => {
    const least = 11 + mads * madOfNormal;
    expect(noisy(100).losses(least - 0.01, least - 0.01, least - 0.01).found).toEqual([]);
    expect(noisy(100).losses(least + 0.01, least + 0.01).found).toHaveLength(1);
  });

  it('of which the median counts, down as well as up', () => {
    // Deviations of 3 and 1 from m = 1, as many of each: MAD = 2.
    const uneven = (loss: number) =>
      batches()
        .losses(100)
        .steps(120, (k) => ({ loss: [4, -2, 2, 0][k % 4]! }))
        .losses(loss, loss, loss);
    const least = 4 + mads * madOfNormal * 2;
    expect(uneven(least - 0.01).found).toEqual([]);
    expect(uneven(least + 0.01).found).toHaveLength(1);
  });

  it('takes as much above the highest as that is above the median', () => {
    const peaked = (loss: number) =>
      batches().losses(100).steps(80, { loss: 0 }).losses(10).steps(40, { loss: 0 }).losses(loss, loss, loss);
    expect(peaked(19.9).found).toEqual([]);
    expect(peaked(20.1).found).toHaveLength(1);
  });

  it('takes a fiftieth of what was won without noise', () => {
    const still = (loss: number) => batches().losses(100).steps(120, { loss: 0 }).losses(loss, loss, loss);
    expect(still(100 * share).found).toEqual([]);
    expect(still(100 * share * 1.01).found).toHaveLength(1);
  });

  it.each([
    [[30, 30], true],
    [[30, 10, 30], true],
    [[30, 10, 10, 30], false],
    [[30, 10, 10, 10], false],
  ])('two of three losses: %j, %s', (losses, isFound) => {
    const bench = noisy(100).losses(...losses);
    expect(bench.found).toHaveLength(isFound ? 1 : 0);
    if (isFound) expect(bench.range).toEqual([100 + losses.length, 100 + losses.length]);
  });

  it('takes two of three losses of two batches an epoch', () => {
    const pair = () =>
      spike({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 }).losses(100).steps(120, { loss: 0 });
    expect(pair().losses(50, 0, 0, 0).found).toEqual([]);
    expect(pair().losses(50, 50).found).toHaveLength(1);
  });

  it('looks at two epochs', () => {
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

describe('loss spike, of a loss that reads its context', () => {
  const contextual = () => spike({}, { isContextual: true });

  it('is measured from the median, which is below the mean', () => {
    // Every twentieth loss is 1: the means of 20 never fall below 0.05, so that R = 99.95.
    const cyclic = (loss: number) =>
      contextual()
        .losses(100)
        .steps(120, (k) => ({ loss: k % 20 === 0 ? 1 : 0 }))
        .losses(loss, loss);
    expect(cyclic(1 + 99.97 * share).found).toEqual([]);
    expect(cyclic(1 + 100.03 * share).found).toHaveLength(1);
  });

  it('takes two of three losses', () => {
    expect(contextual().losses(100).steps(120, { loss: 0 }).losses(50, 0, 0, 0).found).toEqual([]);
  });
});
