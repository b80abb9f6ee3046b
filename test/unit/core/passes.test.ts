import { describe, expect, it } from 'vitest';
import * as passes from '../../../src/core/kernels/passes';
import { VectorMemory, vectorBeside } from '../../../src/core/kernels/vectorMemory';
import { seededRandom } from '../../../src/core/numerics/random';

type Vector = () => Float64Array;

type Nine = [V, V, V, V, V, V, V, V, V];
type V = Float64Array;

/** Nine vectors with the same numbers, in the memory that `vector` allocates. */
function filled(vector: Vector, seed: number, special: boolean): Float64Array[] {
  const random = seededRandom(seed, 1);
  return Array.from({ length: 9 }, () => {
    const x = vector();
    for (let i = 0; i < x.length; i++) x[i] = (random() - 0.5) * 10 ** Math.round(6 * random() - 3);
    if (special)
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 5e-324].forEach((each) => {
        x[Math.floor(random() * x.length)] = each;
      });
    return x;
  });
}

/** What all passes return and write. */
function results([a, b, c, d, e, f, g, h, i]: Float64Array[]): unknown[] {
  const [A, B, C, D, E, F, G, H, I] = [a!, b!, c!, d!, e!, f!, g!, h!, i!];
  const scalars = { l2: 0.1, scale: 2, least: 1e-3 };
  const found = (next: (from: number) => number) => {
    const all: number[] = [];
    for (let i = next(0); i >= 0; i = next(i + 1)) all.push(i);
    return all;
  };
  return [
    passes.hasNonFinite(A),
    found((from) => passes.findZero(A, from)),
    passes.endsOf(A),
    passes.largestChange(A, B),
    passes.leastChange(A, B),
    found((from) => passes.findAbove(A, 3, from)),
    found((from) => passes.findBelow(A, -3, from)),
    found((from) => passes.findChangeAbove(A, B, 4, from)),
    found((from) => passes.findRatioBelow(A, B, 1e-4, from)),
    found((from) => passes.findDrop(A, B, 1e-2, from)),
    passes.sumOfRatios(A, B, C, scalars),
    passes.addMoves(
      { grad: A, lastGrad: H, params: B, before: C, previous: I },
      { path: D, work: E, turns: G },
    ),
    passes.addDescent(E, A, B, C),
    passes.raise(A, F),
    passes.widen(B, C, D),
    ...[A, B, C, D, E, F, G, H, I].map((x) => new BigUint64Array(x.slice().buffer)),
  ];
}

describe('the passes over vectors', () => {
  it.each([1, 2, 511, 512, 513, 1000, 4097])(
    'give the same bits in one memory, in several ones and in ordinary arrays (%i coordinates)',
    (dim) => {
      for (const special of [false, true]) {
        const memory = VectorMemory.create(dim, 8, 1)!;
        const shared = filled(() => memory.vector(), dim, special);
        const apart = filled(() => VectorMemory.create(dim, 8, 1)!.vector(), dim, special);
        const plain = filled(() => new Float64Array(dim), dim, special);
        const expected = results(plain);
        expect(results(shared)).toEqual(expected);
        expect(results(apart)).toEqual(expected);
      }
    },
  );

  it('find NaN, infinities and zeros wherever they are', () => {
    const memory = VectorMemory.create(1025, 8, 1)!;
    const x = memory.vector().fill(1);
    for (const i of [0, 1, 600, 1023, 1024]) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        expect(passes.hasNonFinite(x)).toBe(false);
        x[i] = value;
        expect(passes.hasNonFinite(x)).toBe(true);
        x[i] = 1;
      }
      expect(passes.findZero(x, 0)).toBe(-1);
      x[i] = -0;
      expect(passes.findZero(x, 0)).toBe(i);
      x[i] = 1;
    }
  });

  it('compute the definitions', () => {
    const dim = 1001;
    const memory = VectorMemory.create(dim, 8, 1)!;
    const vectors = filled(() => memory.vector(), 7, false);
    const [g, x, y, path, work, peak, turns, lastGrad, previous] = vectors as Nine;
    const before = vectors.map((each) => each.slice()) as Nine;
    const moves = x.map((each, i) => each - y[i]!);
    const moved = moves.map(Math.abs);
    const lastMoves = y.map((each, i) => each - previous[i]!);
    const [worth, slope] = passes.addMoves(
      { grad: g, lastGrad, params: x, before: y, previous },
      { path, work, turns },
    );
    passes.raise(g, peak);
    const sumOf = (part: (i: number) => number) => moves.reduce((sum, _, i) => sum + part(i), 0);
    expect(worth).toBeCloseTo(
      sumOf((i) => Math.abs(g[i]!) * moved[i]!),
      6,
    );
    expect(slope).toBeCloseTo(
      sumOf((i) => ((g[i]! + lastGrad[i]!) / 2) * lastMoves[i]!),
      6,
    );
    expect(path).toEqual(before[3].map((each, i) => each + moved[i]!));
    expect(work).toEqual(before[4].map((each, i) => each + Math.abs(g[i]!) * moved[i]!));
    expect(peak).toEqual(before[5].map((each, i) => Math.max(each, Math.abs(g[i]!))));
    expect(turns).toEqual(before[6].map((each, i) => each + (moves[i]! * lastMoves[i]! < 0 ? 1 : 0)));
    expect(passes.largestChange(x, y)).toBe(Math.max(...moved));
    expect(passes.leastChange(x, y)).toBe(Math.min(...moved));
    expect(passes.endsOf(g)).toEqual([Math.min(...g), Math.max(...g)]);
  });
});

describe('a memory of vectors', () => {
  it('gives ordinary arrays when it is full, and for a vector that is one', () => {
    const memory = VectorMemory.create(600, 8, 1)!;
    const first = memory.vector();
    const many = Array.from({ length: 40 }, () => vectorBeside(first));
    expect(many.every((each) => each.length === 600 && each.every((value) => value === 0))).toBe(true);
    expect(many[0]!.buffer).toBe(first.buffer);
    expect(many.at(-1)!.buffer).not.toBe(first.buffer);
    expect(vectorBeside(new Float64Array(5))).toEqual(new Float64Array(5));
  });
});
