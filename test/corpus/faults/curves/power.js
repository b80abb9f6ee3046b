// Flow through a valve against the pressure: flow = gain · (pressure − threshold) ** exponent.
const measured = [
  [1, 1.05],
  [2, 1.49],
  [4, 2.11],
  [6, 2.58],
  [9, 3.16],
];

/**
 * Finds: non-finite-gradient at «threshold ** 0.5»
 * Silent: non-finite-loss
 * Verdict: broken
 * Because: a power below 1 has an infinite derivative at 0, where the run starts.
 *
 * @loss
 * @start [0.5, 0]
 * @optimizer sgd lr=0.01
 * @steps 50
 * @param {number[]} p
 */
export function rootOfThreshold([gain, threshold]) {
  let sum = 0;
  for (const [pressure, flow] of measured) sum += (gain * Math.sqrt(pressure) + threshold ** 0.5 - flow) ** 2;
  return sum / measured.length;
}

/** Readings of a valve that opens at a pressure of about 1. */
const stiff = [
  [1, 0.1],
  [2, 1.05],
  [4, 1.75],
  [6, 2.25],
  [9, 2.85],
];

/**
 * Finds: non-finite-loss at «Math.sqrt(pressure - threshold)»
 * Silent: divergence; loss-spike
 * Verdict: broken
 * Because: the threshold overshoots the lowest pressure, 1, at t = 16.
 *
 * @loss
 * @start [0.5, 0.5]
 * @optimizer adam lr=0.1
 * @steps 150
 * @param {number[]} p
 */
export function opensLate([gain, threshold]) {
  let sum = 0;
  for (const [pressure, flow] of stiff) sum += (gain * Math.sqrt(pressure - threshold) - flow) ** 2;
  return sum / stiff.length;
}

/**
 * Finds: nothing
 * Silent: non-finite-gradient; gradient-mismatch; zero-gradient
 * Verdict: still-improving
 * Because: the start is at two kinks. There is no derivative, but any
 * finite value is acceptable, and the first step leaves the kinks.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.02
 * @steps 120
 */
export function kinkAtTheStart([gain, offset]) {
  let sum = 0;
  for (const [pressure, flow] of measured) sum += (Math.abs(gain) * Math.sqrt(pressure) + Math.max(0, offset) + 0.1 * gain - flow) ** 2;
  return sum / measured.length;
}
