import type { PathExpectation } from './expectations';
import type { Path } from './follow';
import { apart, type PathTolerance } from './tolerance';
import type { Transform } from './transforms';

export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'not applicable';
  /**
   * The distance from the expected path, relative to the distance from the start, at the worst step; NaN: not
   * measured.
   */
  readonly deviation: number;
  /** The allowed deviation at that step; NaN if there is no expectation. */
  readonly tolerance: number;
  /** Pairs of t and distance. */
  readonly distance: Float64Array;
}

interface Case {
  readonly expected: PathExpectation;
  readonly base: Path;
  /** The path on the changed loss. */
  readonly path: Path;
  readonly transform: Transform;
  readonly tolerance: PathTolerance;
}

/** Compares the path on the changed loss with the transformed original path. */
export function judge({ expected, base, path, transform, tolerance }: Case): Judgement {
  const steps = Math.min(base.points.length, path.points.length, tolerance.travel.length) - 1;
  const isExact = expected.kind === 'same' && expected.isExact;
  // If one path is shorter, the distance from the other is infinite.
  const sameLength = base.points.length === path.points.length;
  const distances = Float64Array.from({ length: steps + 1 }, (_, t) => {
    const distance = apart(path.points[t]!, transform.point(base.points[t]!));
    return distance === 0 ? 0 : distance / tolerance.travel[t]!;
  });
  const distance = Float64Array.from({ length: 2 * steps }, (_, k) =>
    k % 2 === 0 ? (k >> 1) + 1 : distances[(k >> 1) + 1]!,
  );
  const allowed = isExact
    ? new Float64Array(steps + 1)
    : tolerance.relative(expected.kind === 'same' ? expected.more : () => 0);
  const until = isExact ? steps : Math.min(steps, tolerance.horizon);
  const judged = (verdict: Judgement['verdict'], at: number): Judgement => ({
    verdict,
    deviation: distances[at] ?? Number.NaN,
    tolerance: expected.kind === 'none' ? Number.NaN : (allowed[at] ?? Number.NaN),
    distance,
  });
  if (isExact && !sameLength) return { ...judged('fail', steps), deviation: Number.POSITIVE_INFINITY };
  if (until < 1 || tolerance.travel[until] === 0) return judged('not applicable', 0);

  const excess = (t: number) => (isExact ? distances[t]! : distances[t]! / allowed[t]!);
  let worst = 1;
  for (let t = 2; t <= until; t++) if (excess(t) > excess(worst)) worst = t;
  if (expected.kind === 'none') return judged('not applicable', worst);
  const isSame = distances[worst]! <= allowed[worst]!;
  if (expected.kind === 'same') return judged(isSame ? 'pass' : 'fail', worst);
  return judged(!isSame && distances[worst]! > expected.atLeast ? 'pass' : 'fail', worst);
}
