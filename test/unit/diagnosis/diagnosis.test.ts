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

/** Steps far above the start without a way back, as long as the loss keeps its height. */
const onEnd = 100;
const sgd = { optimizer: { name: 'sgd', lr: 0.1 }, steps: 1000 };
const repeat = (count: number, loss: number) => Array.from({ length: count }, () => loss);
const diverging = [1, 2, 5, 12, 13, 14, 15];

/** A loss of this curvature, everywhere. */
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

describe('a diagnosis: divergence that stands far out', () => {
  it('is told of after a hundred steps on end, though nothing grows', () => {
    // L0 = 1, and S = 1: at 40 from step 4 on. m follows one step behind.
    const leapt = (count: number) => new Scripted().losses(1, 2, 2, ...repeat(count, 40));
    expect(leapt(onEnd).labels).toEqual([]);
    expect(leapt(onEnd + 1).labels).toEqual(['divergence']);
    expect(leapt(onEnd + 1).diagnosis.findings[0]!.steps).toEqual([2, onEnd + 4]);
  });

  it('counts them on end', () => {
    const run = new Scripted().losses(1, 2, 2, ...repeat(onEnd - 1, 40), 5, 5, ...repeat(onEnd - 1, 40));
    expect(run.labels.filter((label) => label === 'divergence')).toEqual([]);
  });

  it('counts them anew once it came back', () => {
    const run = new Scripted().losses(1, 2, 2, ...repeat(onEnd + 1, 40), 0.9, 0.9, 0.9);
    expect(run.labels).toEqual(['instability-at-start']);
    const found = () => run.labels.filter((label) => label === 'divergence').length;
    run.losses(...repeat(onEnd, 40));
    expect(found()).toBe(0);
    run.losses(40);
    expect(found()).toBe(1);
  });
});

