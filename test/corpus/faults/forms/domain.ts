// Points outside the domain of a logarithm, root or quotient, or at its border.

/**
 * Finds: non-finite-gradient at «Math.sqrt(variance!)»
 * Verdict: broken
 * Edit: guard: Math.sqrt of at least 1e-12
 * Because: the root of 0 has an infinite derivative, and the run starts there. The guard makes that derivative 0; the other
 *   term has the derivative −0.5, so the run leaves the border, and both terms have their minimum at 0.25.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.01
 * @steps 300
 */
export function spread([variance]: number[]): number {
  return (Math.sqrt(variance!) - 0.5) ** 2 + (variance! - 0.25) ** 2;
}

/**
 * Finds: nothing
 * Silent: non-finite-gradient
 * Verdict: converged
 * Edit: none
 * Because: the same loss from inside its domain: the derivative of the root is at most 5 on the way from 0.01 to 0.25.
 *
 * @loss
 * @start [0.01]
 * @optimizer adam lr=0.01
 * @schedule cosine
 * @steps 600
 */
export function spreadFromWithin([variance]: number[]): number {
  return (Math.sqrt(variance!) - 0.5) ** 2 + (variance! - 0.25) ** 2;
}

/**
 * Finds: non-finite-loss at «Math.log(q)»
 * Verdict: broken
 * Edit: guard: Math.log of at least 1e-12
 * Because: a share is 0 at the start, and 0·log(0) is NaN, although q·log(q) tends to 0. With the guard the derivative there is
 *   log(1e-12) = −27.6, which moves the share up to its minimum at exp(−1) = 0.37.
 *
 * @loss
 * @start [0, 0.5]
 * @optimizer sgd lr=0.01
 * @steps 300
 */
export function entropy(shares: number[]): number {
  return shares.reduce((sum, q) => sum + q * Math.log(q), 0);
}

/**
 * Finds: non-finite-loss at «Math.log(x!)»
 * Verdict: broken
 * Edit: none
 * Because: the gradient at 20 is 1 − 5/20 = 0.75, so the first step leads to 20 − 30·0.75 = −2.5. With a guard, x would decrease
 *   for ever from there: the guarded loss x + 138 has no minimum, and its values are those of the constant.
 *
 * @loss
 * @start [20]
 * @optimizer sgd lr=30
 * @steps 300
 */
export function poisson([x]: number[]): number {
  return x! - 5 * Math.log(x!);
}
