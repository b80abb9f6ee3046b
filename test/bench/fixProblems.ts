import type { RunConfigPatch } from '../../src/core/config/runConfig';
import { seededRandom } from '../../src/core/numerics/random';
import {
  beale,
  bowl,
  logisticRegression,
  normal,
  type Problem,
  problem,
  rosenbrock,
} from '../unit/diagnosis/support/problems';

/** A loss with a configuration that suits it badly. */
export interface BadlyConfigured {
  readonly name: string;
  readonly problem: Problem;
  readonly patch: RunConfigPatch;
  /** The smallest value of the loss; null: it is computed by a long run. */
  readonly minimum: number | null;
}

/** A network 1-h-1 with tanh, fitted to another one of the same size: the smallest mean square is 0. */
function student(seed: number, hidden: number, samples: number): Problem {
  const random = seededRandom(seed, 21);
  const teacher = Array.from({ length: 3 * hidden }, () => 1.5 * normal(random));
  const output = (p: ArrayLike<number>, x: number) => {
    let sum = 0;
    for (let j = 0; j < hidden; j++) sum += p[3 * j + 2]! * Math.tanh(p[3 * j]! * x + p[3 * j + 1]!);
    return sum;
  };
  const points = Array.from({ length: samples }, (_, i) => {
    const x = -2 + (4 * i) / (samples - 1);
    return { x, y: output(teacher, x) };
  });
  const all = points.map((_, i) => i);
  return problem(
    teacher.map((value) => value + 0.5 * normal(random)),
    (p, grad, { indices }) => {
      const batch = indices.length > 0 ? indices : all;
      grad.fill(0);
      let sum = 0;
      for (const s of batch) {
        const { x, y } = points[s]!;
        const error = output(p, x) - y;
        sum += error ** 2 / batch.length;
        for (let j = 0; j < hidden; j++) {
          const h = Math.tanh(p[3 * j]! * x + p[3 * j + 1]!);
          const back = ((2 * error) / batch.length) * p[3 * j + 2]! * (1 - h * h);
          grad[3 * j]! += back * x;
          grad[3 * j + 1]! += back;
          grad[3 * j + 2]! += ((2 * error) / batch.length) * h;
        }
      }
      return sum;
    },
  );
}

/** Σ (u_i v_j − m_ij)² for a matrix of rank 1. */
function factorisation(seed: number, size: number): Problem {
  const random = seededRandom(seed, 22);
  const [u, v] = [0, 1].map(() => Array.from({ length: size }, () => normal(random))) as [number[], number[]];
  const start = Array.from({ length: 2 * size }, () => 0.3 * normal(random));
  return problem(start, (p, grad) => {
    grad.fill(0);
    let sum = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const error = p[i]! * p[size + j]! - u[i]! * v[j]!;
        sum += error ** 2;
        grad[i]! += 2 * error * p[size + j]!;
        grad[size + j]! += 2 * error * p[i]!;
      }
    return sum;
  });
}

/** Least squares without noise; column k is scaled by `spread` to the power k/(dim − 1). */
function columns(seed: number, samples: number, dim: number, spread: number): Problem {
  const random = seededRandom(seed, 23);
  const truth = Array.from({ length: dim }, () => normal(random));
  const rows = Array.from({ length: samples }, () =>
    Array.from({ length: dim }, (_, k) => normal(random) * spread ** (k / (dim - 1))),
  );
  const product = (row: readonly number[], p: ArrayLike<number>) =>
    row.reduce((sum, x, k) => sum + x * p[k]!, 0);
  const targets = rows.map((row) => product(row, truth));
  return problem(new Array(dim).fill(0), (p, grad) => {
    grad.fill(0);
    let sum = 0;
    rows.forEach((row, s) => {
      const error = product(row, p) - targets[s]!;
      sum += error ** 2 / samples;
      row.forEach((x, k) => {
        grad[k]! += (2 * error * x) / samples;
      });
    });
    return sum;
  });
}

/** Fits a exp(−b x) to its own values. */
function decay(a: number, b: number): Problem {
  const xs = Array.from({ length: 20 }, (_, i) => i / 5);
  return problem([1, 1], (p, grad) => {
    grad.fill(0);
    let sum = 0;
    for (const x of xs) {
      const e = Math.exp(-p[1]! * x);
      const error = p[0]! * e - a * Math.exp(-b * x);
      sum += error ** 2 / xs.length;
      grad[0]! += (2 * error * e) / xs.length;
      grad[1]! -= (2 * error * p[0]! * x * e) / xs.length;
    }
    return sum;
  });
}

/** (Π w_i − 1)², with weights that begin small. */
function chain(...start: number[]): Problem {
  return problem(start, (p, grad) => {
    const product = p.reduce((all, each) => all * each, 1);
    for (let i = 0; i < p.length; i++)
      grad[i] = 2 * (product - 1) * p.reduce((all, each, k) => (k === i ? all : all * each), 1);
    return (product - 1) ** 2;
  });
}

const adam = (lr: number, more = {}) => ({ name: 'adam', lr, ...more });
const sgd = (lr: number, momentum = 0) => ({ name: 'sgd', lr, momentum });

export const badlyConfigured: readonly BadlyConfigured[] = [
  {
    name: 'net, lr 1e-4',
    problem: student(1, 3, 30),
    patch: { optimizer: adam(1e-4), steps: 2000 },
    minimum: 0,
  },
  {
    name: 'net with mini-batches, lr too large',
    problem: student(2, 3, 40),
    patch: { optimizer: adam(0.3), steps: 2000, samples: 40, batch: 8 },
    minimum: 0,
  },
  {
    name: 'factorisation',
    problem: factorisation(3, 5),
    patch: { optimizer: sgd(1e-4), steps: 1000 },
    minimum: 0,
  },
  {
    name: 'ill-conditioned columns',
    problem: columns(4, 40, 4, 30),
    patch: { optimizer: sgd(1e-4), steps: 1500 },
    minimum: 0,
  },
  {
    name: 'Rosenbrock, adam',
    problem: rosenbrock(),
    patch: { optimizer: adam(1e-3), steps: 2000 },
    minimum: 0,
  },
  {
    name: 'Rosenbrock of 4 coordinates',
    problem: rosenbrock(-1.2, 1, -0.5, 0.8),
    patch: { optimizer: sgd(1e-4), steps: 3000 },
    minimum: 0,
  },
  {
    name: 'logistic, mini-batches',
    problem: logisticRegression(5, 120, 4),
    patch: { optimizer: sgd(1e-3), steps: 1200, samples: 120, batch: 20 },
    minimum: null,
  },
  { name: 'decay, lr 1', problem: decay(3, 0.7), patch: { optimizer: adam(1), steps: 800 }, minimum: 0 },
  {
    name: 'steep bowl, diverges',
    problem: bowl([3000, 40, 1], [1, 1, 1]),
    patch: { optimizer: sgd(0.01), steps: 1000 },
    minimum: 0,
  },
  {
    name: 'Beale, momentum',
    problem: beale(),
    patch: { optimizer: sgd(1e-5, 0.9), steps: 1000 },
    minimum: 0,
  },
  {
    name: 'product of 4 weights',
    problem: chain(0.4, 0.6, 0.5, 0.3),
    patch: { optimizer: adam(3e-4, { weightDecay: 0.1 }), steps: 600 },
    minimum: 0,
  },
  {
    name: 'far away',
    problem: bowl([1, 2, 0.5], [0, 0, 0], [300, -50, 1000]),
    patch: { optimizer: { name: 'rmsprop', lr: 0.01 }, steps: 1000 },
    minimum: 0,
  },
];
