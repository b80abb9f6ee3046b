/**
 * A bowl whose curvature is 100 along x and 1 along y, twice: once for gradient descent, once for Adam.
 *
 * Look at the two paths. Gradient descent has one learning rate for both directions: just below the limit for x
 * (2/100) it zigzags in x while y moves slowly. Adam has an effective learning rate per coordinate and moves diagonally.
 */
function bowl(x: number, y: number): number {
  return 0.5 * (100 * x ** 2 + y ** 2);
}

/**
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.0195
 * @steps 300
 */
export function zigzag([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.03
 * @steps 300
 */
export function diagonal([x, y]: number[]): number {
  return bowl(x, y);
}
