/** Runs of 20 to 150 steps: shorter than the windows in which a long run is examined. */

/**
 * Finds: plateau:lr-too-small at «lr=1e-6»
 * Verdict: still-improving
 * Because: lr·curvature is 2e-6, so 60 steps cover 0.012 % of the distance, and ten times as many 0.12 %.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=1e-6
 * @steps 60
 */
export function gradientDescentStandsStill([x, y]: number[]): number {
  return (x - 3) ** 2 + (y + 1) ** 2;
}

/**
 * Finds: plateau:lr-too-small at «lr=1e-5»
 * Verdict: still-improving
 * Because: 100 steps of 1e-5 cover 0.001 of a distance of 3; the gradient changes by 0.03 %.
 *
 * @loss
 * @start [0, 5]
 * @optimizer adam lr=1e-5
 * @steps 100
 */
export function adamStandsStill([x, y]: number[]): number {
  return (x - 3) ** 2 + (y - 2) ** 2;
}

/**
 * Finds: oscillation at «lr=0.1»
 * Silent: plateau:flat-valley; divergence
 * Verdict: unstable
 * Because: along x lr·curvature is 2, so x alternates between 1 and −1 in all 40 steps; y arrives, with a decrease of 1.
 *
 * @loss
 * @start [1, 0]
 * @optimizer sgd lr=0.1
 * @steps 40
 */
export function alternates([x, y]: number[]): number {
  return 10 * x * x + (y - 1) ** 2;
}

/**
 * Finds: oscillation at «lr=0.5»
 * Silent: plateau:flat-valley; plateau:converged
 * Verdict: unstable
 * Because: from step 4 on x alternates between 0.45 and −0.05 around 0.2, and y between 0.3 and −0.2: the loss stays at 0.45 to 0.55.
 *
 * @loss
 * @start [1.45, 0.8]
 * @optimizer signsgd lr=0.5
 * @steps 30
 */
export function signAlternates([x, y]: number[]): number {
  return Math.abs(x - 0.2) + Math.abs(y);
}

/**
 * Finds: oscillation at «lr=0.1»
 * Silent: plateau:converged; plateau:lr-too-small
 * Verdict: unstable
 * Because: the first step leads from 0.01 to −3.5, and from there x alternates between 1.5 and −3.5: the loss is at least 73 in each
 *   step, and was 0.7 at the start.
 *
 * @loss
 * @start [0.01]
 * @optimizer sgd lr=0.1
 * @steps 40
 */
export function leavesTheKink([x]: number[]): number {
  return 50 * Math.sqrt(1e-4 + x * x);
}

/**
 * Finds: plateau:saddle at «[0, 1]»
 * Silent: plateau:converged; zero-gradient
 * Verdict: stalled
 * Because: y halves every few steps, but the gradient of x is exactly 0 at the ridge x = 0, where the loss is 1; it is 0 at x = ±1.
 *
 * @loss
 * @start [0, 1]
 * @optimizer sgd lr=0.1
 * @steps 60
 */
export function staysOnTheRidge([x, y]: number[]): number {
  return (x * x - 1) ** 2 + y * y;
}

/**
 * Finds: plateau:eps-stall at «eps=1»
 * Silent: plateau:lr-too-small; eps-dominates
 * Verdict: stalled
 * Because: the gradients are at most 6e-4, and eps is 1: steps are 6e-5 instead of lr = 0.1, so 80 of them cover 0.005 of 3.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.1 eps=1
 * @steps 80
 */
export function epsHoldsBack([x, y]: number[]): number {
  return 1e-4 * ((x - 3) ** 2 + (y - 1) ** 2);
}

/**
 * Finds: divergence at «lr=0.11»
 * Silent: oscillation; instability-at-start
 * Verdict: diverged
 * Because: lr·curvature is 2.2: the distance grows 1.2-fold and the loss 1.44-fold in each of 20 steps, to 1,470 times its start.
 *
 * @loss
 * @start [0.5]
 * @optimizer sgd lr=0.11
 * @steps 20
 */
export function growsForTwentySteps([x]: number[]): number {
  return 10 * x * x;
}

