import type { Objective } from '../../objective';

/** A loss with few coordinates and an explicit gradient. */
export interface SmallLoss {
  readonly name: string;
  readonly objective: Objective;
  readonly start: Float64Array;
}

/** A narrow curved valley and a rotated quadratic bowl: the losses on which a step is tested. */
export function smallLosses(): readonly SmallLoss[] {
  return [
    {
      name: 'Rosenbrock function',
      start: Float64Array.of(-1.2, 1, 0.6),
      objective: lossOf(3, (p, grad) => {
        let sum = 0;
        grad.fill(0);
        for (let i = 0; i < 2; i++) {
          const valley = p[i + 1]! - p[i]! ** 2;
          sum += 100 * valley ** 2 + (1 - p[i]!) ** 2;
          grad[i]! += -400 * p[i]! * valley - 2 * (1 - p[i]!);
          grad[i + 1]! += 200 * valley;
        }
        return sum;
      }),
    },
    {
      name: 'rotated quadratic bowl',
      start: Float64Array.of(1, -0.5, 2),
      objective: lossOf(3, (p, grad) => {
        const [a, b, c] = [p[0]! + p[1]!, p[1]! - 2 * p[2]!, p[2]! - 1];
        grad[0] = a;
        grad[1] = a + 0.5 * b;
        grad[2] = -b + 3 * c;
        return 0.5 * a * a + 0.25 * b * b + 1.5 * c * c;
      }),
    },
  ];
}

function lossOf(dim: number, evaluate: (p: Float64Array, grad: Float64Array) => number): Objective {
  const scratch = new Float64Array(dim);
  return {
    dim,
    gradientMode: 'provided',
    value: (params) => evaluate(params, scratch),
    valueAndGradient: evaluate,
  };
}
