/** Parameters that start at 0, whose optimum has a very large or very small number, or whose data have. */

/**
 * Finds: poor-scaling at «mass» in «[mass, gain]»
 * Silent: eps-dominates; plateau:lr-too-small; ill-conditioned; plateau:converged
 * Because: the mass belongs at 3e9, and 400 steps of 0.01 move it by at most 4. The gain reaches 2, and the loss stops at 9, which is the share
 *   of the mass.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01
 * @steps 400
 */
export function planet([mass, gain]: number[]): number {
  return (mass / 1e9 - 3) ** 2 + (gain - 2) ** 2;
}

/**
 * Finds: poor-scaling at «width» in «[width, gain]»; instability-at-start at «lr=0.01»
 * Silent: eps-dominates; plateau:lr-too-small
 * Because: the width belongs at 4e-9, and the first step of Adam has the length 0.01: the loss goes from 20 to 1e14. The next 300 steps
 *   bring it back, but not to the minimum.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01
 * @steps 300
 */
export function slit([width, gain]: number[]): number {
  return (width / 1e-9 - 4) ** 2 + (gain - 2) ** 2;
}

const distances = [1.1e12, 1.9e12, 3.2e12, 3.9e12, 5.1e12];

/**
 * Finds: poor-scaling at «rate» in «[rate, offset]»
 * Silent: eps-dominates; plateau:lr-too-small; ill-conditioned
 * Because: distances of 1e12 need a rate of 1e12 per unit, and 500 steps of 0.05 move it by at most 25: the loss stays at 4.69.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function trajectory([rate, offset]: number[]): number {
  return distances.reduce((sum, d, i) => sum + (rate * (i + 1) + offset - d) ** 2, 0) / 1.2e25;
}

const stamps = [1.1e12, 1.9e12, 3.2e12, 3.9e12, 5.1e12];
const heights = [1, 2, 3, 4, 5];

/**
 * Finds: poor-scaling at «slope» in «[slope]»; divergence at «lr=0.01»
 * Silent: eps-dominates; plateau:lr-too-small
 * Because: time stamps of 1e12 need a slope of 1e-12. The first step of RMSprop has the length 0.1 (lr divided by the root of 1 - alpha), which changes the heights by 1e11,
 *   and the loss ends far above its start.
 *
 * @loss
 * @start [0]
 * @optimizer rmsprop lr=0.01
 * @steps 300
 */
export function growth([slope]: number[]): number {
  return stamps.reduce((sum, t, i) => sum + (slope * t - heights[i]) ** 2, 0) / stamps.length;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: the step of gradient descent is proportional to the distance, so 0.1 reaches 3e9 from 0 as fast as 3.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.1
 * @steps 400
 */
export function farButSteep([x]: number[]): number {
  return (x - 3e9) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling
 * Because: the classes are separable, so the loss falls as long as the weight grows. It has no minimum at a large number.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 300
 */
export function separable([w, b]: number[]): number {
  return [-2, -1, 1, 2].reduce((sum, x) => sum + Math.log1p(Math.exp(-Math.sign(x) * (w * x + b))), 0);
}

/**
 * Finds: plateau:lr-too-small at «lr=0.001»
 * Silent: poor-scaling
 * Because: 400 steps of 0.001 move both parameters by 0.4 of the 40 to their optimum, which a larger lr reaches.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.001
 * @steps 400
 */
export function slowLine([slope, offset]: number[]): number {
  return (slope - 40) ** 2 + (offset + 30) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling; oscillation
 * Verdict: converged
 * Because: many minima lie along the wave, the nearest at -0.5 pi. Points far away are on other waves, and say nothing about the scale.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function wave([phase, level]: number[]): number {
  return 1 + Math.sin(phase) + (level - 1) ** 2;
}

const days = Array.from({ length: 20 }, (_, i) => i);

/**
 * Finds: instability-at-start at «lr=0.01»
 * Silent: poor-scaling; plateau:converged
 * Verdict: stalled
 * Because: along the slope alone the loss is least at 5e-9, but the least squares line has the slope 5.8e-6 and the offset -9835: the time
 * stamps are not centred, and the offset follows the slope. In units of 1e-9 the same optimizer ends higher.
 *
 * @loss
 * @start slope=0 offset=0
 * @optimizer adam lr=0.01
 * @steps 1000
 */
export function dated({ slope, offset }: { slope: number; offset: number }): number {
  return days.reduce((sum, i) => sum + (slope * (1.7e9 + 86400 * i) + offset - (3 + 0.5 * i)) ** 2, 0) / days.length;
}

/**
 * Finds: nothing
 * Silent: poor-scaling
 * Because: the same line by gradient descent over time stamps in milliseconds. Its steps fit the steep slope, along which the loss is least at 3e-12, but
 * the slope of the least squares line is 4e-9, beside an offset of -6800.
 *
 * @loss
 * @start slope=0 offset=0
 * @optimizer adam lr=1e-14 eps=1e-30
 * @steps 500
 */
export function datedInMilliseconds({ slope, offset }: { slope: number; offset: number }): number {
  return days.reduce((sum, i) => sum + (slope * (1.7e12 + 8.64e7 * i) + offset - (2 + 0.35 * i)) ** 2, 0) / days.length;
}

/**
 * Finds: poor-scaling at «rate» in «{ rate, level }»; instability-at-start at «lr=0.01»
 * Silent: eps-dominates; plateau:lr-too-small
 * Because: seconds since the first reading are up to 1e11, and the level does not follow the rate, which belongs at 4e-11. The
 * first step has the length 0.01.
 *
 * @loss
 * @start rate=0 level=0
 * @optimizer adam lr=0.01
 * @steps 600
 */
export function sinceFirst({ rate, level }: { rate: number; level: number }): number {
  return days.reduce((sum, i) => sum + (rate * 5e9 * i + level - (9 + 0.2 * i)) ** 2, 0) / days.length;
}
