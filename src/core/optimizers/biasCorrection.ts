/**
 * 1 − beta^t, the sum of the weights of a moving average that starts at 0, after t steps. When beta^t is
 * below half an ulp of 1, the result is exactly 1. The power, the most expensive operation of a step, is then
 * not computed.
 *
 * @param beta  in [0, 1)
 */
export function biasCorrection(beta: number): (t: number) => number {
  const settled = 1 + Math.ceil((54 * Math.LN2) / -Math.log(beta));
  // Formulas ask for every coordinate of a step, and a power takes longer than the rest of a formula.
  let last = Number.NaN;
  let factor = Number.NaN;
  return (t) => {
    if (t >= settled) return 1;
    if (t !== last) {
      last = t;
      factor = 1 - beta ** t;
    }
    return factor;
  };
}
