/**
 * Finds: unbounded-loss
 * Silent: non-finite-loss; non-finite-gradient; divergence
 * Verdict: unbounded
 * Because: the loss falls like x³ for x → −∞, and the gradient 3x² makes every step longer than the one before. The loss is lower after
 * each step, until x³ is −∞ at step 14. A shorter step delays that, and no clipping creates a minimum.
 *
 * @loss
 * @start [-1, 1]
 * @optimizer sgd lr=0.1
 * @steps 200
 */
export function cubic([x, y]: number[]): number {
  return x ** 3 - y;
}

/**
 * Finds: unbounded-loss
 * Silent: non-finite-loss; divergence
 * Verdict: unbounded
 * Because: the sign of the log partition function is wrong, so the loss falls like −exp(x). After a few steps exp(x) is infinite.
 *
 * @loss
 * @start [2, 2]
 * @optimizer sgd lr=0.1 momentum=0.9
 * @steps 500
 */
export function wrongPartition([x, y]: number[]): number {
  return y * y - Math.exp(x);
}

/**
 * Finds: non-finite-loss at «Math.sqrt(400 - x)»
 * Silent: unbounded-loss; divergence
 * Verdict: broken
 * Because: the loss falls all the way to x = 400, where the root ends. Its values are between −400 and 20, so nothing overflows.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=1
 * @steps 1000
 */
export function toTheEdge([x]: number[]): number {
  return Math.sqrt(400 - x) - x;
}
