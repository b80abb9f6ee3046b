import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import type { RunEnd } from '../../../../src/core/ending/runEnd';
import { RuleBench } from '../support/ruleBench';
import { endWithGain, farEnd, farGain } from '../support/runEnds';

const nothing = 0.01;
const early = 0.4;
const apart = 2;
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

  describe('is reported if the learning rate rises again after it has fallen', () => {
    const of = (...rates: readonly number[]) => {
      const run = bench({ name: 'cosine', tMax: 4 });
      for (const lr of rates) run.step({ loss: 5, lr });
      return run.finish({ steps: rates.length }, farEnd).finding?.headline ?? '';
    };

    it('from below a half of its largest value to above nine tenths', () => {
      expect(of(1, 0.51, 0.91)).toBe('');
      expect(of(1, 0.49, 0.9)).toMatch(/rose back to its largest value once/);
      expect(of(1, 0.49, 0.89, 0.4)).toBe('');
      expect(of(1, 0.4, 1, 0.4, 1, 0.4)).toMatch(/rose back to its largest value 2 times/);
      // A warm-up has not fallen before.
      expect(of(0.1, 0.5, 1, 0.6)).toBe('');
    });

    it('or above a half at the last step', () => {
      expect(of(1, 0.4, 0.51)).toMatch(/rose again until the end/);
      expect(of(1, 0.4, 0.49)).toBe('');
    });

    it('with the length that fits the run', () => {
      const run = bench({ name: 'cosine', tMax: 4 });
      run.steps(steps, (k) => ({ loss: 5, lr: k % 8 === 4 ? 0.1 : 1 }));
      const { detail, advice, fixes, evidence } = run.finish({}, farEnd).finding!;
      expect(detail).toContain(
        'After tMax = 4 steps lr rises again, as in torch, and the run has 100 steps.',
      );
      expect(advice).toBe('Set tMax = 100, the number of steps of the run, or remove the schedule.');
      expect(fixes[0]!.patch!.schedule).toEqual({ tMax: steps });
      expect(evidence).toMatchObject({ returns: 12, lastLr: 1 });
    });
  });

  it('is an info where little is left, and silent where nothing is', () => {
    const severityAt = (share: number, run = decayed(10)) =>
      run.finish({}, endWithGain(share)).finding?.severity;
    expect(severityAt(1.01e-3, decayed(10))).toBe('warning');
    expect(severityAt(0.99e-3, decayed(10))).toBe('info');
    expect(severityAt(0.99e-5, decayed(10))).toBeUndefined();
    expect(decayed(10).finish({}, null).found).toEqual([]);
    expect(decayed(10).finish({}, { ...farEnd, polished: null }).found).toEqual([]);
  });

  it('that is too long needs a polish that gains a twentieth of the decrease, or a run that jitters', () => {
    const planned = (end: RunEnd) => {
      const run = bench({ name: 'cosine', tMax: apart * steps + 1 });
      return run.steps(steps, { loss: 5, lr: 1 }).finish({}, end).found.length;
    };
    expect(planned(endWithGain(1.01 * farGain))).toBe(1);
    const near = endWithGain(0.99 * farGain);
    const jittering = { ...near, isLowest: false };
    expect(planned({ ...jittering, polished: { ...near.polished!, stepsAway: 2 } })).toBe(0);
    expect(planned({ ...jittering, polished: { ...near.polished!, stepsAway: 1 } })).toBe(1);
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
    expect(advice).toContain('Set tMax = 25, the number of epochs of the run');
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
