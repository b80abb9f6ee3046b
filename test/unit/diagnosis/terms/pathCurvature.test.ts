import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve';
import { PathCurvature } from '../../../../src/core/diagnosis/terms/pathCurvature';
import { ScriptedPath } from '../support/scriptedPath';

const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0.01 } }]);

describe('curvature along the path', () => {
  /** Two steps of gradient descent on ½ Σ λ x². The gradients are scaled, as clipping by norm does. */
  const twoSteps = (clipFactors: readonly [number, number]) => {
    const curvatures = [100, 1];
    const path = new PathCurvature(2);
    const scripted = new ScriptedPath(config, 2, [1, 1]);
    let at = [1, 1];
    return clipFactors.map((clipFactor) => {
      const grad = at.map((x, i) => curvatures[i]! * x * clipFactor);
      const step = scripted.step({ loss: 1, grad, delta: grad.map((g) => -0.01 * g), clipFactor });
      at = [...step.params];
      return path.onStep(step);
    });
  };

  it('is a Rayleigh quotient of the Hessian', () => {
    const [first, second] = twoSteps([1, 1]);
    expect(first).toBeNaN();
    // Δθ = −0.01 (100, 1): (100 · 100² + 1 · 1²)/(100² + 1²)
    expect(second).toBeCloseTo((100 * 100 ** 2 + 1) / (100 ** 2 + 1), 9);
  });

  it('is the curvature of the unclipped loss when gradients are clipped', () => {
    expect(twoSteps([0.1, 0.5])[1]).toBeCloseTo((100 * 100 ** 2 + 1) / (100 ** 2 + 1), 9);
  });
});
