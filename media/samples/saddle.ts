/**
 * A saddle: the loss falls along y on both sides of a ridge, and the run starts almost on the ridge. Minima at (0, ±1).
 *
 * Look at the loss: it falls, stays at 0 for 400 steps as if it had converged, then falls again. Near the ridge the slope
 * is tiny, and so are the steps of gradient descent. Adam divides by the gradient's size and leaves the ridge by step 33.
 *
 * @loss
 * @start [1, 1e-6]
 * @optimizer sgd lr=0.02
 * @steps 1500
 */
export function saddle([x, y]: number[]): number {
  return x ** 2 - y ** 2 / 2 + y ** 4 / 4;
}
