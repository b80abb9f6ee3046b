import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';
import type { ScriptedStep } from '../support/scriptedPath';

/** The least length of a long step in units of lr; the last unrectified step with default options. */
const far = 5;
const unrectified = 5;
const lr = 0.1;

const bench = (patch = {}, dim = 1) =>
  new RuleBench('unrectified-steps', { optimizer: { name: 'radam', lr }, steps: 1000, ...patch }, { dim });
const run = (...steps: readonly ScriptedStep[]) => {
  const of = bench();
  for (const step of steps) of.step(step);
  return of;
};
const long = { loss: 1, delta: -1 };

describe('unrectified steps', () => {
  it('is reported when a step is much longer than lr, and then the loss is above its start', () => {
    const { finding } = run(long, { loss: 1.5 });
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [1, 2],
      evidence: { longestStep: 1, startLoss: 1, loss: 1.5, lr },
    });
    expect(finding!.evidence.overLr).toBeCloseTo(10, 12);
    expect(finding!.fixes.map(({ patch }) => patch!.optimizer)).toEqual([
      { lr: 0.01 },
      { lr: 0.001 },
      { name: 'adam', lr },
    ]);
    expect(run(long, { loss: 1 }).found).toEqual([]);
    expect(run(long, { loss: 0.5 }, { loss: 0.9 }, { loss: 1 }).found).toEqual([]);
    expect(run({ loss: 1 }, { loss: 1.5 }, { loss: 2 }).found).toEqual([]);
  });

  it('also measures a step that begins above the start', () => {
    expect(run({ loss: 1 }, { loss: 1.5, delta: -1 }, { loss: 2 }).range).toEqual([2, 3]);
  });

  it.each([
    [1.01, 1],
    [0.99, 0],
  ])('with a step of %d times that length, is reported %d times', (share, count) => {
    for (const sign of [1, -1])
      expect(run({ loss: 1, delta: sign * share * far * lr }, { loss: 2 }).found).toHaveLength(count);
  });

  it('compares the step with the learning rate of that step', () => {
    expect(run({ loss: 1, delta: 1, lr: 0.3 }, { loss: 2 }).found).toEqual([]);
  });

  it('needs a rise of more than the rounding error', () => {
    const floor = 64 * Number.EPSILON;
    expect(run(long, { loss: 1 + 0.9 * floor }).found).toEqual([]);
    expect(run(long, { loss: 1 + 1.1 * floor }).found).toHaveLength(1);
  });

  it('checks the unrectified steps, and the loss of the step after the last one', () => {
    const at = (t: number, risesAt: number) => {
      const of = bench()
        .steps(t - 1, { loss: 1 })
        .step(long);
      return of.steps(risesAt - t - 1, { loss: 1 }).step({ loss: 2 }).range;
    };
    expect(at(unrectified, unrectified + 1)).toEqual([unrectified, unrectified + 1]);
    expect(at(1, unrectified + 1)).toEqual([1, unrectified + 1]);
    expect(at(1, unrectified + 2)).toBeUndefined();
    expect(at(unrectified + 1, unrectified + 2)).toBeUndefined();
  });

  it('derives the number of unrectified steps from beta2', () => {
    // At beta2 = 0.75: rho_7 = 4.84 and rho_8 = 5.22. At 0.5, rho never exceeds 5: rho_∞ = 3.
    const late = (beta2: number, t: number) =>
      bench({ optimizer: { name: 'radam', lr, beta2 } })
        .steps(t - 1, { loss: 1 })
        .step(long)
        .step({ loss: 2 });
    expect(late(0.5, 999).found).toHaveLength(1);
    expect(late(0.75, 7).found).toHaveLength(1);
    expect(late(0.75, 8).found).toEqual([]);
  });

  it('reports the longest step', () => {
    const { finding } = run(long, { loss: 0.9, delta: 3 }, { loss: 0.9, delta: 2 }, { loss: 2 });
    expect(finding).toMatchObject({ steps: [2, 4], evidence: { longestStep: 3 } });
  });

  it('checks every coordinate', () => {
    expect(
      bench({}, 2)
        .step({ loss: 1, delta: [0, -1] })
        .step({ loss: 2 }).finding!.evidence.longestStep,
    ).toBe(1);
  });

  it('is reported once', () => {
    expect(run(long, { loss: 2, delta: 3 }, { loss: 3, delta: 4 }, { loss: 4 }).found).toHaveLength(1);
  });

  it('applies to RAdam only', () => {
    expect(bench({ optimizer: { name: 'adam' } }).rule).toBeNull();
  });
});
