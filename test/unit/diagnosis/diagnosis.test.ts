import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { Board } from '../../../src/core/diagnosis/board';
import { Diagnosis } from '../../../src/core/diagnosis/diagnose';
import type { Origin } from '../../../src/core/diagnosis/finding';
import type { Probing } from '../../../src/core/diagnosis/probes/probe';
import { ruleOrder } from '../../../src/core/diagnosis/rules/order';
import { rules } from '../../../src/core/diagnosis/rules/registry';
import { Measurements } from '../../../src/core/measurements';
import { diagnosed } from './support/diagnosed';
import { bowl, problem } from './support/problems';
import { Scripted } from './support/scripted';
import { ScriptedPath } from './support/scriptedPath';

/** The number of consecutive steps with a loss far above the start after which `divergence` is reported. */
const consecutive = 100;
const sgd = { optimizer: { name: 'sgd', lr: 0.1 }, steps: 1000 };
const repeat = (count: number, loss: number) => Array.from({ length: count }, () => loss);
const diverging = [1, 2, 5, 12, 13, 14, 15];

/** A loss with this curvature at every point. */
function curved(curvature: (t: number) => number): Probing {
  return {
    objective: {
      dim: 1,
      gradientMode: 'provided',
      value: () => 0,
      valueAndGradient(params, grad, open) {
        grad[0] = curvature(open().step) * params[0]!;
        return 0;
      },
    },
    open: (t) => () => ({ step: t, epoch: 0, indices: [], random: () => 0.5 }),
    indicesOf: () => [],
  };
}

describe('a diagnosis: a loss that stays far above its start', () => {
  it('reports divergence after 100 consecutive steps, even if the loss does not grow', () => {
    // L0 = 1 and S = 1. The loss is 40 from step 4 on; its running median m is one step late.
    const leapt = (count: number) => new Scripted().losses(1, 2, 2, ...repeat(count, 40));
    expect(leapt(consecutive).labels).toEqual([]);
    expect(leapt(consecutive + 1).labels).toEqual(['divergence']);
    expect(leapt(consecutive + 1).diagnosis.findings[0]!.steps).toEqual([2, consecutive + 4]);
  });

  it('counts consecutive steps only', () => {
    const run = new Scripted().losses(
      1,
      2,
      2,
      ...repeat(consecutive - 1, 40),
      5,
      5,
      ...repeat(consecutive - 1, 40),
    );
    expect(run.labels.filter((label) => label === 'divergence')).toEqual([]);
  });

  it('restarts the count after the loss returned to its start', () => {
    const run = new Scripted().losses(1, 2, 2, ...repeat(consecutive + 1, 40), 0.9, 0.9, 0.9);
    expect(run.labels).toEqual(['instability-at-start']);
    const found = () => run.labels.filter((label) => label === 'divergence').length;
    run.losses(...repeat(consecutive, 40));
    expect(found()).toBe(0);
    run.losses(40);
    expect(found()).toBe(1);
  });
});

describe('a diagnosis: rules that a divergence mutes', () => {
  it('report again after the loss has returned', () => {
    const run = new Scripted({ ...sgd, samples: 100, batch: 100 }).losses(...diverging);
    for (let k = 0; k < 400; k++) run.step({ loss: 20, delta: k % 2 === 0 ? 0.1 : -0.1 });
    expect(run.labels).toEqual(['divergence']);
    for (let k = 0; k < 400; k++) run.step({ loss: 0.5, delta: k % 2 === 0 ? 0.1 : -0.1 });
    expect(run.labels).toContain('oscillation');
    expect(run.labels).not.toContain('divergence');
  });

  it('are not informed of the end of the run', () => {
    const sparse = (losses: readonly number[], growth: number) => {
      const run = new Scripted(sgd).losses(...losses);
      const last = losses.at(-1)!;
      for (let k = 0; k < 200; k++) run.step({ loss: last + growth * k, grad: k % 20 === 0 ? 1 : 0 });
      return run.finish().labels;
    };
    expect(sparse([15], 0)).toContain('sparse-gradient');
    expect(sparse(diverging, 1)).toEqual(['divergence']);
  });

  it('replace edge-of-stability by the divergence that it predicted', async () => {
    // lr·λ = 3 is above the limit of 2, but the loss still decreases.
    const run = new Scripted(sgd, 1, { probing: curved(() => 30) });
    for (let k = 0; k < 10; k++) await run.awaited({ loss: 10 - k, delta: 0.1, beta: 0 });
    expect(run.labels).toEqual(['edge-of-stability']);
    for (let k = 0; k < 10; k++) await run.awaited({ loss: 200 + 100 * k, delta: 0.1, beta: 0 });
    expect(run.labels).toEqual(['divergence']);
  });

  it('do not evaluate the loss at other points', async () => {
    let looks = 0;
    const counted = curved(() => {
      looks++;
      return 1;
    });
    const run = new Scripted(sgd, 1, { probing: counted });
    for (const loss of diverging) await run.awaited({ loss, delta: 0.1 });
    const before = looks;
    for (let k = 0; k < 200; k++) await run.awaited({ loss: 20 + k, delta: 0.1 });
    expect(before).toBeGreaterThan(0);
    expect(looks).toBe(before);
  });
});

