import type { Objective } from '../../src/core/objective';

interface Analytic {
  readonly start: readonly number[];
  value(p: ArrayLike<number>): number;
  gradient(p: ArrayLike<number>, grad: Float64Array): void;
}

/** Test losses with analytical gradients. */
export const analyticLosses = {
  rosenbrock: {
    start: [-1.2, 1],
    value(p) {
      let sum = 0;
      for (let i = 0; i + 1 < p.length; i++) sum += 100 * (p[i + 1]! - p[i]! ** 2) ** 2 + (1 - p[i]!) ** 2;
      return sum;
    },
    gradient(p, grad) {
      grad.fill(0);
      for (let i = 0; i + 1 < p.length; i++) {
        const valley = p[i + 1]! - p[i]! ** 2;
        grad[i]! += -400 * p[i]! * valley - 2 * (1 - p[i]!);
        grad[i + 1]! += 200 * valley;
      }
    },
  },
  anisotropicQuadratic: {
    start: [1, 1],
    value: (p) => 0.5 * (100 * p[0]! ** 2 + p[1]! ** 2),
    gradient(p, grad) {
      grad[0] = 100 * p[0]!;
      grad[1] = p[1]!;
    },
  },
  beale: {
    start: [1, 1],
    value(p) {
      const [x, y] = [p[0]!, p[1]!];
      return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2;
    },
    gradient(p, grad) {
      const [x, y] = [p[0]!, p[1]!];
      const [a, b, c] = [1.5 - x + x * y, 2.25 - x + x * y ** 2, 2.625 - x + x * y ** 3];
      grad[0] = 2 * a * (y - 1) + 2 * b * (y ** 2 - 1) + 2 * c * (y ** 3 - 1);
      grad[1] = 2 * a * x + 2 * b * 2 * x * y + 2 * c * 3 * x * y ** 2;
    },
  },
  toy: {
    start: [0],
    value: (p) => (p[0]! - 3) ** 2,
    gradient(p, grad) {
      grad[0] = 2 * (p[0]! - 3);
    },
  },
} satisfies Record<string, Analytic>;

export function analyticObjective(name: keyof typeof analyticLosses, dim?: number): Objective {
  const loss: Analytic = analyticLosses[name];
  return {
    dim: dim ?? loss.start.length,
    gradientMode: 'provided',
    value: (params) => loss.value(params),
    valueAndGradient(params, grad) {
      loss.gradient(params, grad);
      return loss.value(params);
    },
  };
}
