/**
 * Plain JavaScript: a chain of eight masses on springs, between two fixed ends, hangs under gravity.
 *
 * Look at the parameters: they converge to a parabola, the middle ones last. Compare with Adam: on a well-conditioned loss
 * like this one, gradient descent with momentum is as good.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.05 momentum=0.9
 * @steps 300
 * @expect loss<-0.2399 within 300
 * @param {number[]} height
 * @returns {number}
 */
export function springs(height) {
  const stiffness = 5;
  const weight = 0.2;
  const chain = [0, ...height, 0];
  let energy = 0;
  for (let i = 1; i < chain.length; i++) energy += (stiffness / 2) * (chain[i] - chain[i - 1]) ** 2;
  return height.reduce((sum, y) => sum + weight * y, energy);
}
