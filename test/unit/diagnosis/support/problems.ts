import { type Random, seededRandom } from '../../../../src/core/numerics/random';
import type { EvaluationContext, Objective } from '../../../../src/core/objective';

/** A loss with its gradient and its start. */
export interface Problem {
  readonly objective: Objective;
  readonly start: readonly number[];
}

type ValueAndGradient = (p: Float64Array, grad: Float64Array, context: EvaluationContext) => number;

/** A problem from one function that returns the loss and writes the gradient. */
export function problem(start: readonly number[], evaluate: ValueAndGradient): Problem {
  const scratch = new Float64Array(start.length);
  return {
    start,
    objective: {
      dim: start.length,
      gradientMode: 'provided',
      value: (params, open) => evaluate(params, scratch, open()),
      valueAndGradient: (params, grad, open) => evaluate(params, grad, open()),
    },
  };
}

/** scale · f + shift. */
export function affine({ start, objective }: Problem, scale: number, shift = 0): Problem {
  return {
    start,
    objective: {
      ...objective,
      value: (params, open) => scale * (objective.value(params, open) as number) + shift,
      valueAndGradient(params, grad, open) {
        const loss = objective.valueAndGradient(params, grad, open) as number;
        for (let i = 0; i < grad.length; i++) grad[i]! *= scale;
        return scale * loss + shift;
      },
    },
  };
}

/** Σ over neighbouring coordinates x, y of 100 (y − x²)² + (1 − x)². */
export function rosenbrock(...start: number[]): Problem {
  return problem(start.length > 0 ? start : [-1.2, 1], (p, grad) => {
    let sum = 0;
    grad.fill(0);
    for (let i = 0; i + 1 < p.length; i++) {
      const valley = p[i + 1]! - p[i]! ** 2;
      sum += 100 * valley ** 2 + (1 - p[i]!) ** 2;
      grad[i]! += -400 * p[i]! * valley - 2 * (1 - p[i]!);
      grad[i + 1]! += 200 * valley;
    }
    return sum;
  });
}

/** ½ Σ λ_i (x_i − a_i)², where a is 0 unless given. */
export function bowl(
  curvatures: readonly number[],
  start: readonly number[],
  at?: readonly number[],
): Problem {
  return problem(start, (p, grad) => {
    let sum = 0;
    for (let i = 0; i < p.length; i++) {
      const x = p[i]! - (at?.[i] ?? 0);
      grad[i] = curvatures[i]! * x;
      sum += 0.5 * curvatures[i]! * x * x;
    }
    return sum;
  });
}

export function beale(...start: number[]): Problem {
  return problem(start.length > 0 ? start : [1, 1], (p, grad) => {
    const [x, y] = [p[0]!, p[1]!];
    const [a, b, c] = [1.5 - x + x * y, 2.25 - x + x * y ** 2, 2.625 - x + x * y ** 3];
    grad[0] = 2 * a * (y - 1) + 2 * b * (y ** 2 - 1) + 2 * c * (y ** 3 - 1);
    grad[1] = 2 * a * x + 2 * b * 2 * x * y + 2 * c * 3 * x * y ** 2;
    return a * a + b * b + c * c;
  });
}

/** Box-Muller gives two normal numbers at a time, which would be faster. Tests do not need that. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mean squared error of a linear model on `samples` noisy rows. Without indices, the full batch. */
export function linearRegression(seed: number, samples: number, dim: number, noise: number): Problem {
  const random = seededRandom(seed, 11);
  const truth = Array.from({ length: dim }, () => normal(random));
  const rows = Array.from({ length: samples }, () => Array.from({ length: dim }, () => normal(random)));
  const targets = rows.map((row) => dot(row, truth) + noise * normal(random));
  const all = rows.map((_, i) => i);
  return problem(new Array(dim).fill(0), (p, grad, { indices }) => {
    const batch = indices.length > 0 ? indices : all;
    grad.fill(0);
    let sum = 0;
    for (const s of batch) {
      const row = rows[s]!;
      const error = dot(row, p) - targets[s]!;
      sum += (0.5 * error * error) / batch.length;
      for (let i = 0; i < dim; i++) grad[i]! += (error * row[i]!) / batch.length;
    }
    return sum;
  });
}

/** Mean log loss of a logistic model on `samples` rows; the labels are drawn from the model. */
export function logisticRegression(seed: number, samples: number, dim: number): Problem {
  const random = seededRandom(seed, 12);
  const truth = Array.from({ length: dim }, () => 1.5 * normal(random));
  const rows = Array.from({ length: samples }, () => Array.from({ length: dim }, () => normal(random)));
  const labels = rows.map((row) => (random() < 1 / (1 + Math.exp(-dot(row, truth))) ? 1 : 0));
  const all = rows.map((_, i) => i);
  return problem(new Array(dim).fill(0), (p, grad, { indices }) => {
    const batch = indices.length > 0 ? indices : all;
    grad.fill(0);
    let sum = 0;
    for (const s of batch) {
      const row = rows[s]!;
      const z = dot(row, p);
      const y = labels[s]!;
      // log(1 + e^z) − y z, without overflow
      sum += (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y * z) / batch.length;
      const error = 1 / (1 + Math.exp(-z)) - y;
      for (let i = 0; i < dim; i++) grad[i]! += (error * row[i]!) / batch.length;
    }
    return sum;
  });
}

/** A network 2-h-1 with tanh and log loss on XOR-like blobs. */
export function network(seed: number, samples: number, hidden: number): Problem {
  const random = seededRandom(seed, 13);
  const points = Array.from({ length: samples }, (_, s) => {
    const [a, b] = [s & 1 ? 1 : -1, s & 2 ? 1 : -1];
    return { x: a + 0.4 * normal(random), y: b + 0.4 * normal(random), label: a * b > 0 ? 1 : 0 };
  });
  const all = points.map((_, i) => i);
  const start = Array.from({ length: 4 * hidden + 1 }, () => 0.5 * normal(random));
  return problem(start, (p, grad, { indices }) => {
    const batch = indices.length > 0 ? indices : all;
    grad.fill(0);
    let sum = 0;
    for (const s of batch) {
      const { x, y, label } = points[s]!;
      let z = p[4 * hidden]!;
      for (let j = 0; j < hidden; j++)
        z += p[4 * j + 3]! * Math.tanh(p[4 * j]! * x + p[4 * j + 1]! * y + p[4 * j + 2]!);
      sum += (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - label * z) / batch.length;
      const error = (1 / (1 + Math.exp(-z)) - label) / batch.length;
      grad[4 * hidden]! += error;
      for (let j = 0; j < hidden; j++) {
        const h = Math.tanh(p[4 * j]! * x + p[4 * j + 1]! * y + p[4 * j + 2]!);
        const back = error * p[4 * j + 3]! * (1 - h * h);
        grad[4 * j]! += back * x;
        grad[4 * j + 1]! += back * y;
        grad[4 * j + 2]! += back;
        grad[4 * j + 3]! += error * h;
      }
    }
    return sum;
  });
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
