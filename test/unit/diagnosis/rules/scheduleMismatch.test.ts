import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { RuleBench } from '../support/ruleBench';
import { endWithGain, farEnd, farGain } from '../support/runEnds';

const nothing = 0.01;
const early = 0.4;
const apart = 2;
const halfPeriods = 5;
const steps = 100;

type Schedule = NonNullable<RunConfigPatch['schedule']>;
const bench = (schedule: Schedule | null, patch: RunConfigPatch = {}, stepsPerEpoch = 1) =>
  new RuleBench(
    'schedule-mismatch',
    { optimizer: { name: 'sgd', lr: 1 }, schedule, steps, ...patch },
    { stepsPerEpoch },
  );
const step: Schedule = { name: 'step', stepSize: 10, gamma: 0.1 };

/** The learning rate is 1 in the first steps, then `low`. */
const decayed = (alive: number, low = 1e-4, run = bench(step)) =>
  run.steps(steps, (k) => ({ loss: 5, lr: k < alive ? 1 : low }));

describe('schedule-mismatch', () => {
  describe('is reported if the learning rate decays to nothing', () => {
    it('with 40 % of the steps to come', () => {
      const alive = (1 - early) * steps;
      const { finding } = decayed(alive - 1).finish({}, farEnd);
      expect(finding).toMatchObject({
        severity: 'warning',
        steps: [60, 100],
        subject: { kind: 'option', path: ['schedule', 'stepSize'] },
        evidence: { scheduleLength: 10, runSteps: 100, largestLr: 1, lastLr: 1e-4 },
      });
      expect(finding!.headline).toMatch(/long before the end/);
      expect(decayed(alive).finish({}, farEnd).found).toEqual([]);
    });

    it('below a hundredth of its largest value', () => {
      expect(decayed(10, 0.99 * nothing).finish({}, farEnd).found).toHaveLength(1);
      expect(decayed(10, 1.01 * nothing).finish({}, farEnd).found).toEqual([]);
    });

    it('compared with its largest value so far', () => {
      const small = (low: number) =>
        bench(step)
          .steps(steps, (k) => ({ loss: 5, lr: k < 10 ? 1e-3 : low * 1e-3 }))
          .finish({}, farEnd).found.length;
      expect(small(0.99 * nothing)).toBe(1);
      expect(small(1.01 * nothing)).toBe(0);
      // A warm-up from 0.001 to 1 has not decayed.
      const warmup = bench(step).steps(steps, (k) => ({ loss: 5, lr: k < 60 ? 0.001 : 1 }));
      expect(warmup.finish({}, farEnd).found).toEqual([]);
    });
  });

  it.each<[string, Schedule]>([
    ['tMax', { name: 'cosine', tMax: apart * steps + 1 }],
    ['totalSteps', { name: 'warmupCosine', warmup: 10, totalSteps: apart * steps + 1 }],
    ['totalSteps', { name: 'oneCycle', maxLr: 1, totalSteps: apart * steps + 1 }],
  ])('is reported if the schedule is planned for more than twice the steps: %s', (name, schedule) => {
    const run = bench(schedule).steps(steps, { loss: 5, lr: 1 }).finish({}, farEnd);
    expect(run.finding).toMatchObject({
      steps: [100, 100],
      subject: { kind: 'option', path: ['schedule', name] },
    });
    expect(run.finding!.headline).toMatch(/ends long before/);
    const fits = bench({ ...schedule, [name]: apart * steps } as Schedule);
    expect(fits.steps(steps, { loss: 5, lr: 1 }).finish({}, farEnd).found).toEqual([]);
  });

  it(`is reported if the learning rate turns ${halfPeriods} times, up or down`, () => {
    const of = (...rates: readonly number[]) => {
      const run = bench({ name: 'cosine', tMax: 4 });
      for (const lr of rates) run.step({ loss: 5, lr });
      return run.finish({ steps: rates.length }, farEnd).finding?.headline ?? '';
    };
    expect(of(1, 0.5, 1, 0.5, 1, 0.5)).toBe('');
    expect(of(1, 0.5, 1, 0.5, 1, 0.5, 1)).toMatch(/falls and rises repeatedly/);
    // A constant learning rate is no turn.
    expect(of(1, 0.5, 0.5, 0.4, 0.4, 0.3, 0.3, 0.2)).toBe('');
  });

  it('needs a polish that gains a twentieth of the decrease', () => {
    expect(decayed(10).finish({}, endWithGain(1.01 * farGain)).found).toHaveLength(1);
    expect(decayed(10).finish({}, endWithGain(0.99 * farGain)).found).toEqual([]);
    expect(decayed(10).finish({}, null).found).toEqual([]);
  });

  it('proposes the other unit where the length may have been meant in it', () => {
    const batches = bench(step, { samples: 40, batch: 10, steps }, 4);
    const { fixes } = decayed(10, 1e-4, batches).finish({}, farEnd).finding!;
    expect(fixes.map(({ patch }) => patch!.schedule)).toEqual([
      { unit: 'epoch' },
      expect.objectContaining({ stepSize: 33 }),
      null,
    ]);
    const whole = decayed(10, 1e-4, bench({ name: 'cosine', tMax: 20 })).finish({}, farEnd).finding!;
    expect(whole.fixes.map(({ patch }) => patch!.schedule)).toEqual([
      expect.objectContaining({ tMax: steps }),
      null,
    ]);
  });

  it('counts in epochs where the schedule does', () => {
    const perEpoch = (tMax: number) => {
      const schedule: Schedule = { name: 'cosine', tMax, unit: 'epoch' };
      const run = bench(schedule, { samples: 40, batch: 10, steps }, 4);
      return run.steps(steps, { loss: 5, lr: 1 }).finish({}, farEnd);
    };
    expect(perEpoch((apart * steps) / 4).found).toEqual([]);
    const { detail, advice, fixes } = perEpoch(60).finding!;
    expect(detail).toContain('planned for 60 epochs (240 steps), and the run has 100 steps');
    expect(advice).toContain('in epochs');
    expect(fixes.map(({ patch }) => patch!.schedule)).toEqual([{ unit: 'step' }, { tMax: 25 }, null]);
    // A length in steps above the length of the run does not fit in steps either.
    expect(perEpoch(101).finding!.fixes.map(({ patch }) => patch!.schedule)).toEqual([{ tMax: 25 }, null]);
  });

  it('proposes epochs for a decay without a length, with mini-batches', () => {
    const schedule: Schedule = { name: 'exponential', gamma: 0.9 };
    const fixesOf = (run: RuleBench) =>
      decayed(10, 1e-4, run)
        .finish({}, farEnd)
        .finding!.fixes.map(({ patch }) => patch!.schedule);
    expect(fixesOf(bench(schedule, { samples: 40, batch: 10, steps }, 4))).toEqual([{ unit: 'epoch' }, null]);
    expect(fixesOf(bench(schedule))).toEqual([null]);
  });

  it('derives a warmup anew that is a tenth of the run', () => {
    const fixOf = (warmup: number) => {
      const schedule: Schedule = { name: 'warmupCosine', warmup, totalSteps: 20 };
      const run = bench(schedule, { samples: 40, batch: 10, steps }, 4);
      return decayed(10, 1e-4, run).finish({}, farEnd).finding!.fixes[0]!.patch!.schedule;
    };
    expect(fixOf(10)).toEqual({ unit: 'epoch', warmup: null });
    expect(fixOf(2)).toEqual({ unit: 'epoch' });
  });

  it('names the whole schedule if no option is its length', () => {
    const run = decayed(10, 1e-4, bench({ name: 'exponential', gamma: 0.9 })).finish({}, farEnd);
    expect(run.finding!.subject).toEqual({ kind: 'option', path: ['schedule'] });
    expect(run.finding!.evidence).not.toHaveProperty('scheduleLength');
  });

  it('does not apply to schedules without a length', () => {
    expect(bench(null).rule).toBeNull();
    expect(bench({ name: 'constant' }).rule).toBeNull();
  });

  describe('of reductions by the loss', () => {
    /** Steps at which lr changes: [rate, loss]; the last lr stays until the end. */
    const reduced = (...changes: readonly (readonly [number, number])[]) => {
      const run = bench({ name: 'reduceOnPlateau' });
      for (const [lr, loss] of changes) run.step({ loss, lr });
      const [lr, loss] = changes.at(-1)!;
      return run.steps(steps - changes.length, { loss, lr }).finish({}, farEnd).finding;
    };
    const blamed = (...changes: readonly (readonly [number, number])[]) => {
      const finding = reduced(...changes);
      return finding && [finding.subject, finding.evidence.reductions];
    };
    const at = (name: string) => ({ kind: 'option', path: ['schedule', name] });

    it('blames the factor if one made lr almost 0', () => {
      expect(blamed([1, 5], [0.01, 4])).toEqual([at('factor'), 1]);
      expect(blamed([1, 5], [0.02, 4])).toBeUndefined();
      // Later ones do not matter any more.
      expect(blamed([1, 5], [0.005, 4], [0.001, 3])).toEqual([at('factor'), 1]);
    });

    it('blames the threshold if the loss before the last was the lowest, and otherwise the patience', () => {
      expect(blamed([1, 5], [0.1, 4.999], [0.01, 5])).toEqual([at('threshold'), 2]);
      expect(blamed([1, 5], [0.1, 5], [0.01, 4])).toEqual([at('patience'), 2]);
      expect(blamed([1, 4], [1, 5], [0.1, 4.5], [0.01, 3])).toEqual([at('patience'), 2]);
      expect(blamed([1, 5], [0.1, 5], [0.01, 4], [0.001, 3])).toEqual([at('patience'), 2]);
    });

    it('proposes later and smaller ones', () => {
      const { fixes, detail } = reduced([1, 5], [0.1, 4.9999], [0.01, 4.9999])!;
      expect(detail).toContain('At all 2 reductions until then, the loss was lower than ever before.');
      expect(reduced([1, 5], [0.1, 5.1], [0.01, 5])!.detail).toContain('At 1 of 2 reductions until then, ');
      expect(fixes.map(({ patch }) => patch!.schedule)).toEqual([
        { threshold: 0 },
        { patience: 100 },
        { factor: 0.5 },
        null,
      ]);
    });
  });

  it('is reported for a linear change of lr only if it is at least twofold', () => {
    const of = (startFactor: number, endFactor: number, totalIters = 201) => {
      const run = bench({ name: 'linear', startFactor, endFactor, totalIters });
      return run.steps(steps, { loss: 5, lr: 1 }).finish({}, farEnd).finding;
    };
    expect(of(0.5, 1)!.subject).toEqual({ kind: 'option', path: ['schedule', 'totalIters'] });
    expect(of(1, 0.5)).toBeDefined();
    expect(of(0.51, 1)).toBeUndefined();
    expect(of(0.5, 1, 200)).toBeUndefined();
  });
});
