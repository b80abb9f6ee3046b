import { normalFrom, uniformFrom } from './random.js';

/**
 * A straight line through 60 points, of which every sixth is an outlier: by least squares, and by Tukey's biweight, in
 * which points that are far from the line have no influence. The other points lie near 2x − 1.
 *
 * Look at the two results: the outliers shift the least-squares line, but not the biweight. Then start the biweight at
 * [0, 60]: every point is too far from that line, all gradients are 0, and no optimizer can help.
 */
const normal = normalFrom(uniformFrom(3));
const points = Array.from({ length: 60 }, (_, i) => {
  const x = -1 + (2 * i) / 59;
  return { x, y: 2 * x - 1 + 0.1 * normal() + (i % 6 === 0 ? 8 : 0) };
});

function mean(of: (residual: number) => number, slope: number, offset: number): number {
  return points.reduce((sum, { x, y }) => sum + of(slope * x + offset - y), 0) / points.length;
}

/**
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function leastSquares([slope, offset]: number[]): number {
  return mean((r) => 0.5 * r ** 2, slope, offset);
}

/**
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function biweight([slope, offset]: number[]): number {
  const reach = 4;
  const tukey = (r: number) => (reach ** 2 / 6) * (1 - Math.max(0, 1 - (r / reach) ** 2) ** 3);
  return mean(tukey, slope, offset);
}
