import { describe, expect, it } from 'vitest';
import type { MutingRule } from '../../../../src/core/diagnosis/rule';
import { RuleBench } from '../support/ruleBench';

/** How far above the start in units of S, steps in a row at a maximum, and on end. */
const farAbove = 10;
const inARow = 3;
const onEnd = 100;

const bench = (patch = {}) =>
  new RuleBench('divergence', { optimizer: { name: 'sgd', lr: 0.1 }, steps: 1000, ...patch });
const repeat = (count: number, loss: number) => Array.from({ length: count }, () => loss);
/** L0 = 1 and S = 1; then m, which is one step behind a loss that rises, is far above from the second loss on. */
const rising = (count: number, of = bench()) =>
  of.losses(1, 2, 2, ...Array.from({ length: count }, (_, k) => 12 + k));

describe('divergence', () => {
  it('takes a maximum of m three times in a row', () => {
    expect(rising(inARow).found).toEqual([]);
    const { finding } = rising(inARow + 1);
    expect(finding).toMatchObject({ severity: 'error', steps: [2, 7], coordinates: [] });
    expect(finding!.evidence).toEqual({ startLoss: 1, loss: 15, growth: 14, lr: 0.1 });
  });

  it('counts those far above alone', () => {
    // m rises from the third step on, and is far above with the last loss.
    const run = bench().losses(1, 2, 4, 6, 8, 12, 13, 14);
    expect(run.found).toEqual([]);
    expect(run.losses(15).found).toHaveLength(1);
  });

  it('takes no other one, though it grows', () => {
    // m rises to 13, falls to 11.8, and rises again, but not as high.
    const run = bench().losses(1, 2, 2, 12, 13, 14, 11.8, 11.8, 12.2, 12.6, 12.9, 12.95, 13);
    expect(run.found).toEqual([]);
    expect(run.losses(14, 15, 16, 17).found).toHaveLength(1);
  });

  it('takes them on end without growth', () => {
    // m is 40 from the second on.
    expect(bench().losses(1, 2, 2, ...repeat(onEnd, 40)).found).toEqual([]);
    expect(bench().losses(1, 2, 2, ...repeat(onEnd + 1, 40)).range).toEqual([2, onEnd + 4]);
    const torn = bench().losses(1, 2, 2, ...repeat(onEnd - 1, 40), 5, 5, ...repeat(onEnd, 40));
    expect(torn.found).toEqual([]);
    expect(torn.losses(40).found).toHaveLength(1);
  });

  it.each([
    [0.99 * farAbove, 0],
    [1.01 * farAbove, 1],
  ])('%d S above the start: %d found', (height, count) => {
    expect(bench().losses(1, 2, 2, ...repeat(onEnd + 50, 1 + height)).found).toHaveLength(count);
    // S is the improvement where that is larger: 5.
    const won = bench().losses(6, 1, 1, 1, ...repeat(onEnd + 50, 6 + 5 * height));
    expect(won.found).toHaveLength(count);
    if (count > 0) expect(won.finding!.evidence.growth).toBeCloseTo(height, 12);
  });

  describe('tells of an overflow', () => {
    it.each([
      [1 + 1.01 * farAbove, 1],
      [1 + 0.99 * farAbove, 0],
    ])('out of a loss of %d: %d found', (loss, count) => {
      const upTo = () => bench().losses(1, 2, loss);
      const infinite = Number.POSITIVE_INFINITY;
      expect(upTo().losses(infinite).found).toHaveLength(count);
      expect(upTo().losses(Number.NaN).found).toHaveLength(count);
      expect(upTo().step({ loss, grad: infinite }).found).toHaveLength(count);
      expect(upTo().finish({ stopped: 'nonFinite' }).found).toHaveLength(count);
      const final = { params: new Float64Array(1), loss: Number.NaN, gradNorm: 1 };
      expect(upTo().finish({ final }).found).toHaveLength(count);
      expect(upTo().finish({ final, stopped: 'error' }).found).toEqual([]);
      expect(upTo().finish().found).toEqual([]);
    });

    it('in units of S', () => {
      const won = (loss: number) => bench().losses(6, 1, 1, 1, loss, Number.NaN).found.length;
      expect(won(6 + 5 * 1.01 * farAbove)).toBe(1);
      expect(won(6 + 5 * 0.99 * farAbove)).toBe(0);
    });

    it('once, at its step', () => {
      const run = rising(5).losses(Number.NaN);
      expect(run.finding).toMatchObject({ steps: [2, 9], evidence: { overflowStep: 9 } });
      run.losses(Number.NaN, 20, 30).finish({ stopped: 'nonFinite' });
      expect(run.finding).toMatchObject({ steps: [2, 12], evidence: { overflowStep: 9 } });
      expect(run.found).toHaveLength(1);
      // Once it is told of, wherever the loss went before.
      expect(rising(5).losses(2, Number.NaN).finding!.evidence.overflowStep).toBe(10);
      expect(rising(4).finding!.evidence).not.toHaveProperty('overflowStep');
    });
  });

  it('lasts, quietly', () => {
    const run = rising(4);
    const { revision } = run.board;
    run.losses(...repeat(49, 100));
    expect(run.board.revision).toBe(revision);
    expect(run.losses(100).range).toEqual([2, 57]);
    expect(run.board.revision).toBe(revision + 1);
    run.losses(...repeat(49, 100));
    expect(run.range).toEqual([2, 57]);
    expect(run.finish().range).toEqual([2, 106]);
    // An end that it has come to already is no news.
    const ended = rising(4).losses(...repeat(50, 100));
    const before = ended.board.revision;
    expect(ended.finish().board.revision).toBe(before);
  });

  describe('becomes an instability at the start', () => {
    const became = (...losses: readonly number[]) =>
      rising(4)
        .losses(...losses)
        .board.findings.map(({ code, steps, evidence }) => ({ code, steps, peak: evidence.peakLoss }));

    it('when m is back at the start', () => {
      expect(became(1, 1)).toEqual([{ code: 'instability-at-start', steps: [2, 9], peak: 15 }]);
      expect(became(1.001, 1.001)).toMatchObject([{ code: 'divergence' }]);
    });

    it('with the largest loss as its peak', () => {
      expect(became(900, 20, 1, 1)).toMatchObject([{ peak: 900 }]);
      expect(became(3, 3, 3, 1, 1)).toMatchObject([{ peak: 15 }]);
    });

    it('and may begin again, anew', () => {
      const run = rising(4).losses(1, 1, 1, 20, 20, 20);
      expect(run.board.findings.map(({ code }) => code)).toEqual(['instability-at-start']);
      run.losses(21, 22, 23, 24);
      expect(run.board.findings.map(({ code, steps }) => [code, steps])).toEqual([
        ['instability-at-start', [2, 9]],
        ['divergence', [11, 17]],
      ]);
      const stood = rising(4).losses(...repeat(80, 15), 1, 1, 1, ...repeat(onEnd, 15));
      expect(stood.found).toEqual([]);
      expect(stood.losses(15).found).toHaveLength(1);
    });
  });

  it('mutes others while it lasts', () => {
    const muted = ({ rule }: RuleBench) => (rule as MutingRule).mutesOthers;
    expect(muted(rising(3))).toBe(false);
    expect(muted(rising(4))).toBe(true);
    expect(muted(rising(4).losses(1, 1))).toBe(false);
  });

  describe('says why', () => {
    const met = (
      curvature: number,
      optimizer: Record<string, string | number> = { name: 'sgd', lr: 0.1 },
    ) => {
      const run = bench({ optimizer });
      run.curvature = curvature;
      return rising(4, run).finding!;
    };

    it('by the curvature that was met, where lr is beyond 2 over that', () => {
      expect(met(21).detail).toContain('stable only below lr = ');
      expect(met(19).detail).toContain('likely too long');
      expect(met(21).evidence.curvature).toBe(21);
      expect(met(Number.NaN).evidence).not.toHaveProperty('curvature');
      expect(met(0).evidence).not.toHaveProperty('curvature');
      expect(met(21, { name: 'adam', lr: 0.1 }).evidence).not.toHaveProperty('curvature');
    });

    it('and offers to clip what the first step was made of', () => {
      const clips = (first: number, curvature = Number.NaN, patch = {}) => {
        const run = bench(patch);
        run.curvature = curvature;
        run.step({ loss: 1, grad: first });
        return run.losses(2, 2, 12, 13, 14, 15).finding!.fixes.flatMap((fix) => fix.patch.clip ?? []);
      };
      expect(clips(80)).toEqual([{ norm: 8, value: null }]);
      // As short as at a rate of 1/λ: a twentieth of it.
      expect(clips(80, 200)).toEqual([{ norm: 4, value: null }]);
      expect(clips(80, 200, { optimizer: { name: 'adam', lr: 0.1 } })).toEqual([{ norm: 8, value: null }]);
      expect(clips(0)).toEqual([]);
      expect(clips(80, Number.NaN, { clip: { norm: 3 } })).toEqual([]);
    });
  });
});
