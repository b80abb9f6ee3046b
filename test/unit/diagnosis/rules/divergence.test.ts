import { describe, expect, it } from 'vitest';
import type { MutingRule } from '../../../../src/core/diagnosis/rule';
import { RuleBench } from '../support/ruleBench';

/**
 * The least rise above the start in units of S, and how many consecutive steps must set a maximum or be that
 * high.
 */
const farAbove = 10;
const inARow = 3;
const consecutive = 100;

const bench = (patch = {}) =>
  new RuleBench('divergence', { optimizer: { name: 'sgd', lr: 0.1 }, steps: 1000, ...patch });
const repeat = (count: number, loss: number) => Array.from({ length: count }, () => loss);
/**
 * L0 = 1 and S = 1. The running median m is one step late, so it is far above the start from the second
 * rising loss on.
 */
const rising = (count: number, of = bench()) =>
  of.losses(1, 2, 2, ...Array.from({ length: count }, (_, k) => 12 + k));

describe('divergence', () => {
  it('is reported after three new maxima of m in a row', () => {
    expect(rising(inARow).found).toEqual([]);
    const { finding } = rising(inARow + 1);
    expect(finding).toMatchObject({ severity: 'error', steps: [2, 7], coordinates: [] });
    expect(finding!.evidence).toEqual({ startLoss: 1, loss: 15, lr: 0.1 });
  });

  it('is not a single high loss before a loss that is NaN, unless it is enormous', () => {
    expect(bench().losses(1, 0.9, 0.8, 50, Number.NaN).found).toEqual([]);
    expect(bench().losses(1, 0.9, 0.8, 50, Number.POSITIVE_INFINITY).found).toHaveLength(1);
    expect(bench().losses(1, 0.9, 0.8, 50, 60, Number.NaN).found).toHaveLength(1);
    expect(bench().losses(1, 0.9, 0.8, 1e8, Number.NaN).found).toHaveLength(1);
  });

  it('counts only maxima that are far above the start', () => {
    // m increases from the third step on, and is far above the start at the last loss.
    const run = bench().losses(1, 2, 4, 6, 8, 12, 13, 14);
    expect(run.found).toEqual([]);
    expect(run.losses(15).found).toHaveLength(1);
  });

  it('does not count a step that increases m without setting a maximum', () => {
    // m rises to 13, falls to 11.8, and rises again, but stays below 13.
    const run = bench().losses(1, 2, 2, 12, 13, 14, 11.8, 11.8, 12.2, 12.6, 12.9, 12.95, 13);
    expect(run.found).toEqual([]);
    expect(run.losses(14, 15, 16, 17).found).toHaveLength(1);
  });

  it('is reported after 100 consecutive steps far above the start, without growth', () => {
    // m is 40 from the second loss of 40 on.
    expect(bench().losses(1, 2, 2, ...repeat(consecutive, 40)).found).toEqual([]);
    expect(bench().losses(1, 2, 2, ...repeat(consecutive + 1, 40)).range).toEqual([2, consecutive + 4]);
    const torn = bench().losses(1, 2, 2, ...repeat(consecutive - 1, 40), 5, 5, ...repeat(consecutive, 40));
    expect(torn.found).toEqual([]);
    expect(torn.losses(40).found).toHaveLength(1);
  });

  it.each([
    [0.99 * farAbove, 0],
    [1.01 * farAbove, 1],
  ])('at %d S above the start, is reported %d times', (height, count) => {
    expect(bench().losses(1, 2, 2, ...repeat(consecutive + 50, 1 + height)).found).toHaveLength(count);
    // S is the improvement, if that is larger: here 5.
    const won = bench().losses(6, 1, 1, 1, ...repeat(consecutive + 50, 6 + 5 * height));
    expect(won.found).toHaveLength(count);
  });

  describe('counts an overflow', () => {
    it.each([
      [1 + 1.01 * farAbove, 1],
      [1 + 0.99 * farAbove, 0],
    ])('after a loss of %d, is reported %d times', (loss, count) => {
      const upTo = () => bench().losses(1, 2, loss);
      const infinite = Number.POSITIVE_INFINITY;
      expect(upTo().losses(infinite).found).toHaveLength(count);
      expect(upTo().losses(loss, Number.NaN).found).toHaveLength(count);
      expect(upTo().step({ loss, grad: infinite }).found).toHaveLength(count);
      expect(upTo().finish({ stopped: 'nonFinite' }).found).toHaveLength(count);
      const final = { params: new Float64Array(1), loss: infinite, gradNorm: 1 };
      expect(upTo().finish({ final }).found).toHaveLength(count);
      expect(upTo().finish({ final, stopped: 'error' }).found).toEqual([]);
      expect(upTo().finish().found).toEqual([]);
    });

    it('after a loss that is measured in units of S', () => {
      const won = (loss: number) => bench().losses(6, 1, 1, 1, loss, Number.POSITIVE_INFINITY).found.length;
      expect(won(6 + 5 * 1.01 * farAbove)).toBe(1);
      expect(won(6 + 5 * 0.99 * farAbove)).toBe(0);
    });

    it('once, and records its step', () => {
      const run = rising(5).losses(Number.NaN);
      expect(run.finding).toMatchObject({ steps: [2, 9], evidence: { overflowStep: 9 } });
      run.losses(Number.NaN, 20, 30).finish({ stopped: 'nonFinite' });
      expect(run.finding).toMatchObject({ steps: [2, 12], evidence: { overflowStep: 9 } });
      expect(run.found).toHaveLength(1);
      // An overflow is recorded even if the loss was low in between.
      expect(rising(5).losses(2, Number.NaN).finding!.evidence.overflowStep).toBe(10);
      expect(rising(4).finding!.evidence).not.toHaveProperty('overflowStep');
    });
  });

  it('extends its range at increasing intervals', () => {
    const run = rising(4);
    const { revision } = run.board;
    run.losses(...repeat(49, 100));
    expect(run.board.revision).toBe(revision);
    expect(run.losses(100).range).toEqual([2, 57]);
    expect(run.board.revision).toBe(revision + 1);
    run.losses(...repeat(49, 100));
    expect(run.range).toEqual([2, 57]);
    expect(run.finish().range).toEqual([2, 106]);
    // Finishing adds no revision when the range already ends at the last step.
    const ended = rising(4).losses(...repeat(50, 100));
    const before = ended.board.revision;
    expect(ended.finish().board.revision).toBe(before);
  });

  describe('becomes instability-at-start', () => {
    const became = (...losses: readonly number[]) =>
      rising(4)
        .losses(...losses)
        .board.findings.map(({ code, steps, evidence }) => ({ code, steps, peak: evidence.peakLoss }));

    it('when m returns to the start', () => {
      expect(became(1, 1)).toEqual([{ code: 'instability-at-start', steps: [2, 7], peak: 15 }]);
      expect(became(1.001, 1.001)).toMatchObject([{ code: 'divergence' }]);
    });

    it('and reports the largest loss as its peak', () => {
      expect(became(900, 20, 1, 1)).toMatchObject([{ peak: 900 }]);
      expect(became(3, 3, 3, 1, 1)).toMatchObject([{ peak: 15 }]);
    });

    it('and a second divergence is counted from 0', () => {
      const run = rising(4).losses(1, 1, 1, 20, 20, 20);
      expect(run.board.findings.map(({ code }) => code)).toEqual(['instability-at-start']);
      run.losses(21, 22, 23, 24);
      expect(run.board.findings.map(({ code, steps }) => [code, steps])).toEqual([
        ['instability-at-start', [2, 7]],
        ['divergence', [11, 17]],
      ]);
      const stood = rising(4).losses(...repeat(80, 15), 1, 1, 1, ...repeat(consecutive, 15));
      expect(stood.found).toEqual([]);
      expect(stood.losses(15).found).toHaveLength(1);
    });
  });

  it('mutes other rules while it lasts', () => {
    const muted = ({ rule }: RuleBench) => (rule as MutingRule).mutesOthers;
    expect(muted(rising(3))).toBe(false);
    expect(muted(rising(4))).toBe(true);
    expect(muted(rising(4).losses(1, 1))).toBe(false);
  });

  describe('explains the cause', () => {
    const met = (
      curvature: number,
      optimizer: Record<string, string | number> = { name: 'sgd', lr: 0.1 },
    ) => {
      const run = bench({ optimizer });
      run.curvature = curvature;
      return rising(4, run).finding!;
    };

    it('with the measured curvature, if lr is larger than 2/curvature', () => {
      expect(met(21).detail).toContain('stable only below lr = ');
      expect(met(19).detail).toContain('likely too long');
      expect(met(21).evidence.curvature).toBe(21);
      expect(met(Number.NaN).evidence).not.toHaveProperty('curvature');
      expect(met(0).evidence).not.toHaveProperty('curvature');
      expect(met(21, { name: 'adam', lr: 0.1 }).evidence).not.toHaveProperty('curvature');
    });

    it('with the stability limit of the optimizer', () => {
      const heavyBall = { name: 'sgd', lr: 0.1, momentum: 0.9 };
      expect(met(39, heavyBall).detail).toContain(
        'gradient descent with momentum 0.9 is stable only below lr = 0.0974, but lr = 0.1.',
      );
      expect(met(37, heavyBall).detail).not.toContain('stable only');
      expect(met(1000, { name: 'signsgd', lr: 0.1 }).detail).not.toContain('stable only');
    });

    it('and proposes to clip at a tenth of the first gradient norm', () => {
      const clips = (first: number, curvature = Number.NaN, patch = {}) => {
        const run = bench(patch);
        run.curvature = curvature;
        run.step({ loss: 1, grad: first });
        return run.losses(2, 2, 12, 13, 14, 15).finding!.fixes.flatMap((fix) => fix.patch!.clip ?? []);
      };
      expect(clips(80)).toEqual([{ norm: 8, value: null }]);
      // As short as with a learning rate of 1/λ: a twentieth of the first gradient norm.
      expect(clips(80, 200)).toEqual([{ norm: 4, value: null }]);
      // Its steps do not depend on the size of the gradient.
      expect(clips(80, 200, { optimizer: { name: 'adam', lr: 0.1 } })).toEqual([]);
      expect(clips(0)).toEqual([]);
      expect(clips(80, Number.NaN, { clip: { norm: 3 } })).toEqual([]);
    });
  });

  it('states the steps at which the loss met its start, and the height from which it has fallen', () => {
    const losses = [1, 2, 2, ...repeat(30, 40), 0.5, ...repeat(80, 40), 1e9, ...repeat(20, 50)];
    const { finding } = bench()
      .losses(...losses)
      .finish();
    expect(finding).toMatchObject({
      steps: [2, losses.length],
      detail: expect.stringContaining(
        'above its starting value of 1 since step 2, except in 1 step. It grew to 1e9 at step 115, and is 50 at step',
      ),
    });
  });

  it('names the curvature of the first sample, not that of a loss that has already grown', () => {
    const grown = { value: 1e100, limit: 2, largest: 1e103 };
    const detailOf = (first: { value: number; limit: number; largest: number }) =>
      bench().losses(1).sample(first).losses(2).sample(grown).losses(2, 12, 13, 14, 15).finding!.detail;
    expect(detailOf({ value: 8, limit: 2, largest: 80 })).toMatch(
      /At step \d, the largest curvature was 80: gradient descent is stable only below lr = 0\.025, but lr = 0\.1\.$/,
    );
    expect(detailOf({ value: 1, limit: 2, largest: 10 })).not.toContain('largest curvature');
  });
});
