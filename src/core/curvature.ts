import { maxAbs, norm2 } from './numerics/norms';
import type { Random } from './numerics/random';
import type { Objective, OpenContext } from './objective';

/** H v, shape [dim], for v of shape [dim]. */
export type HessianProduct = (v: Float64Array) => Promise<Float64Array>;

/**
 * Products of the loss's Hessian at a point with vectors, by central differences of its gradient:
 *
 *   H v ≈ (g(θ + hv) − g(θ − hv)) / 2h      h = δ^⅓ max(1, ‖θ‖∞) / ‖v‖∞
 *
 * where δ is the relative error of the gradient: ε, or ε^⅔ if it is computed by finite differences. The
 * relative error of the product is about δ^⅔. Each product takes two gradients.
 *
 * @param params  θ, shape [dim]; not modified
 * @param factor  a longer difference: h times this factor
 */
export function hessianAt(
  objective: Objective,
  params: Float64Array,
  open: OpenContext,
  factor = 1,
): HessianProduct {
  const { dim } = objective;
  const exactness = objective.gradientMode === 'finite-difference' ? 2 ** (-52 * (2 / 3)) : 2 ** -52;
  const scale = factor * Math.cbrt(exactness) * Math.max(1, maxAbs(params));
  return async (v) => {
    const size = maxAbs(v);
    if (size === 0) return new Float64Array(dim);
    const h = scale / size;
    const gradientAt = async (step: number) => {
      const grad = new Float64Array(dim);
      const at = new Float64Array(dim);
      for (let i = 0; i < dim; i++) at[i] = params[i]! + step * v[i]!;
      await objective.valueAndGradient(at, grad, open);
      return grad;
    };
    const up = await gradientAt(h);
    const down = await gradientAt(-h);
    for (let i = 0; i < dim; i++) up[i] = (up[i]! - down[i]!) / (2 * h);
    return up;
  };
}

/** The largest and the smallest eigenvalue, and their unit eigenvectors. */
export interface Spectrum {
  readonly largest: number;
  readonly smallest: number;
  /**
   * Shape [dim] each, in coordinates scaled by P: a unit vector u corresponds to the direction P^(−½) u of θ.
   */
  readonly largestVector: Float64Array;
  readonly smallestVector: Float64Array;
  /** The number of Hessian-vector products that were needed. */
  readonly products: number;
}

const iterationsAtMost = 24;

/**
 * The largest and the smallest eigenvalue of P^(−½) H P^(−½), which equal those of P⁻¹H, by the Lanczos
 * method with full reorthogonalization (Golub & Van Loan, Matrix Computations, 10.3). Exact up to rounding if
 * dim ≤ `iterations`. Otherwise the result lies inside the spectrum, and these two eigenvalues converge
 * first.
 *
 * @param preconditioner  the diagonal of P, all above 0, shape [dim]; absent: 1
 * @param iterations      the largest number of products
 * @param near            a start vector that may be close to the two eigenvectors, shape [dim]; absent: a
 *   random one
 */
export async function spectrumEnds(
  product: HessianProduct,
  dim: number,
  random: Random,
  preconditioner: Float64Array | null = null,
  iterations = iterationsAtMost,
  near: Float64Array | null = null,
): Promise<Spectrum> {
  const scale = new Float64Array(dim).fill(1);
  if (preconditioner) for (let i = 0; i < dim; i++) scale[i] = 1 / Math.sqrt(preconditioner[i]!);
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let q = normalised(near ?? Float64Array.from({ length: dim }, () => random() - 0.5));
  const most = Math.min(dim, iterations);
  for (let k = 0; k < most; k++) {
    basis.push(q);
    const next = times(await product(times(q, scale)), scale);
    diagonal.push(dot(q, next));
    // Two passes are enough (Kahan and Parlett): the remaining components along earlier directions are
    // rounding errors.
    for (let pass = 0; pass < 2; pass++)
      for (const earlier of basis) subtract(next, dot(next, earlier), earlier);
    const rest = norm2(next);
    if (k + 1 === most || !(rest > 2 ** -40 * Math.max(...diagonal.map(Math.abs)))) break;
    beside.push(rest);
    q = over(next, rest);
  }
  const ends = [0, diagonal.length - 1].map((rank) => eigenvalue(diagonal, beside, rank));
  const vectors = ends.map((value) => combination(basis, eigenvector(diagonal, beside, value)));
  return {
    smallest: ends[0]!,
    largest: ends[1]!,
    smallestVector: vectors[0]!,
    largestVector: vectors[1]!,
    products: diagonal.length,
  };
}

