import { describe, expect, it } from 'vitest';
import { planeThrough, principalPlane, projected } from '../../../src/core/trace/pathPlane';

const dim = 12;
const e = (i: number) => Float64Array.from({ length: dim }, (_, k) => (k === i ? 1 : 0));
const length = (vector: Float64Array) => Math.hypot(...vector);
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** A spiral in the plane of two oblique directions. */
const spiral = Array.from({ length: 60 }, (_, n) => {
  const [x, y] = [5 * Math.cos(n / 7) * 0.97 ** n, 3 * Math.sin(n / 7) * 0.97 ** n];
  return Float64Array.from({ length: dim }, (_, k) => 2 + x * Math.sin(k) + y * Math.cos(3 * k));
});

describe('the plane of the principal directions of a path', () => {
  it('contains a path that lies in a plane, with all its variance and its distances', () => {
    const plane = principalPlane(spiral)!;
    expect(plane.share).toBeCloseTo(1, 12);
    expect([length(plane.across), length(plane.up)]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
    expect(dot(plane.across, plane.up)).toBeCloseTo(0, 10);
    for (const [a, b] of [
      [0, 1],
      [3, 40],
      [12, 59],
    ] as const) {
      const [p, q] = [projected(plane, spiral[a]!), projected(plane, spiral[b]!)];
      const away = length(spiral[a]!.map((value, i) => value - spiral[b]![i]!));
      expect(Math.hypot(p[0] - q[0], p[1] - q[1])).toBeCloseTo(away, 9);
    }
  });

  it('states the share of the variance that it contains', () => {
    // Variances 4, 1 and 0.25 along three axes.
    const points = [2, 1, 0.5].flatMap((size, i) =>
      [1, -1].map((sign) => e(i).map((value) => sign * size * value)),
    );
    expect(principalPlane(points)!.share).toBeCloseTo(5 / 5.25, 10);
  });

  it('has the way from the first to the last point to the right', () => {
    const points = Array.from({ length: 20 }, (_, n) =>
      e(0).map((value, k) => -n * value + (k === 1 ? Math.sin(n) : 0)),
    );
    const plane = principalPlane(points)!;
    expect(projected(plane, points[19]!)[0]).toBeGreaterThan(projected(plane, points[0]!)[0]);
  });

  it('does not exist for a straight path, a resting one, or two points', () => {
    expect(principalPlane(Array.from({ length: 9 }, (_, n) => e(0).map((value) => n * value)))).toBeNull();
    expect(principalPlane([e(0), e(0), e(0)])).toBeNull();
    expect(principalPlane([e(0), e(1)])).toBeNull();
    expect(principalPlane([])).toBeNull();
  });
});

describe('the plane through start, end and best', () => {
  it('contains all three, the start at its origin and the end to its right', () => {
    const [start, end, best] = [e(0), e(1).map((value) => 3 * value), e(2)];
    const plane = planeThrough(start, end, best)!;
    expect(projected(plane, start)).toEqual([0, 0]);
    expect(projected(plane, end)).toEqual([expect.closeTo(Math.sqrt(10), 12), expect.closeTo(0, 12)]);
    const [x, y] = projected(plane, best);
    for (let k = 0; k < dim; k++)
      expect(plane.origin[k]! + x * plane.across[k]! + y * plane.up[k]!).toBeCloseTo(best[k]!, 12);
    expect(planeThrough(start, end, end)).toBeNull();
  });
});
