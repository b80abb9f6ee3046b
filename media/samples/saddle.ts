/**
 * A saddle: downhill along y on both sides of a ridge, and the run starts almost on the ridge. Minima at (0, ±1).
 *
 * Look at the loss: it falls, rests at 0 for 400 steps as if it had arrived, then falls again. Along the ridge the slope
 * is tiny, and so are the steps of gradient descent. Adam divides by the slope's size: it is off the ridge at step 33.
 *
 * @loss
 * @start [1, 1e-6]
 * @optimizer sgd lr=0.02
 * @steps 1500
 */
export function saddle([x, y]: number[]): number {
  return x ** 2 - y ** 2 / 2 + y ** 4 / 4;
}
