import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import type { RunOutcome } from '../../../../src/core/runLoop';
import { RuleBench } from '../support/ruleBench';
import { endWithGain, farEnd, farGain } from '../support/runEnds';

const pace = 1 / 20;
const bench = (
  earlyStopping = { patience: 3, minDelta: 0.5 },
  patch: RunConfigPatch = {},
  stepsPerEpoch = 1,
) => new RuleBench('stopped-while-improving', { earlyStopping, steps: 500, ...patch }, { stepsPerEpoch });
const stoppedAt = (loss: number) =>
  ({ stopped: 'earlyStopping', final: { loss } as RunOutcome['final'] }) as const;
/** The losses of the steps contain the last one. */
const stopped = stoppedAt(Number.NaN);
const end = { ...farEnd, stopped: 'earlyStopping' } as const;

describe('stopped-while-improving', () => {
  it('is reported if the last watched loss is below the one before', () => {
    const { finding } = bench().losses(10, 6, 5.5, 5.2).finish(stopped, end);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [4, 4],
      subject: { kind: 'option', path: ['earlyStopping', 'minDelta'] },
      evidence: { minDelta: 0.5, patience: 3 },
    });
    expect(finding!.evidence.lastDecrease).toBeCloseTo(0.3, 12);
    expect(finding!.fixes.map(({ patch }) => patch!.earlyStopping)).toEqual([
      { patience: 10, minDelta: 0 },
      { patience: 100, minDelta: 0 },
    ]);
  });

  it('names the patience if the decrease was larger than minDelta', () => {
    const { finding } = bench({ patience: 3, minDelta: 0.2 }).losses(10, 5, 6, 5.5, 5.2).finish(stopped, end);
    expect(finding!.subject).toEqual({ kind: 'option', path: ['earlyStopping', 'patience'] });
    expect(
      bench({ patience: 3, minDelta: 0.4 }).losses(10, 5, 6, 5.5, 5.2).finish(stopped, end).finding!.subject,
    ).toEqual({ kind: 'option', path: ['earlyStopping', 'minDelta'] });
  });

  it('needs a last loss below the first one', () => {
    // The lowest loss is the first one, so the loss never fell.
    expect(bench().losses(10, 12, 11, 10.5).finish(stopped, end).found).toEqual([]);
    expect(bench().losses(10, 12, 11, 9.9).finish(stopped, end).found).toHaveLength(1);
  });

  describe('is reported if the loss rose for longer than the patience', () => {
    /** Falls to 5 + `before` in 50 steps and to 5 in the next 3, then rises. */
    const fallAndRise = (before: number) =>
      bench()
        .steps(50, (k) => ({ loss: 10 - ((5 - before) * k) / 49 }))
        .steps(3, (k) => ({ loss: 5 + (before * (2 - k)) / 3 }))
        .losses(6, 7, 8);
    it('and had fallen by a twentieth of its decrease in as many evaluations', () => {
      // The decrease is 5; the evaluation three before the lowest loss is the last one of the 50.
      const { finding } = fallAndRise(1.01 * pace * 5).finish(stopped, end);
      expect(finding).toMatchObject({
        subject: { kind: 'option', path: ['earlyStopping', 'patience'] },
        steps: [56, 56],
      });
      expect(finding!.headline).toMatch(/after a short rise/);
      expect(finding!.evidence.fallToLeast).toBeCloseTo(1.01 * pace * 5, 12);
      expect(fallAndRise(0.99 * pace * 5).finish(stopped, end).found).toEqual([]);
    });

    it('also if it had fewer evaluations than that', () => {
      expect(bench().losses(10, 5, 6, 7, 8).finish(stopped, end).found).toHaveLength(1);
    });

    it('but not if it never fell', () => {
      expect(bench().losses(10, 10.1, 10.2, 10.3).finish(stopped, end).found).toEqual([]);
    });
  });

  it('needs a run that early stopping ended, and a polish that gains a twentieth of the decrease', () => {
    const run = () => bench().losses(10, 6, 5.5, 5.2);
    expect(run().finish({ stopped: 'steps' }, end).found).toEqual([]);
    expect(run().finish(stopped, endWithGain(1.01 * farGain)).found).toHaveLength(1);
    expect(run().finish(stopped, endWithGain(0.99 * farGain)).found).toEqual([]);
    expect(run().finish(stopped, null).found).toEqual([]);
  });

  it('examines the watched loss where there is one', () => {
    const validated = (watched: readonly number[]) => {
      const run = bench({ patience: 2, minDelta: 0.5 }, { validation: 'held' });
      for (const value of watched) run.step({ loss: 10 - run.t, watched: value });
      return run.finish(stopped, end).found.length;
    };
    expect(validated([10, 9.9, 9.8])).toBe(1);
    expect(validated([10, 10.1, 10.2])).toBe(0);
  });

  it('counts epochs with mini-batches', () => {
    const run = bench({ patience: 2, minDelta: 0.5 }, { samples: 40, batch: 10, epochs: 100 }, 4);
    for (const watched of [10, 6, 5.8, 5.7]) run.steps(4, { loss: run.t % 2, watched });
    expect(run.finish(stopped, end).finding!.evidence.lastDecrease).toBeCloseTo(0.1, 12);
  });

  it('counts the loss after the last step, which ended the run', () => {
    const { finding } = bench({ patience: 1, minDelta: 0 }).losses(10, 8, 5).finish(stoppedAt(7), end);
    expect(finding!.headline).toMatch(/after a short rise/);
    expect(finding!.detail).toMatch(/fell from 10 to 5, then rose to 7/);
  });

  describe('with mini-batches, which scatter the watched loss', () => {
    const ended = (watched: readonly number[], least = 0.12, patience = 3) => {
      const run = bench({ patience, minDelta: 0 }, { samples: 40, batch: 10, epochs: 100 }, 4);
      for (const value of watched) run.steps(4, { loss: run.t % 2, watched: value });
      const reached = { ...end, startLoss: 1, leastLoss: least, finalLoss: watched.at(-1)! };
      return run.finish(stopped, { ...reached, polished: { ...farEnd.polished!, loss: 0.1 } }).found.length;
    };
    it.each<[string, number[], number, number]>([
      ['rose by chance after it had fallen', [1, 0.9, 0.8, 0.62, 0.5, 0.53, 0.52, 0.55], 0.5, 1],
      ['scatters around a level', [1, 0.5, 0.46, 0.41, 0.4, 0.45, 0.48, 0.43], 0.4, 0],
      ['scatters around a level, and fell at last', [1, 0.5, 0.4, 0.46, 0.48, 0.49, 0.43], 0.4, 0],
      ['was already near the minimum', [1, 0.8, 0.6, 0.3, 0.12, 0.2, 0.2, 0.2], 0.12, 0],
    ])('a loss that %s', (_, watched, least, count) => {
      expect(ended(watched, least)).toBe(count);
    });
  });

  it('does not apply without early stopping', () => {
    expect(new RuleBench('stopped-while-improving', {}).rule).toBeNull();
  });
});
