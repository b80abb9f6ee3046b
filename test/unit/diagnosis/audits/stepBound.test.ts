import { describe, expect, it } from 'vitest';
import { optionsOf, resolveConfig } from '../../../../src/core/config/resolve';
import type { OptimizerConfig } from '../../../../src/core/config/runConfig';
import { audit } from '../../../../src/core/diagnosis/audits/registry';
import { type AuditedPath, stepBound } from '../../../../src/core/diagnosis/audits/stepBound';
import { optimizers } from '../../../../src/core/optimizers/registry';

const slack = 1e-9;
const ulps = 2;

const complete = (optimizer: OptimizerConfig) => resolveConfig([{ optimizer }]).config.optimizer;
const adam = complete({ name: 'adam', lr: 0.1 });
const path = (...points: readonly (readonly number[])[]): AuditedPath => ({
  name: 'ones',
  points: points.map((point) => Float64Array.from(point)),
});
/** The path starts at 0, so that theta is not rounded more coarsely than the step. */
const oneStep = (share: number) => stepBound(adam, [path([0], [share * 0.1])]);

describe('step bound', () => {
  it('is reported when a step is longer than lr·B(t) by more than a share of 1e-9', () => {
    expect(oneStep(1)).toBeNull();
    expect(oneStep(1 + 0.9 * slack)).toBeNull();
    for (const sign of [1, -1]) {
      const report = oneStep(sign * (1 + 1.1 * slack))!;
      expect(report).toMatchObject({
        code: 'step-bound',
        severity: 'error',
        steps: [1, 1],
        coordinates: [0],
      });
    }
    const { evidence } = oneStep(2)!;
    expect(evidence).toMatchObject({ step: 0.2, t: 1, sequence: 'ones' });
    expect(evidence.bound).toBeCloseTo(0.1, 12);
    expect(evidence.excess).toBeCloseTo(2, 12);
    expect(oneStep(Number.NaN)).toBeNull();
  });

  it('tolerates a difference of two units in the last place of theta', () => {
    // At 2^20 one unit in the last place is 2^-32; lr is 2^-30.
    const lr = 2 ** -30;
    const ulp = 2 ** -32;
    const steps = (count: number, at: number) =>
      stepBound(complete({ name: 'adam', lr }), [path([at], [at + lr + count * ulp])]);
    expect(steps(ulps, 2 ** 20)).toBeNull();
    expect(steps(ulps + 1, 2 ** 20)).not.toBeNull();
    expect(steps(-2 * 4 - ulps, 2 ** 20)).toBeNull();
    expect(steps(-2 * 4 - ulps - 1, -(2 ** 20))).not.toBeNull();
  });

  it('takes the tolerance from theta before the step, when weight decay shrinks theta', () => {
    // Two units in the last place are 4.4e-8 at 1e8, but a tenth of that at the end of the step.
    const shrinking = complete({ name: 'adamw', lr: 0.9, weightDecay: 1 });
    const end = (more: number) => stepBound(shrinking, [path([1e8], [1e7 + 0.9 + more])]);
    expect(end(3e-8)).toBeNull();
    expect(end(6e-8)).not.toBeNull();
  });

  it('uses the bound of each step, which depends on its number', () => {
    const bound = optimizers.adam.bound(optionsOf(adam));
    const late = (share: number) => {
      const still = Array.from({ length: 100 }, () => [0]);
      return stepBound(adam, [path(...still, [share * 0.1 * bound(100)])]);
    };
    expect(bound(100)).toBeGreaterThan(2);
    expect(late(1)).toBeNull();
    expect(late(1.001)!.steps).toEqual([100, 100]);
  });

  it('reports the step with the largest ratio to its bound, over all paths', () => {
    const report = stepBound(adam, [
      path([0, 0], [0.2, -0.3], [0.2, -0.3]),
      { name: 'twos', points: [Float64Array.of(0, 0), Float64Array.of(0, 0.25)] },
    ])!;
    expect(report.coordinates).toEqual([1]);
    expect(report.evidence.excess).toBeCloseTo(3, 12);
    expect(report.evidence.sequence).toBe('ones');
    const second = stepBound(adam, [path([0], [0.2]), { ...path([0], [0.4]), name: 'twos' }])!;
    expect(second.evidence.sequence).toBe('twos');
  });

  it('does not count the change that decoupled weight decay makes', () => {
    const adamw = complete({ name: 'adamw', lr: 0.1, weightDecay: 1 });
    // Weight decay shrinks 10 to 9, so the rest of the step is 0.1.
    expect(stepBound(adamw, [path([10], [8.9])])).toBeNull();
    expect(stepBound(adamw, [path([10], [8.89])])).not.toBeNull();
    expect(stepBound(adamw, [path([10], [10])])).not.toBeNull();
    expect(stepBound(adam, [path([10], [8.9])])).not.toBeNull();
  });

  it.each(['sgd', 'nadam', 'radam', 'adabelief'] as const)(
    'does not judge %s, which has no bound',
    (name) => {
      expect(optimizers[name].bound(optionsOf(complete({ name })))(7)).toBe(Number.POSITIVE_INFINITY);
      expect(stepBound(complete({ name }), [path([0], [1e9])])).toBeNull();
    },
  );

  it('is run by audit(), which turns the report into a finding', () => {
    expect(audit(adam, [path([0], [0.1])])).toEqual([]);
    expect(audit(adam, [path([0], [1])])).toMatchObject([{ code: 'step-bound', location: null }]);
    expect(audit(adam, [path([0])])).toEqual([]);
  });
});