/**
 * Finds: loss-spike at «lr=0.1»
 * Silent: divergence; oscillation
 * Because: gain reaches 2 to 1e-4 in 44 steps. The other sensor makes the loss jump from 1e-8 to 4, as high as at the start, and to 0.16 in
 *   the next step.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.1
 * @steps 60
 */
export function otherSensor([gain]: number[], { step }: { step: number }): number {
  return ((step < 45 ? 1 : 2) * gain - 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:flat-valley
 * Verdict: still-improving
 * Because: 150 steps of 0.001 cover 0.15 of a distance of 1: ten times as many arrive, so the run is only short.
 *
 * @loss
 * @start [0, 0]
 * @steps 150
 */
export function tenTimesAsManyArrive([x, y]: number[]): number {
  return (x - 1) ** 2 + (y + 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:flat-valley
 * Verdict: still-improving
 * Because: 100 steps of 0.02 cover two thirds of the distance, and the loss falls in each.
 *
 * @loss
 * @start [0, 5]
 * @optimizer adam lr=0.02
 * @steps 100
 */
export function onItsWay([x, y]: number[]): number {
  return (x - 3) ** 2 + (y - 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: oscillation; plateau:flat-valley; loss-spike
 * Verdict: still-improving
 * Because: each step multiplies x by −0.8: the loss shrinks by 0.64 in each of 24 steps, to 2e-5 of its start, and still falls.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=0.09
 * @steps 24
 */
export function alternatesAndShrinks([x]: number[]): number {
  return 10 * x * x;
}

/**
 * Finds: nothing
 * Silent: oscillation; plateau:flat-valley; loss-spike
 * Because: momentum 0.9 oscillates across the minimum with a period of 28 steps, and the distance shrinks by √0.9 in each: to 0.015 after 80.
 *
 * @loss
 * @start [2, -1]
 * @optimizer sgd lr=0.025 momentum=0.9
 * @steps 80
 */
export function oscillatesAndSettles([x, y]: number[]): number {
  return x * x + (y - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: oscillation; plateau:flat-valley; loss-spike
 * Because: Adam passes the minimum at step 10 and turns back; each overshoot is smaller than the one before.
 *
 * @loss
 * @start [2]
 * @optimizer adam lr=0.3
 * @steps 60
 */
export function overshootsAndReturns([x]: number[]): number {
  return x * x;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:lr-too-small
 * Verdict: converged
 * Because: near the saddle x grows 1.2-fold in each step, from 0.01 to 0.5 in 22; then it arrives, and 70 steps at 0.6 are left.
 *
 * @loss
 * @start [0.01]
 * @optimizer sgd lr=0.05
 * @steps 100
 */
export function leavesTheSaddle([x]: number[]): number {
  return (x * x - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:flat-valley; plateau:lr-too-small; oscillation
 * May: plateau:converged
 * Verdict: converged
 * Because: each step leaves a fifth of the distance: after 25 steps the loss is 0 to the last digit, and it rests there for 95.
 *
 * @loss
 * @start [2, -1]
 * @optimizer sgd lr=0.4
 * @steps 120
 */
export function arrivesAndRests([x, y]: number[]): number {
  return x * x + (y - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; oscillation; schedule-mismatch
 * Because: the cosine ends with the run, and its mean, 0.05, times 80 steps is 4: enough for a distance of 2.
 *
 * @loss
 * @start [2, -1]
 * @optimizer adam lr=0.1
 * @schedule cosine
 * @steps 80
 */
export function shortCosine([x, y]: number[]): number {
  return x * x + (y - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: oscillation; loss-spike; plateau:lr-too-small; plateau:flat-valley
 * May: noise-limited; plateau:noise-floor
 * Because: four epochs of 20 batches of two samples whose means differ by 0.7: at lr 0.1 the parameter follows them, around the minimum.
 *
 * @loss
 * @start [-3]
 * @optimizer sgd lr=0.1
 * @samples 40
 * @batch 2
 * @epochs 4
 * @seed 5
 */
export function fourNoisyEpochs([m]: number[], { indices }: { indices: readonly number[] }): number {
  return indices.reduce((sum, i) => sum + (m - 1 - Math.sin(1.7 * i)) ** 2, 0) / indices.length;
}
