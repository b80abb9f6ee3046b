import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../../../src/core/config/runConfig';
import { LrPlan } from '../../../../src/core/diagnosis/terms/lrPlan';
import { scheduleOf } from '../../../../src/core/phases';

const configOf = (patch: RunConfigPatch) =>
  resolveConfig([{ optimizer: { name: 'sgd', lr: 0.1 }, ...patch }]).config;

/** The learning rates of the steps after t, relative to that of step t. */
function ahead(config: RunConfig, t: number): number[] {
  const schedule = scheduleOf(config)!;
  const lr = (step: number) => schedule.lr(step - 1, 0.1);
  return Array.from({ length: config.steps - t }, (_, k) => lr(t + 1 + k) / lr(t));
}

describe('the planned learning rates', () => {
  const schedules: readonly NonNullable<RunConfigPatch['schedule']>[] = [
    { name: 'cosine', tMax: 200, etaMin: 0.003 },
    { name: 'step', stepSize: 40, gamma: 0.5 },
    { name: 'linear', startFactor: 0.1, endFactor: 1, totalIters: 150 },
    { name: 'oneCycle', maxLr: 0.3 },
  ];
  it.each(schedules)('%j: count every remaining step if there are at most 256', (schedule) => {
    const config = configOf({ schedule, steps: 200 });
    const plan = new LrPlan(config);
    for (const t of [1, 37, 120, 199]) {
      const rates = ahead(config, t);
      const { least, greatest, stepsLeft } = plan.after(t);
      expect(least).toBeCloseTo(Math.min(...rates), 12);
      expect(greatest).toBeCloseTo(Math.max(...rates), 12);
      expect(stepsLeft).toBeCloseTo(
        rates.reduce((sum, rate) => sum + rate, 0),
        9,
      );
    }
  });

  it('are sampled at 256 steps of a long run, from the next step to the last', () => {
    const config = configOf({ schedule: { name: 'cosine', tMax: 10_000, etaMin: 0.01 }, steps: 10_000 });
    const rates = ahead(config, 100);
    const { least, stepsLeft } = new LrPlan(config).after(100);
    expect(least).toBeCloseTo(rates.at(-1)!, 6);
    // A right-hand sum of learning rates that fall monotonically to a tenth: too small by half a stride of
    // 39.
    const exact = rates.reduce((sum, rate) => sum + rate, 0);
    expect(stepsLeft).toBeLessThan(exact);
    expect(stepsLeft).toBeGreaterThan(exact - 0.5 * 39);
  });

  it.each([null, { name: 'constant' }])('with schedule %j: are constant', (schedule) => {
    const plan = new LrPlan(configOf({ schedule, steps: 100 }));
    expect(plan.after(30)).toEqual({ least: 1, greatest: 1, stepsLeft: 70 });
    expect(plan.after(100)).toEqual({ least: 1, greatest: 1, stepsLeft: 0 });
    expect(plan.after(101).stepsLeft).toBe(0);
    expect(plan.isStillToTurn(1)).toBe(false);
  });

  it('are empty at the last step', () => {
    const plan = new LrPlan(configOf({ schedule: { name: 'cosine', tMax: 100 }, steps: 100 }));
    expect(plan.after(100)).toEqual({ least: 1, greatest: 1, stepsLeft: 0 });
  });
});

describe('a change of the learning rate by a factor of ten in the rest of the schedule', () => {
  const turns = (factor: number) => {
    // The learning rate is `factor` times as large from step 91 on.
    const schedule = { name: 'multiStep', milestones: [90], gamma: factor };
    return new LrPlan(configOf({ schedule, steps: 100 }));
  };
  it.each([
    [0.099, true],
    [0.101, false],
  ])('a decrease to a factor of %d: %s', (factor, wanted) => {
    expect(turns(factor).isStillToTurn(10)).toBe(wanted);
  });

  it.each([
    [0.099, true],
    [0.101, false],
  ])('an increase from a factor of %d: %s', (startFactor, wanted) => {
    const schedule = { name: 'linear', startFactor, endFactor: 1, totalIters: 50 };
    expect(new LrPlan(configOf({ schedule, steps: 100 })).isStillToTurn(1)).toBe(wanted);
  });

  it('is considered up to 0.8 N', () => {
    expect(turns(0.01).isStillToTurn(79)).toBe(true);
    expect(turns(0.01).isStillToTurn(80)).toBe(false);
  });
});