describe('a diagnosis: the order of its rules', () => {
  it('reports unrectified steps before the divergence that they cause', () => {
    const run = new Scripted({ optimizer: { name: 'radam', lr: 0.1 }, steps: 1000 });
    run.step({ loss: 1, delta: 5 });
    for (const loss of [2, 5, 12, 13, 14, 15, 16]) run.step({ loss, delta: 5 });
    expect(run.labels).toEqual(['unrectified-steps', 'divergence']);
  });

  it('reports unrectified steps even when the run already diverges', () => {
    // At beta2 = 0.5, rho never exceeds 5. The first long step comes while the other rules are muted.
    const run = new Scripted({ optimizer: { name: 'radam', lr: 0.1, beta2: 0.5 }, steps: 1000 });
    run.losses(...diverging);
    expect(run.labels).toEqual(['divergence']);
    expect(run.step({ loss: 16, delta: 5 }).step({ loss: 17 }).labels).toEqual([
      'divergence',
      'unrectified-steps',
    ]);
  });

  it('reports a non-finite loss, but not the non-finite gradient of the same step', () => {
    const run = new Scripted(sgd).losses(1, 0.9);
    expect(run.step({ loss: Number.NaN, grad: Number.NaN }).finish().labels).toEqual(['non-finite-loss']);
  });

  it('reports a plateau caused by eps, but not eps-dominates', () => {
    const run = new Scripted({ optimizer: { name: 'rmsprop', eps: 1e-3 }, steps: 1000 });
    for (let k = 0; k < 600; k++)
      run.step({ loss: 1, grad: 1e-6, delta: k % 2 === 0 ? 1 : -1, state: { v: 1e-12 } });
    expect(run.finish().labels).toEqual(['oscillation', 'plateau:eps-stall']);
  });

  it('keeps the findings in the order in which they were reported', () => {
    const run = new Scripted({ optimizer: { name: 'adam', weightDecay: 0.1 }, steps: 1000 });
    run.losses(1);
    expect(run.labels).toEqual(['coupled-weight-decay']);
    const first = run.diagnosis.findings;
    run.losses(Number.NaN);
    expect(run.labels).toEqual(['coupled-weight-decay', 'non-finite-loss']);
    // A list that was returned earlier does not change.
    expect(first).toHaveLength(1);
  });
});

