/**
 * Finds: piecewise-constant at «Math.round(price * 1e6)»
 * Silent: zero-gradient
 * Verdict: still-improving
 * Because: the price is rounded to a millionth, so the exact derivative is 0. Over a difference step of 6e-6 the loss changes
 * with slope 2 (3 − 5) = −4.
 *
 * @loss
 * @start [3, 9]
 * @optimizer adam lr=0.02
 * @steps 60
 */
export function wholeMillionths([price, demand]: number[]): number {
  const rounded = Math.round(price * 1e6) / 1e6;
  return (rounded - 5) ** 2 + 0.5 * (demand - 7) ** 2;
}

/**
 * Finds: piecewise-constant at «(angle * 16777216) | 0»
 * Silent: zero-gradient
 * Verdict: still-improving
 * Because: a fixed-point number of 24 bits after the point. The loss is constant over 6e-8, and has the slope 2 (0.3 − 1) = −1.4
 * over a difference step of 6e-6.
 *
 * @loss
 * @start [0.3, 1.3]
 * @optimizer adam lr=0.01
 * @steps 50
 */
export function fixedPoint([angle, gain]: number[]): number {
  const fixed = ((angle * 16777216) | 0) / 16777216;
  return (fixed - 1) ** 2 + gain * gain;
}

const heights = [0, 1, 4, 9, 16, 25];

/**
 * Finds: nothing
 * Silent: piecewise-constant; zero-gradient
 * Verdict: still-improving
 * Because: Math.floor selects two heights, and the remainder interpolates between them. The derivative of the remainder is the
 * slope of the loss, except at whole numbers.
 *
 * @loss
 * @start [3.7, 1.3]
 * @optimizer adam lr=0.01
 * @steps 50
 */
export function interpolates([x, y]: number[]): number {
  const left = Math.floor(x);
  const share = x - left;
  return heights[left]! * (1 - share) + heights[left + 1]! * share + y * y;
}

/**
 * Finds: zero-gradient at «Math.floor(4 * bin)»
 * Silent: piecewise-constant
 * Verdict: still-improving
 * Because: a bin is 0.25 wide, so the loss is constant around 0.63 over many difference steps: its derivative is 0.
 *
 * @loss
 * @start [0.63, 2]
 * @optimizer adam lr=0.01
 * @steps 50
 */
export function wideBins([bin, y]: number[]): number {
  return (Math.floor(4 * bin) - 7) ** 2 + y * y;
}