describe('a diagnosis: what a divergence mutes', () => {
  it('is said again when it came back', () => {
    const run = new Scripted({ ...sgd, samples: 100, batch: 100 }).losses(...diverging);
    for (let k = 0; k < 400; k++) run.step({ loss: 20, delta: k % 2 === 0 ? 0.1 : -0.1 });
    expect(run.labels).toEqual(['divergence']);
    for (let k = 0; k < 400; k++) run.step({ loss: 0.5, delta: k % 2 === 0 ? 0.1 : -0.1 });
    expect(run.labels).toContain('oscillation');
    expect(run.labels).not.toContain('divergence');
  });

  it('does not see the end of the run', () => {
    const sparse = (losses: readonly number[], growth: number) => {
      const run = new Scripted(sgd).losses(...losses);
      const last = losses.at(-1)!;
      for (let k = 0; k < 200; k++) run.step({ loss: last + growth * k, grad: k % 20 === 0 ? 1 : 0 });
      return run.finish().labels;
    };
    expect(sparse([15], 0)).toContain('sparse-gradient');
    expect(sparse(diverging, 1)).toEqual(['divergence']);
  });

  it('takes edge of stability back: what it forecast has come', async () => {
    // lr λ = 3 is beyond 2, and the loss still falls.
    const run = new Scripted(sgd, 1, { probing: curved(() => 30) });
    for (let k = 0; k < 10; k++) await run.awaited({ loss: 10 - k, delta: 0.1, beta: 0 });
    expect(run.labels).toEqual(['edge-of-stability']);
    for (let k = 0; k < 10; k++) await run.awaited({ loss: 200 + 100 * k, delta: 0.1, beta: 0 });
    expect(run.labels).toEqual(['divergence']);
  });

  it('does not look around for itself', async () => {
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
  it('tells of unrectified steps before the divergence that they end in', () => {
    const run = new Scripted({ optimizer: { name: 'radam', lr: 0.1 }, steps: 1000 });
    run.step({ loss: 1, delta: 5 });
    for (const loss of [2, 5, 12, 13, 14, 15, 16]) run.step({ loss, delta: 5 });
    expect(run.labels).toEqual(['unrectified-steps', 'divergence']);
  });

  it('tells of them of a run that diverges already', () => {
    // rho never passes 5 at beta2 0.5: a first long step while everything else is muted.
    const run = new Scripted({ optimizer: { name: 'radam', lr: 0.1, beta2: 0.5 }, steps: 1000 });
    run.losses(...diverging);
    expect(run.labels).toEqual(['divergence']);
    expect(run.step({ loss: 16, delta: 5 }).step({ loss: 17 }).labels).toEqual([
      'divergence',
      'unrectified-steps',
    ]);
  });

  it('tells of a loss that is not finite, and not of its gradient too', () => {
    const run = new Scripted(sgd).losses(1, 0.9);
    expect(run.step({ loss: Number.NaN, grad: Number.NaN }).finish().labels).toEqual(['non-finite-loss']);
  });

  it('tells of a plateau that eps makes, and not of eps too', () => {
    const run = new Scripted({ optimizer: { name: 'rmsprop', eps: 1e-3 }, steps: 1000 });
    for (let k = 0; k < 600; k++)
      run.step({ loss: 1, grad: 1e-6, delta: k % 2 === 0 ? 1 : -1, state: { v: 1e-12 } });
    expect(run.finish().labels).toEqual(['oscillation', 'plateau:eps-stall']);
  });

  it('keeps findings in the order in which they came', () => {
    const run = new Scripted({ optimizer: { name: 'adam', weightDecay: 0.1 }, steps: 1000 });
    run.losses(1);
    expect(run.labels).toEqual(['coupled-weight-decay']);
    const first = run.diagnosis.findings;
    run.losses(Number.NaN);
    expect(run.labels).toEqual(['coupled-weight-decay', 'non-finite-loss']);
    // What was handed out stays as it was.
    expect(first).toHaveLength(1);
  });
});

describe('a diagnosis: what it is told', () => {
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

  it('takes in what a check found', () => {
    const run = new Scripted(sgd);
    const { revision } = run.diagnosis;
    run.diagnosis.post(report);
    expect(run.diagnosis.findings).toEqual([
      { ...report, id: `${report.code}-1`, origin: null, location: null },
    ]);
    expect(run.diagnosis.revision).toBeGreaterThan(revision);
  });

  it('numbers the findings of a code, and keeps a number through later reports', () => {
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

  it('goes up by 1 with every change', () => {
    const board = new Board();
    const posted = board.post(report);
    expect(board.revision).toBe(1);
    posted.extendTo(1);
    expect(board.revision).toBe(1);
    posted.extendTo(2);
    posted.withdraw();
    expect(board.revision).toBe(3);
  });

  it('places what is not finite, and nothing else', () => {
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

it('asks every rule, each once, in the order that is declared', () => {
  const { first, mutes, muted } = ruleOrder;
  const order = [...first, mutes, ...muted];
  expect([...order].sort()).toEqual(Object.keys(rules).sort());
});

describe('a diagnosis: looking around', () => {
  it('posts the stability of the step', async () => {
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

  it('goes on where the loss throws beside the path', async () => {
    const seen = new Set<number>();
    const narrow = problem([1], ([x], grad, { step }) => {
      // Wherever it is asked a second time within a step, it throws.
      if (seen.has(step)) throw new Error('beside');
      seen.add(step);
      grad[0] = x!;
      return 0.5 * x! * x!;
    });
    const { labels, outcome } = await diagnosed(narrow, [{ ...sgd, steps: 30 }], { around: true });
    expect(outcome.steps).toBe(30);
    expect(labels).toEqual([]);
  });

  it('takes no promise where there is nothing to look with', () => {
    const { config } = resolveConfig([sgd]);
    const step = new ScriptedPath(config, 1).step({ loss: 1 });
    const around = new Diagnosis({ config, dim: 1, stepsPerEpoch: 1, probing: curved(() => 1) });
    expect(around.onStep(step)).toBeInstanceOf(Promise);
    expect(new Diagnosis({ config, dim: 1, stepsPerEpoch: 1 }).onStep(step)).toBeUndefined();
  });

  it('hands each sample to the rules once', async () => {
    // Beyond the limit at one sample only: two in a row it takes two samples, not one seen twice.
    const run = new Scripted(sgd, 1, { probing: curved((t) => (t === 1 ? 30 : 1)) });
    for (let k = 0; k < 60; k++) await run.awaited({ loss: 10 - 0.1 * k, delta: 0.1, beta: 0 });
    expect(run.labels).toEqual([]);
  });
});
