import { type Problem, problem } from '../problems';
import type { Draw } from './draw';

/** A loss that looks harder than a bowl: negative curvature near its minima, flat directions, or saturated units. */
export interface HardLoss {
  readonly name: string;
  readonly problem: Problem;
  readonly samples: number | null;
}

/** The error of one output, with its derivatives added to `grad`. */
type Model = (p: ArrayLike<number>, row: number, back: Float64Array) => number;

/** The mean of half the squared errors over the rows. */
function leastSquares(
  name: string,
  start: readonly number[],
  targets: readonly number[],
  model: Model,
): HardLoss {
  const back = new Float64Array(start.length);
  const all = targets.map((_, row) => row);
  return {
    name,
    samples: targets.length,
    problem: problem(start, (p, grad, { indices }) => {
      const rows = indices.length > 0 ? indices : all;
      grad.fill(0);
      let sum = 0;
      for (const row of rows) {
        back.fill(0);
        const miss = model(p, row, back) - targets[row]!;
        sum += (0.5 * miss * miss) / rows.length;
        for (let i = 0; i < grad.length; i++) grad[i]! += (miss * back[i]!) / rows.length;
      }
      return sum;
    }),
  };
}

/** (p₁ · p₂ · … − target)²: all points of a surface are minima. */
export function productLoss(draw: Draw): HardLoss {
  const count = draw.oneOf([2, 3, 4]);
  const start = Array.from({ length: count }, () => draw.between(0.7, 1.5));
  const target = draw.between(0.5, 3);
  const { problem } = leastSquares('a product', start, [target], (p, _, back) => {
    let value = 1;
    for (let i = 0; i < count; i++) value *= p[i]!;
    for (let i = 0; i < count; i++) back[i] = value / p[i]!;
    return value;
  });
  return { name: `a product of ${count}`, problem, samples: null };
}

/** A table of low rank as the product of two factors, with or without noise. */
export function factorLoss(draw: Draw): HardLoss {
  const rank = draw.oneOf([1, 2]);
  const [rows, columns] = [draw.oneOf([4, 6]), draw.oneOf([3, 5])];
  const factors = () => draw.normals(rank * (rows + columns));
  const at = (p: ArrayLike<number>, u: number, f: number) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += p[rank * u + k]! * p[rank * (rows + f) + k]!;
    return sum;
  };
  const truth = factors();
  const noise = draw.oneOf([0, 0.05]);
  const cells = Array.from({ length: rows * columns }, (_, i) => [i % rows, Math.floor(i / rows)] as const);
  const targets = cells.map(([u, f]) => at(truth, u, f) + draw.normals(1, noise)[0]!);
  const start = factors().map((value) => 0.5 * value);
  return leastSquares('a factorisation', start, targets, (p, row, back) => {
    const [u, f] = cells[row]!;
    for (let k = 0; k < rank; k++) {
      back[rank * u + k] = p[rank * (rows + f) + k]!;
      back[rank * (rows + f) + k] = p[rank * u + k]!;
    }
    return at(p, u, f);
  });
}

/** A line y = p₁ · p₂ · … · x: a linear net with layers of one unit. */
export function deepLineLoss(draw: Draw): HardLoss {
  const layers = draw.oneOf([2, 3]);
  const start = Array.from({ length: layers }, () => draw.between(0.6, 1.2));
  const slope = draw.between(0.8, 2);
  const xs = draw.normals(40);
  const targets = xs.map((x) => slope * x + draw.normals(1, 0.1)[0]!);
  return leastSquares('a deep linear net', start, targets, (p, row, back) => {
    let value = xs[row]!;
    for (let i = 0; i < layers; i++) value *= p[i]!;
    for (let i = 0; i < layers; i++) back[i] = value / p[i]!;
    return value;
  });
}

/** scale · tanh(slope · x + shift): it may start saturated, and leaves that. */
export function saturatingLoss(draw: Draw): HardLoss {
  const truth = [draw.between(0.6, 1.5), draw.between(0.5, 1.5), draw.between(-0.5, 0.5)];
  const start = [draw.between(0.4, 1.2), draw.between(1.5, 3), draw.between(-1.2, 1.2)];
  const xs = Array.from({ length: 40 }, () => draw.between(-2, 2));
  const curve = ([scale, slope, shift]: ArrayLike<number> & Iterable<number>, x: number) =>
    scale! * Math.tanh(slope! * x + shift!);
  const targets = xs.map((x) => curve(truth, x) + draw.normals(1, 0.03)[0]!);
  return leastSquares('a saturating unit', start, targets, (p, row, back) => {
    const x = xs[row]!;
    const unit = Math.tanh(p[1]! * x + p[2]!);
    back[0] = unit;
    back[2] = p[0]! * (1 - unit * unit);
    back[1] = back[2]! * x;
    return p[0]! * unit;
  });
}

/** A sum of tanh units that is fitted to a smooth curve, from random weights. */
export function netLoss(draw: Draw): HardLoss {
  const units = draw.oneOf([3, 6]);
  const start = draw.normals(3 * units + 1, 0.7);
  const frequency = draw.between(0.8, 1.6);
  const xs = Array.from({ length: 40 }, () => draw.between(-2, 2));
  const targets = xs.map((x) => 0.7 * Math.sin(frequency * x) + draw.normals(1, 0.05)[0]!);
  return leastSquares('a net', start, targets, (p, row, back) => {
    const x = xs[row]!;
    let z = p[3 * units]!;
    back[3 * units] = 1;
    for (let j = 0; j < 3 * units; j += 3) {
      const h = Math.tanh(p[j]! * x + p[j + 1]!);
      z += p[j + 2]! * h;
      back[j + 2] = h;
      back[j + 1] = p[j + 2]! * (1 - h * h);
      back[j] = back[j + 1]! * x;
    }
    return z;
  });
}

/** Amplitude and phase of a point: polar coordinates. */
export function polarLoss(draw: Draw): HardLoss {
  const [amplitude, phase] = [draw.between(0.5, 2), draw.between(-1, 1)];
  const start = [amplitude * draw.between(0.5, 1.5), phase + draw.between(-1, 1)];
  const targets = [amplitude * Math.cos(phase), amplitude * Math.sin(phase)];
  const { problem } = leastSquares('a point in polar coordinates', start, targets, (p, row, back) => {
    const [cos, sin] = [Math.cos(p[1]!), Math.sin(p[1]!)];
    back[0] = row === 0 ? cos : sin;
    back[1] = row === 0 ? -p[0]! * sin : p[0]! * cos;
    return p[0]! * back[0];
  });
  return { name: 'a point in polar coordinates', problem, samples: null };
}

/** The cross-entropy of scores with given shares. Adding a constant to all scores changes nothing. */
export function softmaxLoss(draw: Draw): HardLoss {
  const count = draw.oneOf([3, 5]);
  const weights = Array.from({ length: count }, () => draw.between(0.5, 3));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const start = draw.normals(count);
  return {
    name: 'scores of a softmax',
    samples: null,
    problem: problem(start, (p, grad) => {
      const top = Math.max(...p);
      let sum = 0;
      for (const z of p) sum += Math.exp(z - top);
      let loss = Math.log(sum) + top;
      for (let i = 0; i < count; i++) {
        loss -= (weights[i]! / total) * p[i]!;
        grad[i] = Math.exp(p[i]! - top) / sum - weights[i]! / total;
      }
      return loss;
    }),
  };
}
