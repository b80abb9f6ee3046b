/** Losses that are enormous at the start: the first steps remove a term of 1e10 or more, and what is left is small beside it. */
const steps = 40;
const h = 0.1;

/** The relaxation y' = -k (y - A cos t) by explicit Euler steps, which is unstable for k > 20. */
function relaxation(k: number, A: number, y0: number): number[] {
  const out = [y0];
  for (let i = 0; i < steps; i++) out.push(out[i] - h * k * (out[i] - A * Math.cos(i * h)));
  return out;
}

const observed = relaxation(3, 1.5, -1).filter((_, i) => i % 4 === 0);

function shooting(logk: number, A: number, y0: number): number {
  const found = relaxation(Math.exp(logk), A, y0);
  return observed.reduce((sum, y, i) => sum + (found[4 * i] - y) ** 2, 0) / observed.length;
}

/**
 * Finds: nothing
 * Silent: plateau:converged
 * Verdict: stalled
 * Because: the loss starts at 1e23, and the second moment of that gradient keeps the steps short: the run stands still at 8368, with
 * a gradient norm of 1.2e6. Descent with a line search goes on to 0, half as far again as the run went.
 *
 * @loss
 * @start [3.4, 1, 0]
 * @optimizer adam lr=0.053
 * @steps 1200
 */
export function shootShort([logk, A, y0]: number[]): number {
  return shooting(logk, A, y0);
}

/**
 * Finds: nothing
 * Silent: plateau:converged
 * Verdict: stalled
 * Because: the same with longer steps stands still at 0.658. That is nothing against 1e23, but the least loss is 0, and a
 * residual of 0.8 is half of the data.
 *
 * @loss
 * @start [3.4, 1, 0]
 * @optimizer adam lr=0.09
 * @steps 1200
 */
export function shootFurther([logk, A, y0]: number[]): number {
  return shooting(logk, A, y0);
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:flat-valley
 * May: plateau:converged
 * Verdict: converged
 * Because: a shorter memory of 10 steps forgets the gradients of the start, so the run reaches 0.
 *
 * @loss
 * @start [3.4, 1, 0]
 * @optimizer adam lr=0.1 beta2=0.9
 * @schedule cosine
 * @steps 3000
 */
export function shootAndForget([logk, A, y0]: number[]): number {
  return shooting(logk, A, y0);
}

/** The energy of three atoms on a line, by the distances between neighbours. */
function energy(a: number, b: number): number {
  const pair = (r: number) => 4 * (r ** -12 - r ** -6);
  return pair(a) + pair(b) + pair(a + b);
}

/**
 * Finds: nothing
 * Silent: plateau:converged; oscillation
 * Verdict: still-improving
 * Because: two atoms start much too near: the energy is 1e9, and the gradients of the first steps keep all later steps short. The
 * energy is 9716 after 600 steps, far above its minimum of -2.03, and falls by 1.2 in each.
 *
 * @loss
 * @start [0.2, 1.3]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function atoms([a, b]: number[]): number {
  return energy(a, b);
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; instability-at-start
 * May: plateau:converged
 * Verdict: converged
 * Because: the same atoms by RMSprop with a memory of ten steps, which forgets the first gradients, down to the minimum of -2.03.
 *
 * @loss
 * @start [0.2, 1.3]
 * @optimizer rmsprop lr=0.05 alpha=0.9
 * @schedule cosine
 * @steps 1500
 */
export function atomsRelaxed([a, b]: number[]): number {
  return energy(a, b);
}

const ages = [1, 2, 3, 4, 5, 6, 7, 8];
const masses = ages.map((t) => 2 * Math.exp(0.4 * t) + 0.3 * Math.sin(3 * t));

/**
 * Finds: nothing
 * Silent: plateau:converged
 * Verdict: stalled
 * Because: a rate of 3 instead of 0.4 makes the loss 1e20 at the start. Momentum carries the scale below 0, the steps become short, and the
 * loss stands still at 545: the mean square of the data. The least squares fit has 0.03.
 *
 * @loss
 * @start [1, 3]
 * @optimizer adam lr=0.7
 * @steps 600
 */
export function growth([scale, rate]: number[]): number {
  return ages.reduce((sum, t, i) => sum + (scale * Math.exp(rate * t) - masses[i]) ** 2, 0) / ages.length;
}

/**
 * Finds: nothing
 * Silent: plateau:converged
 * Verdict: stalled
 * Because: a barrier of 1e-3 / x⁸ is 1e13 at the start, and 4e-6 near the minimum at 2. The steps become short at 1.21, where the
 * loss is 0.62.
 *
 * @loss
 * @start [0.01]
 * @optimizer adam lr=0.2
 * @steps 600
 */
export function barrier([x]: number[]): number {
  return (x - 2) ** 2 + 1e-3 / x ** 8;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:flat-valley
 * May: plateau:converged
 * Verdict: converged
 * Because: the same barrier, and a memory of ten steps: the run reaches the minimum.
 *
 * @loss
 * @start [0.01]
 * @optimizer adam lr=0.02 beta2=0.9
 * @steps 1500
 */
export function barrierForgotten([x]: number[]): number {
  return (x - 2) ** 2 + 1e-3 / x ** 8;
}
