/**
 * CommonJS: an exponential decay a·exp(−kt) is fitted to eleven measurements.
 *
 * Look at the two gradients: a and k have different scales and are correlated, so the path is curved. The optimum is near
 * a = 5, k = 0.35.
 *
 * @loss
 * @start [1, 0.1]
 * @names amplitude rate
 * @optimizer adam lr=0.05
 * @steps 1000
 * @param {number[]} parameters
 * @returns {number}
 */
function decayLoss([amplitude, rate]) {
  const measured = [5.02, 3.49, 2.49, 1.71, 1.24, 0.87, 0.59, 0.43, 0.3, 0.21, 0.16];
  return measured.reduce((sum, y, t) => sum + (amplitude * Math.exp(-rate * t) - y) ** 2, 0);
}

module.exports = { decayLoss };
