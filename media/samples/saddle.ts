/**
 * A saddle: downhill along y on both sides of a ridge, and the run starts almost on the ridge. Minima at (0, ±1).
 *
 * Look at the loss: it falls, rests at 0 for a while as if it had arrived, then falls again. Adam leaves the ridge in
 * a few dozen steps however small the slope, because it divides by its size; sgd needs hundreds.
 *
 * @loss
 * @start [1, 1e-6]
 * @optimizer adam lr=0.02
 * @steps 500
 */
export function saddle([x, y]: number[]): number {
  return x ** 2 - y ** 2 / 2 + y ** 4 / 4;
}
