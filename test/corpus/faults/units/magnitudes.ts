/** Parameters in units that make their numbers very large or very small. */
const times = [0, 1, 2, 3, 4, 5];

/**
 * Finds: poor-scaling at «mass» in «[mass]»
 * Silent: eps-dominates; plateau:eps-stall; plateau:lr-too-small; ill-conditioned
 * Because: a mass in kilograms starts at 2e30 and belongs at 3e30. 300 steps of 0.01 change it by at most 3, which double precision
 * does not even show.
 *
 * @loss
 * @start [2e30]
 * @optimizer adam lr=0.01
 * @steps 300
 */
export function star([mass]: number[]): number {
  return (mass / 1e30 - 3) ** 2;
}

/**
 * Finds: poor-scaling at «area» in «[area]»
 * Silent: eps-dominates; plateau:lr-too-small; edge-of-stability
 * Verdict: unstable
 * Because: an area of 1e-17 belongs at 3e-17, and the first step of Adam has the length 0.001: it takes the loss from 4 to 1e28,
 * and 200 steps later the loss is still 4e18.
 *
 * @loss
 * @start [1e-17]
 * @optimizer adam lr=0.001
 * @steps 200
 */
export function crossSection([area]: number[]): number {
  return (area / 1e-17 - 3) ** 2;
}

/**
 * Finds: poor-scaling at «frequency» in «[frequency, gain]»
 * Silent: eps-dominates; plateau:lr-too-small; plateau:converged; ill-conditioned
 * Because: the slope along a frequency of 1e9 is 1e-9, so gradient descent moves it by 1e-10 per step, while it is wrong by 5e8. The gain converges.
 *
 * @loss
 * @start [1e9, 1]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function resonance([frequency, gain]: number[]): number {
  return (frequency / 1e9 - 1.5) ** 2 + (gain - 2) ** 2;
}

/**
 * Finds: poor-scaling at «debt» in «[debt, rate]»
 * Silent: plateau:lr-too-small; eps-dominates; plateau:eps-stall; ill-conditioned; plateau:converged
 * Because: a debt of 2e12 belongs at 1.6e12; 500 steps of about 0.0005 leave it where it is. The interest rate alone fits the
 * payments down to 0.05, and both together to 0.
 *
 * @loss
 * @start [2e12, 0.05]
 * @optimizer rmsprop lr=0.0005
 * @steps 500
 */
export function payments([debt, rate]: number[]): number {
  return times.reduce((sum, t) => sum + ((debt * (1 + rate) ** t) / 1e12 - 1.6 * 1.03 ** t) ** 2, 0) / times.length;
}

/**
 * Finds: poor-scaling at «attenuation» in «[attenuation, level]»
 * Silent: eps-dominates; plateau:lr-too-small; edge-of-stability
 * Verdict: unstable
 * Because: an attenuation near 1e-12 per metre moves by 0.01 in the first step, ten powers of ten too far: the loss goes
 * from 1 to 1e20, and ends at 4e10.
 *
 * @loss
 * @start [2e-12, 1]
 * @optimizer adam lr=0.01
 * @steps 200
 */
export function fibre([attenuation, level]: number[]): number {
  return (attenuation / 1e-12 - 1) ** 2 + (level - 1.2) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; ill-conditioned; eps-dominates
 * May: plateau:converged
 * Verdict: converged
 * Because: 1e-12 is a start near 0, not a unit: the minimum is at 1, and steps of 0.05 reach it.
 *
 * @loss
 * @start [1e-12, -1e-12]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function nearlyZero([a, b]: number[]): number {
  return (a - 1) ** 2 + (a + b - 0.5) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; eps-dominates; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: the learning rate is in the unit of the mass, and eps is below its gradients of 1e-30.
 *
 * @loss
 * @start [2e30]
 * @optimizer adam lr=3e28 eps=1e-40
 * @schedule cosine
 * @steps 400
 */
export function starInItsUnit([mass]: number[]): number {
  return (mass / 1e30 - 3) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; divergence; instability-at-start
 * May: plateau:converged
 * Verdict: converged
 * Because: the curvature along the area is 2e34, and lr 1e-35 fits it: a fifth of the distance is left out at each step.
 *
 * @loss
 * @start [1e-17]
 * @optimizer sgd lr=1e-35
 * @steps 300
 */
export function areaInItsUnit([area]: number[]): number {
  return (area / 1e-17 - 3) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; ill-conditioned
 * May: plateau:converged
 * Verdict: converged
 * Because: the epoch of 1.7e12 milliseconds starts at its minimum, where no step moves it; the drift converges.
 *
 * @loss
 * @start [1.7e12, 0.5]
 * @optimizer adam lr=0.02
 * @steps 600
 */
export function clock([epoch, drift]: number[]): number {
  return ((epoch - 1.7e12) / 1e12) ** 2 + (drift - 0.1) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; eps-dominates; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: the same star by the logarithm of its mass: 69.8 is an ordinary number.
 *
 * @loss
 * @start [69.8]
 * @optimizer adam lr=0.02
 * @steps 500
 */
export function starByLogarithm([lnMass]: number[]): number {
  return (Math.exp(lnMass) / 1e30 - 3) ** 2;
}

const pauses = [5, 10, 20, 40];
const measured = pauses.map((s) => 3 * Math.exp((-2e-11 * s) / 1e-9));

/**
 * Finds: poor-scaling at «conductance» in «{ conductance, charge }»; non-finite-loss at «Math.exp((-conductance * s) / 1e-9)»
 * Silent: divergence; eps-dominates; ill-conditioned
 * Verdict: broken
 * Because: a conductance of 5e-11 belongs at 2e-11. The first step of Adam has the length 0.05 and leads to −0.05, where the
 *   exponent after 5 s is 0.05·5/1e-9 = 2.5e8. That step alone makes the loss infinite, and the charge is an ordinary number.
 *
 * @loss
 * @start {"conductance": 5e-11, "charge": 2}
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function leak({ conductance, charge }: { conductance: number; charge: number }): number {
  const misfit = (s: number, i: number) => charge * Math.exp((-conductance * s) / 1e-9) - measured[i]!;
  return pauses.reduce((sum, s, i) => sum + misfit(s, i) ** 2, 0) / 4;
}

/**
 * Finds: non-finite-loss at «(level * Math.exp(rate * t) - 2 * Math.exp(t)) ** 2»
 * Silent: poor-scaling; divergence
 * Verdict: broken
 * Because: the rate starts near 0, and its minimum is at 1: the loss is the same at all multiples of 1e-11. The first step has the length
 *   400, of the level too: 401·exp(400) is 2e176, and its square overflows. The learning rate is too long for both.
 *
 * @loss
 * @start [1e-11, 1]
 * @optimizer adam lr=400
 * @steps 300
 */
export function growth([rate, level]: number[]): number {
  return times.reduce((sum, t) => sum + (level * Math.exp(rate * t) - 2 * Math.exp(t)) ** 2, 0) / times.length;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; non-finite-loss; plateau:lr-too-small
 * May: plateau:converged
 * Because: the same loss with steps of 0.05: the rate starts near 0 because that is a common start, and reaches its minimum at 1.
 *
 * @loss
 * @start [1e-11, 1]
 * @optimizer adam lr=0.05
 * @schedule cosine
 * @steps 3000
 */
export function slowGrowth([rate, level]: number[]): number {
  return times.reduce((sum, t) => sum + (level * Math.exp(rate * t) - 2 * Math.exp(t)) ** 2, 0) / times.length;
}
