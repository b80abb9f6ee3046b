/** Losses that fall without a bound along a curve only, or into a pole, and bounded ones that resemble them. */
const readings = [-1.3, -0.4, 0.2, 0.7, 2.5];
const normal = (x: number, at: number, spread: number): number =>
  Math.exp(-0.5 * ((x - at) / spread) ** 2) / (spread * Math.sqrt(2 * Math.PI));

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; plateau:converged; divergence
 * Verdict: unbounded
 * Because: the second component narrows around the reading 2.5. At = 2.5 gives −spread' + const for spread' = log(spread) → −∞: each
 * unit of it lowers the loss by one, and 2.5 is a double, so that nothing stops it before e^−372.
 *
 * @loss
 * @start [2.4, -1]
 * @names at logSpread
 * @optimizer adam lr=0.01
 * @steps 500
 */
export function collapsesInLogSpread([at, logSpread]: number[]): number {
  const spread = Math.exp(logSpread);
  return -readings.reduce((sum, x) => sum + Math.log(0.5 * normal(x, 0, 1) + 0.5 * normal(x, at, spread)), 0);
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; plateau:converged
 * Verdict: unbounded
 * Because: the same mixture with its spread as a parameter: the loss is log(spread) + const as spread → 0 at the reading 2.5, a pole at
 * a finite point.
 *
 * @loss
 * @start [2.45, 0.3]
 * @names at spread
 * @optimizer adam lr=0.002
 * @steps 100
 */
export function collapsesInSpread([at, spread]: number[]): number {
  return -readings.reduce((sum, x) => sum + Math.log(0.5 * normal(x, 0, 1) + 0.5 * normal(x, at, spread)), 0);
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:saddle
 * Verdict: converged
 * May: plateau:converged
 * Because: the spread is at least 0.05, so the density at a reading is at most 8: the loss is bounded, and the penalty
 * keeps logSpread near −4.
 *
 * @loss
 * @start [2.4, -1]
 * @names at logSpread
 * @optimizer adam lr=0.01
 * @schedule cosine
 * @steps 3000
 */
export function narrowWithAFloor([at, logSpread]: number[]): number {
  const spread = 0.05 + Math.exp(logSpread);
  return -readings.reduce((sum, x) => sum + Math.log(0.5 * normal(x, 0, 1) + 0.5 * normal(x, at, spread)), 0)
    + 0.1 * (logSpread + 4) ** 2;
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; plateau:lr-too-small; divergence
 * Verdict: unbounded
 * Because: a line through two points leaves no residual, so log(spread) → −∞ is not balanced by anything.
 *
 * @loss
 * @start [0, 0, 0]
 * @names slope offset logSpread
 * @optimizer adam lr=0.02
 * @steps 400
 */
export function lineThroughTwoPoints([slope, offset, logSpread]: number[]): number {
  const residuals = [offset - 1, slope + offset - 3];
  return residuals.reduce((sum, r) => sum + logSpread + 0.5 * r * r * Math.exp(-2 * logSpread), 0);
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; plateau:lr-too-small
 * Verdict: unbounded
 * Because: along the valley y = x² the loss is −x.
 *
 * @loss
 * @start [-1, 1.5]
 * @optimizer adam lr=0.02
 * @steps 500
 */
export function valleyThatFallsForEver([x, y]: number[]): number {
  return 10 * (y - x * x) ** 2 - x;
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:saddle
 * Verdict: still-improving
 * Because: the same valley with a bottom at x = 40, which 500 steps of 0.02 do not reach.
 *
 * @loss
 * @start [-1, 1.5]
 * @optimizer adam lr=0.02
 * @steps 500
 */
export function valleyWithAFarBottom([x, y]: number[]): number {
  return 10 * (y - x * x) ** 2 - x + x * x / 80;
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; plateau:lr-too-small
 * Verdict: unbounded
 * Because: −log x falls by 2.3 with each factor of ten, without an end.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=0.1
 * @steps 400
 */
export function logarithmWithoutAPenalty([x]: number[]): number {
  return -Math.log(x);
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:saddle
 * May: plateau:converged
 * Because: √|x| has an infinite slope at 0, but 0 is its least value; y follows 2x.
 *
 * @loss
 * @start [1, 0]
 * @optimizer adam lr=0.02
 * @schedule cosine
 * @steps 800
 */
export function cuspAtItsLeastValue([x, y]: number[]): number {
  return Math.sqrt(Math.abs(x)) + (y - 2 * x) ** 2;
}
