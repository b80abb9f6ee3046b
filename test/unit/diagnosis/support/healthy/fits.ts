import type { Objective } from '../../../../../src/core/objective';
import { problem } from '../problems';
import type { Draw } from './draw';
import type { Family } from './family';

/** The loss of one row as a function of its score z = x·w, with two derivatives. */
interface Link {
  readonly name: string;
  /** A random target for a row with the score z under the true weights. */
  target(draw: Draw, z: number): number;
  value(z: number, y: number): number;
  slope(z: number, y: number): number;
  curvature(z: number, y: number): number;
  /** The largest second derivative. */
  readonly steepest: number;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

const links = {
  squares: {
    name: 'linear regression',
    target: (draw, z) => z + draw.normals(1, 0.5)[0]!,
    value: (z, y) => 0.5 * (z - y) ** 2,
    slope: (z, y) => z - y,
    curvature: () => 1,
    steepest: 1,
  },
  logistic: {
    name: 'logistic regression',
    target: (draw, z) => (draw.chance(sigmoid(z)) ? 1 : 0),
    // log(1 + e^z) − y z, without overflow
    value: (z, y) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y * z,
    slope: (z, y) => sigmoid(z) - y,
    curvature: (z) => sigmoid(z) * sigmoid(-z),
    steepest: 0.25,
  },
  robust: {
    name: 'a robust fit',
    target: (draw, z) => z + draw.normals(1, 0.3)[0]! + (draw.chance(0.1) ? 5 : 0),
    // log cosh(z − y), without overflow
    value: (z, y) => Math.abs(z - y) + Math.log1p(Math.exp(-2 * Math.abs(z - y))) - Math.LN2,
    slope: (z, y) => Math.tanh(z - y),
    curvature: (z, y) => 1 - Math.tanh(z - y) ** 2,
    steepest: 1,
  },
} satisfies Record<string, Link>;

export type FitName = keyof typeof links;

interface Row {
  readonly x: readonly number[];
  readonly y: number;
}

const count = 300;
const heldOut = 600;

/**
 * The mean of a link over all rows, started at 0. The columns are standard normal, so the problem is well
 * conditioned.
 */
export function fitFamily(draw: Draw, kind: FitName): Family {
  const link: Link = links[kind];
  const dim = draw.oneOf([2, 4, 8]);
  const truth = Array.from({ length: dim }, () => (draw.chance(0.5) ? 1 : -1) * draw.between(0.8, 1.8));
  const rows = rowsOf(draw, link, truth, count);
  const held = rowsOf(draw, link, truth, heldOut);
  const best = newton(link, rows, dim);
  const curvatures = (weight: (row: Row) => number) => extremes(gram(rows, dim, weight));
  return {
    name: link.name,
    problem: problem(new Array(dim).fill(0), (p, grad, { indices }) => {
      const size = indices.length > 0 ? indices.length : rows.length;
      grad.fill(0);
      let sum = 0;
      for (let k = 0; k < size; k++) {
        const { x, y } = rows[indices.length > 0 ? indices[k]! : k]!;
        const z = dot(x, p);
        sum += link.value(z, y);
        const slope = link.slope(z, y) / size;
        for (let i = 0; i < dim; i++) grad[i]! += slope * x[i]!;
      }
      return sum / size;
    }),
    least: meanOf(link, rows, best),
    distance: Math.max(...best.map(Math.abs)),
    steepest: link.steepest * curvatures(() => 1).largest,
    flattest: curvatures(({ x, y }) => link.curvature(dot(x, best), y)).least,
    samples: count,
    validation: ((params) => meanOf(link, held, params)) satisfies Objective['value'],
  };
}

function rowsOf(draw: Draw, link: Link, truth: readonly number[], size: number): Row[] {
  return Array.from({ length: size }, () => {
    const x = draw.normals(truth.length);
    return { x, y: link.target(draw, dot(x, truth)) };
  });
}

function meanOf(link: Link, rows: readonly Row[], params: ArrayLike<number>): number {
  return rows.reduce((sum, { x, y }) => sum + link.value(dot(x, params), y), 0) / rows.length;
}

/** The minimum by damped Newton steps; these losses are convex. */
function newton(link: Link, rows: readonly Row[], dim: number): number[] {
  let w = new Array<number>(dim).fill(0);
  for (let step = 0; step < 30; step++) {
    const slope = Array.from(
      { length: dim },
      (_, i) => rows.reduce((sum, { x, y }) => sum + link.slope(dot(x, w), y) * x[i]!, 0) / rows.length,
    );
    const move = solve(
      gram(rows, dim, ({ x, y }) => link.curvature(dot(x, w), y)),
      slope,
    );
    if (Math.hypot(...move) < 1e-9) break;
    const before = meanOf(link, rows, w);
    let share = 1;
    let next = w;
    do {
      next = w.map((v, i) => v - share * move[i]!);
      share /= 2;
    } while (meanOf(link, rows, next) > before && share > 1e-6);
    w = next;
  }
  return w;
}

/** Σ weight x xᵀ over the rows, divided by their number. */
function gram(rows: readonly Row[], dim: number, weight: (row: Row) => number): number[][] {
  const sum = Array.from({ length: dim }, () => new Array<number>(dim).fill(0));
  for (const row of rows) {
    const share = weight(row) / rows.length;
    for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) sum[i]![j]! += share * row.x[i]! * row.x[j]!;
  }
  return sum;
}

/**
 * The extreme eigenvalues of a positive definite matrix, by the power method on the matrix and on its
 * inverse.
 */
function extremes(matrix: number[][]): { largest: number; least: number } {
  const power = (apply: (v: number[]) => number[]) => {
    let v = matrix.map((_, i) => 1 + i / matrix.length);
    let size = 1;
    for (let k = 0; k < 60; k++) {
      const next = apply(v);
      size = Math.hypot(...next);
      v = next.map((each) => each / size);
    }
    return size;
  };
  return {
    largest: power((v) => matrix.map((row) => dot(row, v))),
    least: 1 / power((v) => solve(matrix, v)),
  };
}

/** Gaussian elimination without pivoting; the matrices here are positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < a.length; i++)
    for (let j = i + 1; j < a.length; j++) {
      const share = a[j]![i]! / a[i]![i]!;
      for (let k = i; k <= a.length; k++) a[j]![k]! -= share * a[i]![k]!;
    }
  const x = new Array<number>(a.length).fill(0);
  for (let i = a.length - 1; i >= 0; i--) {
    let rest = a[i]![a.length]!;
    for (let j = i + 1; j < a.length; j++) rest -= a[i]![j]! * x[j]!;
    x[i] = rest / a[i]![i]!;
  }
  return x;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
