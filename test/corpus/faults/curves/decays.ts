/** Readings of a decaying signal: seconds, volts. */
const readings = [
  [0, 2.02], [0.5, 1.62], [1, 1.27], [1.5, 1.04], [2, 0.83], [2.5, 0.69], [3, 0.53], [3.5, 0.45], [4, 0.37], [5, 0.24], [6, 0.17],
];
const squares = (curve: (t: number) => number): number =>
  readings.reduce((sum, [t, u]) => sum + (curve(t) - u) ** 2, 0) / readings.length;

/**
 * Finds: nothing
 * Silent: loss-spike; instability-at-start
 * Verdict: converged
 * Because: an exponential fitted to eleven readings, converged within 100 steps after one overshoot at t = 18.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function oneRate([height, rate]: number[]): number {
  return squares((t) => height * Math.exp(-rate * t));
}

/**
 * Finds: non-finite-loss at «(curve(t) - u) ** 2» of decays.ts
 * Silent: divergence
 * Verdict: broken
 * Because: with a rate of −130 the curve is e^650 at five seconds, which is finite, but its square overflows.
 *
 * @loss
 * @start [1, -130]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function growsInstead([height, rate]: number[]): number {
  return squares((t) => height * Math.exp(-rate * t));
}

/**
 * Finds: non-finite-gradient at «Math.sqrt(stretch)»
 * Silent: non-finite-loss
 * Verdict: broken
 * Because: the root of 0 is 0, but its derivative is infinite.
 *
 * @loss
 * @start [0.5, 0]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function stretchedFromZero([rate, stretch]: number[]): number {
  return squares((t) => 2 * Math.exp(-rate * t) + Math.sqrt(stretch));
}

/**
 * Finds: nothing
 * Silent: non-finite-gradient; non-finite-loss
 * Verdict: still-improving
 * Because: a hundredth under the root limits its derivative to 5.
 *
 * @loss
 * @start [0.5, 0.0004]
 * @optimizer adam lr=0.001
 * @steps 60
 */
export function stretchedBesideZero([rate, stretch]: number[]): number {
  return squares((t) => 2 * Math.exp(-rate * t) + Math.sqrt(stretch + 0.01) );
}

/**
 * Finds: plateau:eps-stall at «adam»
 * Silent: plateau:lr-too-small; plateau:converged; eps-dominates
 * Because: squares of microvolts: gradients of 4e-13 with an eps of 1e-8. 500 steps improve the loss by a thousandth.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function inMicrovolts([height, rate]: number[]): number {
  const volts = 1e-6;
  return squares((t) => height * Math.exp(-rate * t)) * volts ** 2;
}

/**
 * Finds: eps-dominates at «eps=1»
 * Silent: plateau:eps-stall
 * Verdict: still-improving
 * Because: the gradients are at most 0.43, so eps = 1 is 74 to 85 % of the divisor:
 * this is momentum with a learning rate of 0.05, which works here, but it is not Adam.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.05 eps=1
 * @steps 190
 */
export function safeEps([height, rate]: number[]): number {
  return squares((t) => height * Math.exp(-rate * t));
}

/**
 * Finds: plateau:converged
 * Silent: eps-dominates; plateau:eps-stall; edge-of-stability
 * Verdict: converged
 * Because: at the end the gradients are 1e-16, far below eps, but √v was 0.4
 * and is 1e6 times eps when the minimum is reached: the run has converged.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.05 eps=1e-8
 * @steps 3000
 */
export function doneLongAgo([height, rate]: number[]): number {
  return squares((t) => height * Math.exp(-rate * t));
}

/**
 * Finds: zero-gradient at «drift» in «[height, rate, drift]»
 * Silent: eps-dominates
 * Verdict: converged
 * Because: the loss does not depend on drift. Its v is 0
 * and eps is the whole divisor, but its gradient is 0.
 *
 * @loss
 * @start [1, 1, 0.5]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function withAnUnusedOne([height, rate, drift]: number[]): number {
  return squares((t) => height * Math.exp(-rate * t));
}

/**
 * Finds: zero-gradient at «ceiling» in «[height, rate, ceiling]»
 * Silent: eps-dominates
 * Verdict: converged
 * Because: the curve never comes near a ceiling of 3, so a change of the ceiling has no effect.
 *
 * @loss
 * @start [1, 1, 3]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function capped([height, rate, ceiling]: number[]): number {
  return squares((t) => Math.min(ceiling, height * Math.exp(-rate * t)));
}


/**
 * Finds: eps-dominates at «adam»
 * Silent: plateau:eps-stall; instability-at-start
 * Verdict: converged
 * Because: gradients of 1e-9 with an eps of 1e-8, and a learning rate of 5 that compensates for
 * it: eps is 97 to 99 % of the divisor, and the run converges like gradient descent with momentum.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=5
 * @steps 190
 */
export function inMillivolts([height, rate]: number[]): number {
  return squares((t) => height * Math.exp(-rate * t)) * 1e-9;
}

/**
 * Finds: nothing
 * Silent: unrectified-steps
 * Verdict: still-improving
 * Because: the five steps without v are lr times a gradient of 0.4, which is shorter than those of Adam.
 *
 * @loss
 * @start [1, 1]
 * @optimizer radam lr=0.05
 * @steps 150
 */
export function rectified([height, rate]: number[]): number {
  return squares((t) => height * Math.exp(-rate * t));
}