/**
 * The eigenvalue of the given rank (0 is the smallest) of a symmetric tridiagonal matrix, by bisection: the
 * number of eigenvalues below x is the number of negative pivots of T − x (Sturm; Golub & Van Loan 8.4).
 */
function eigenvalue(diagonal: readonly number[], beside: readonly number[], rank: number): number {
  const radius = diagonal.map((_, i) => Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0));
  let low = Math.min(...diagonal.map((d, i) => d - radius[i]!));
  let high = Math.max(...diagonal.map((d, i) => d + radius[i]!));
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    if (pivotsBelow(diagonal, beside, middle) > rank) high = middle;
    else low = middle;
  }
}

function pivotsBelow(diagonal: readonly number[], beside: readonly number[], x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    pivot = diagonal[i]! - x - (i === 0 ? 0 : beside[i - 1]! ** 2 / pivot);
    if (pivot === 0) pivot = Number.MIN_VALUE;
    if (pivot < 0) count++;
  }
  return count;
}

/** The unit eigenvector of a tridiagonal matrix for a known eigenvalue, by inverse iteration. */
function eigenvector(diagonal: readonly number[], beside: readonly number[], value: number): Float64Array {
  const n = diagonal.length;
  const size = Math.max(...diagonal.map(Math.abs), ...beside.map(Math.abs), Number.MIN_VALUE);
  // Slightly shifted from the eigenvalue, because the system would be singular.
  const shifted = value + size * 2 ** -48;
  let x: Float64Array = Float64Array.from({ length: n }, (_, i) => 1 + i / n);
  for (let round = 0; round < 3; round++) x = normalised(solve(diagonal, beside, shifted, x));
  return x;
}

/** Solves (T − shift) x = b by elimination with row exchanges. */
function solve(
  diagonal: readonly number[],
  beside: readonly number[],
  shift: number,
  b: Float64Array,
): Float64Array {
  const n = b.length;
  const rows = diagonal.map((d, i) => [d - shift, beside[i] ?? 0, 0] as [number, number, number]);
  const lower = [...beside];
  const x = b.slice();
  for (let i = 0; i + 1 < n; i++) {
    const next: [number, number, number] = [lower[i]!, rows[i + 1]![0], rows[i + 1]![1]];
    let pivot = rows[i]!;
    let other = next;
    if (Math.abs(next[0]) > Math.abs(pivot[0])) {
      [pivot, other] = [next, pivot];
      [x[i], x[i + 1]] = [x[i + 1]!, x[i]!];
    }
    const factor = pivot[0] === 0 ? 0 : other[0] / pivot[0];
    rows[i] = pivot;
    rows[i + 1] = [other[1] - factor * pivot[1], other[2] - factor * pivot[2], 0];
    x[i + 1] = x[i + 1]! - factor * x[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const [d, up, far] = rows[i]!;
    const rest = x[i]! - up * (x[i + 1] ?? 0) - far * (x[i + 2] ?? 0);
    x[i] = rest / (d === 0 ? Number.MIN_VALUE : d);
  }
  return x;
}

function combination(basis: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(basis[0]!.length);
  basis.forEach((vector, k) => {
    subtract(sum, -weights[k]!, vector);
  });
  return normalised(sum);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(target: Float64Array, factor: number, other: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! - factor * other[i]!;
}

function normalised(x: Float64Array): Float64Array {
  return over(x, norm2(x));
}

/** Element by element; a new vector. A loop takes a fifth of the time of `map`. */
function times(a: Float64Array, b: Float64Array): Float64Array {
  const product = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) product[i] = a[i]! * b[i]!;
  return product;
}

function over(a: Float64Array, divisor: number): Float64Array {
  const quotient = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) quotient[i] = a[i]! / divisor;
  return quotient;
}
