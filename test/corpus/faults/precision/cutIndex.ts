/** An index that is computed from a parameter: its derivative is 0, and the loss changes in jumps. */
const spacing = 0.1;
const count = 80;
const signal = Array.from({ length: count }, (_, i) => Math.sin(0.35 * i) + 0.5 * Math.sin(0.11 * i));
const echo = signal.map((_, i) => 0.2 + 1.7 * signal[Math.max(0, i - 6)]!);

function misfit(gain: number, offset: number, lag: number): number {
  let sum = 0;
  for (let i = 10; i < count; i++) sum += (offset + gain * signal[i - lag]! - echo[i]!) ** 2;
  return sum / (count - 10);
}

/**
 * Finds: piecewise-constant at «Math.round(delay / spacing)»
 * Silent: plateau:converged; zero-gradient
 * Verdict: stalled
 * Because: gain and offset reach their minimum for a lag of 3 samples, at 1.14. The derivative of the delay is 0, and a lag of 4 lowers the
 * loss to 0.70. In floating point 0.35/0.1 is below 3.5, so a move by exactly one sample does not change the index.
 *
 * @loss
 * @start [1, 0, 0.25]
 * @names gain offset delay
 * @optimizer adam lr=0.02
 * @steps 1000
 */
export function atATie([gain, offset, delay]: number[]): number {
  return misfit(gain, offset, Math.round(delay / spacing));
}

/**
 * Finds: zero-gradient at «Math.floor(delay / spacing)»
 * Silent: plateau:converged
 * Verdict: stalled
 * Because: the lag of 6 samples is the right one, and the neighbours are worse. A local search cannot show that, because the gradient
 * lacks the delay: nothing is known about other lags.
 *
 * @loss
 * @start [1, 0, 0.65]
 * @names gain offset delay
 * @optimizer adam lr=0.02
 * @steps 1000
 */
export function atTheRightLag([gain, offset, delay]: number[]): number {
  return misfit(gain, offset, Math.floor(delay / spacing));
}
