/** Masses on springs: hanging chains, and a net in the plane. */
const chainEnergy = (height, stiffness, weight) => {
  const chain = [0, ...height, 0];
  let energy = 0;
  for (let i = 1; i < chain.length; i++) energy += (stiffness / 2) * (chain[i] - chain[i - 1]) ** 2;
  return height.reduce((sum, y) => sum + weight * y, energy);
};

/**
 * Finds: nothing
 * Silent: oscillation; loss-spike; divergence
 * Verdict: converged
 * Because: a chain oscillates before it converges: energies below 0, and a rise at t = 19 that is soon reversed.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.05 momentum=0.9
 * @steps 190
 * @param {number[]} height
 */
export const hanging = (height) => chainEnergy(height, 5, 0.2);

/**
 * Finds: divergence at «lr=0.05»
 * Verdict: diverged
 * Because: springs of 50 have curvatures up to 194; Nesterov’s limit at 0.9 is 2·1.9/(2.8·194) = 0.007.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.05 momentum=0.9 nesterov
 * @steps 120
 * @param {number[]} height
 */
export const stiffChain = (height) => chainEnergy(height, 50, 0.2);

/**
 * Finds: clipping-dominates at «norm=0.01»
 * Silent: plateau:lr-too-small
 * Verdict: still-improving
 * Because: clipping makes every step 0.0005 long, where the gradients have a norm of 0.57: the loss falls in a straight line, and
 * 150 steps cover 0.075 of a distance of 0.9.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.05
 * @clip norm=0.01
 * @steps 150
 * @param {number[]} height
 */
export const reined = (height) => chainEnergy(height, 5, 0.2);

const springs = [
  [0, 1, 1],
  [1, 2, 1],
  [2, 3, 1],
  [3, 0, 1],
  [0, 2, 1.5],
  [1, 3, 1.2],
];

function netEnergy(p) {
  let energy = 0;
  for (const [a, b, rest] of springs) {
    const length = Math.hypot(p[2 * a] - p[2 * b], p[2 * a + 1] - p[2 * b + 1]);
    energy += 10 * (length - rest) ** 2;
  }
  return energy + 0.5 * (p[0] ** 2 + p[1] ** 2 + p[3] ** 2);
}

/**
 * Finds: nothing
 * Silent: loss-spike; edge-of-stability
 * Verdict: still-improving
 * Because: four masses and six springs in the plane: an oscillation at t = 14, then convergence.
 *
 * @loss
 * @start [0.1, 0, 0.9, -0.2, 1.3, 0.8, 0.2, 1.1]
 * @optimizer adam lr=0.02
 * @steps 190
 * @param {number[]} p
 */
export const net = (p) => netEnergy(p);

/**
 * Finds: divergence at «lr=0.06»
 * Silent: non-finite-loss
 * Verdict: diverged
 * Because: the curvature of the net is at least 80 where it is stretched, so the limit is 2/80.
 *
 * @loss
 * @start [0.1, 0, 0.9, -0.2, 1.3, 0.8, 0.2, 1.1]
 * @optimizer sgd lr=0.06
 * @steps 190
 * @param {number[]} p
 */
export const netInHaste = (p) => netEnergy(p);

/**
 * Finds: oscillation at «lr=0.05»
 * Verdict: unstable
 * Because: every coordinate moves by exactly 0.05 a step, so that from t = 4 on each of them
 * jumps across its minimum. The energy is one of two numbers, 0.1403 and 0.2671, for 186 steps.
 *
 * @loss
 * @start [0.1, 0, 0.9, -0.2, 1.3, 0.8, 0.2, 1.1]
 * @optimizer signsgd lr=0.05
 * @steps 190
 * @param {number[]} p
 */
export const netBySigns = (p) => netEnergy(p);

/**
 * Finds: nothing
 * Silent: oscillation; plateau:flat-valley
 * Because: the jumps decrease with the learning rate, and so does the energy: that is the purpose of the cosine.
 *
 * @loss
 * @start [0.1, 0, 0.9, -0.2, 1.3, 0.8, 0.2, 1.1]
 * @optimizer signsgd lr=0.05
 * @schedule cosine
 * @steps 190
 * @param {number[]} p
 */
export const netBySignsDecayed = (p) => netEnergy(p);

/**
 * Finds: unrectified-steps at «lr=0.05»; instability-at-start at «lr=0.05»
 * Silent: divergence
 * Verdict: still-improving
 * Because: five steps without v: gradient descent at 0.05 on a curvature of 80, twice
 * its limit. The energy goes from 1.5 to 3.2 and 2.1, and has returned at t = 4.
 *
 * @loss
 * @start [0.1, 0, 0.9, -0.2, 1.3, 0.8, 0.2, 1.1]
 * @optimizer radam lr=0.05
 * @steps 150
 * @param {number[]} p
 */
export const netByRectified = (p) => netEnergy(p);
