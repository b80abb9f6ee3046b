/** Descents whose steps clipping makes so short that a clipped gradient times the step says nothing about the loss. */
const beacons = [
  [0, 0],
  [4, 0],
  [0, 4],
  [4, 4],
] as const;
const ranges = beacons.map(([x, y]) => Math.hypot(1.2 - x, 2.1 - y));

/**
 * Finds: clipping-dominates at «norm=0.05»
 * Silent: plateau:saddle; plateau:converged; plateau:flat-valley
 * Verdict: still-improving
 * Because: each gradient is clipped to 0.05, so a step moves by 0.0025 and the run by 2.5 at most: the loss falls at every step. The Hessian
 * has a negative eigenvalue on the way, which makes no saddle of a point with a large gradient.
 *
 * @loss
 * @start [3.6, 0.4]
 * @optimizer sgd lr=0.05
 * @clip norm=0.05
 * @steps 1000
 */
export function locatesSlowly([x, y]: number[]): number {
  let sum = 0;
  beacons.forEach(([bx, by], i) => {
    const miss = Math.hypot(x! - bx, y! - by) - ranges[i]!;
    sum += 50 * (1 - Math.exp(-miss * miss));
  });
  return sum;
}
