/**
 * 1 − beta^t, what a moving average that starts at 0 has gathered of its weight after t steps. From some t on beta^t is
 * below half an ulp of 1 and the result is exactly 1: there the power, by far the dearest operation of a step, is left out.
 *
 * @param beta  in [0, 1)
 */
export function biasCorrection(beta: number): (t: number) => number {
  const settled = 1 + Math.ceil((54 * Math.LN2) / -Math.log(beta));
  return (t) => (t >= settled ? 1 : 1 - beta ** t);
}