describe('a diagnosis: reports from outside the rules', () => {
  const report = {
    code: 'gradient-mismatch',
    severity: 'error',
    headline: 'So.',
    detail: 'It is so.',
    advice: 'Nothing to do.',
    steps: [1, 1],
    coordinates: [],
    evidence: {},
    subject: null,
    fixes: [],
  } as const;
  const location = { file: '/a.ts', line: 1, column: 1, endLine: 1, endColumn: 5 };
  const origin: Origin = {
    kind: 'non-finite-value',
    location,
    expression: 'Math.log(x)',
    inputs: [-1],
    result: Number.NaN,
  };

  it('adds the report of a check to its findings', () => {
    const run = new Scripted(sgd);
    const { revision } = run.diagnosis;
    run.diagnosis.post(report);
    expect(run.diagnosis.findings).toEqual([
      { ...report, id: `${report.code}-1`, origin: null, location: null },
    ]);
    expect(run.diagnosis.revision).toBeGreaterThan(revision);
  });

  it('numbers the findings of each code, and keeps these numbers when findings are updated', () => {
    const board = new Board();
    const [first, second] = [board.post(report), board.post({ ...report, steps: [2, 2] })];
    const ids = () => board.findings.map(({ id }) => id);
    expect(ids()).toEqual(['gradient-mismatch-1', 'gradient-mismatch-2']);
    second.replace({ ...report, severity: 'info' });
    second.extendTo(9);
    board.locate('gradient-mismatch', origin);
    expect(ids()).toEqual(['gradient-mismatch-1', 'gradient-mismatch-2']);
    first.withdraw();
    board.post(report);
    expect(ids()).toEqual(['gradient-mismatch-2', 'gradient-mismatch-3']);
    second.replace({ ...report, code: 'sparse-gradient' });
    expect(ids()).toEqual(['sparse-gradient-1', 'gradient-mismatch-3']);
  });

  it('increases its revision by 1 with every change', () => {
    const board = new Board();
    const posted = board.post(report);
    expect(board.revision).toBe(1);
    posted.extendTo(1);
    expect(board.revision).toBe(1);
    posted.extendTo(2);
    posted.withdraw();
    expect(board.revision).toBe(3);
  });

  it('reports an operand outside its domain after a divergence, and no overflow', () => {
    const labelsWith = (made: Origin) => {
      const run = new Scripted(sgd).losses(1, 2, 2, 20, 30, 40, 50, 60, Number.NaN);
      expect(run.labels).toEqual(['divergence']);
      run.diagnosis.locateNonFinite(made);
      return run.labels;
    };
    expect(labelsWith(origin)).toEqual(['divergence', 'non-finite-loss']);
    const overflow = {
      ...origin,
      result: Number.POSITIVE_INFINITY,
      cause: { kind: 'overflow', of: 'power' },
    };
    expect(labelsWith(overflow as Origin)).toEqual(['divergence']);
  });

  it('states that a loss which returned rose again', () => {
    const back = new Scripted(sgd).losses(10, ...repeat(3, 9.9), 500, 400, ...repeat(60, 9.8));
    expect(back.finish().diagnosis.findings[0]?.headline).toContain('then returned below it');
    const again = new Scripted(sgd)
      .losses(10, ...repeat(3, 9.9), 500, 400, ...repeat(200, 9.8))
      .losses(...Array.from({ length: 200 }, (_, k) => 9.8 + 0.01 * k));
    expect(
      again.finish().diagnosis.findings.find(({ code }) => code === 'instability-at-start')?.headline,
    ).toContain('rose above it again');
  });

  it('adds a place to non-finite findings only', () => {
    const run = new Scripted(sgd).losses(1, Number.NaN);
    run.diagnosis.post(report);
    run.diagnosis.locateNonFinite(origin);
    expect(run.diagnosis.findings[0]).toMatchObject({ origin, location });
    expect(run.diagnosis.findings[1]!.location).toBeNull();
    const fine = new Scripted(sgd).losses(1);
    const { revision } = fine.diagnosis;
    fine.diagnosis.locateNonFinite(origin);
    expect(fine.diagnosis.revision).toBe(revision);
  });
});

it('runs every rule exactly once, in the declared order', () => {
  const { first, mutes, unmuted, muted } = ruleOrder;
  const order = [...first, mutes, ...unmuted, ...muted];
  expect([...order].sort()).toEqual(Object.keys(rules).sort());
});

describe('a diagnosis: evaluations beside the path', () => {
  it('records the stability value of the step', async () => {
    const stabilities: number[] = [];
    const measurements = new Measurements();
    await diagnosed(bowl([10], [1]), [{ ...sgd, steps: 5 }], {
      around: true,
      measurements,
      also: {
        afterStep({ t }) {
          stabilities.push(measurements.at(t, 'stability'));
        },
      },
    });
    expect(stabilities[0]).toBeCloseTo(1, 6);
  });

  it('continues when the loss throws beside the path', async () => {
    const seen = new Set<number>();
    const narrow = problem([1], ([x], grad, { step }) => {
      // The second evaluation within a step throws.
      if (seen.has(step)) throw new Error('beside');
      seen.add(step);
      grad[0] = x!;
      return 0.5 * x! * x!;
    });
    const { labels, outcome } = await diagnosed(narrow, [{ ...sgd, steps: 30 }], { around: true });
    expect(outcome.steps).toBe(30);
    expect(labels).toEqual([]);
  });

  it('returns no promise when it cannot evaluate the loss', () => {
    const { config } = resolveConfig([sgd]);
    const step = new ScriptedPath(config, 1).step({ loss: 1 });
    const around = new Diagnosis({ config, dim: 1, stepsPerEpoch: 1, probing: curved(() => 1) });
    expect(around.onStep(step)).toBeInstanceOf(Promise);
    expect(new Diagnosis({ config, dim: 1, stepsPerEpoch: 1 }).onStep(step)).toBeUndefined();
  });

  it('passes each sample to the rules once', async () => {
    // Only one sample is above the limit. The rule needs two samples in a row, and must not count this one
    // twice.
    const run = new Scripted(sgd, 1, { probing: curved((t) => (t === 1 ? 30 : 1)) });
    for (let k = 0; k < 60; k++) await run.awaited({ loss: 10 - 0.1 * k, delta: 0.1, beta: 0 });
    expect(run.labels).toEqual([]);
  });
});
