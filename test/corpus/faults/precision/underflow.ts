/** A camera whose errors are in units of 1e-8: in float16, the gradient becomes 0 long before the minimum. */
const points = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(2 * i), 3 + Math.sin(3 * i)] as const);
const images = points.map(([x, y, z], i) => [(800 * x) / z + 320 + (i === 4 ? 60 : 0), (800 * y) / z + 240] as const);

/**
 * Finds: precision-loss at «float16»
 * Silent: plateau:converged; oscillation; sparse-gradient; schedule-mismatch
 * Verdict: stalled
 * Because: lr is halved seven times up to step 267, and from step 384 on, no parameter changes: the gradient, 1e-8, is below the smallest number of float16, 6e-8. The loss stays
 * at 6.06e-7, and its minimum, which float32 reaches, is 5.89e-7. A run that stands still is not unstable.
 *
 * @loss
 * @start focal=700 cx=300 cy=260
 * @optimizer adam lr=1
 * @precision float16
 * @schedule reduceOnPlateau patience=20 factor=0.5
 * @steps 1500
 */
export function reprojection({ focal, cx, cy }: { focal: number; cx: number; cy: number }): number {
  let sum = 0;
  points.forEach(([x, y, z], i) => {
    const [u, v] = images[i]!;
    sum += Math.sqrt(1 + ((focal * x) / z + cx - u) ** 2) + Math.sqrt(1 + ((focal * y) / z + cy - v) ** 2) - 2;
  });
  return 1e-8 * sum;
}
