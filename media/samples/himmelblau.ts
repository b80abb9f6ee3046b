/**
 * Himmelblau's function: four minima, all of them 0.
 *
 * Look at where the run ends, then change the start, beta1 or the optimizer: the minimum that it finds depends on all of
 * them. If the start is near a ridge between two minima, a small change of lr is enough.
 *
 * @loss
 * @start [-0.3, -0.9]
 * @optimizer adam lr=0.1
 * @steps 400
 * @expect loss<1e-10 within 400
 */
export function himmelblau([x, y]: number[]): number {
  return (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2;
}
