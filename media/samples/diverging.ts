/**
 * A run that goes wrong: gradient descent with a learning rate beyond what the steepest direction bears.
 *
 * Look at the finding on the line. A step along x multiplies x by 1 − 0.03·100 = −2, so the loss grows fourfold a step;
 * below lr = 2/100 it would shrink. The fix that is offered was found by measuring the 100 on the way.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 500
 */
export function diverging([x, y]: number[]): number {
  return 0.5 * (100 * x ** 2 + y ** 2);
}
