/** Rosenbrock’s valley: steep walls, an almost flat floor, minimum 0 at (1, 1). */
function banana(x: number, y: number): number {
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
}

/**
 * Finds: instability-at-start at «lr=10»
 * Silent: divergence; plateau:flat-valley
 * Verdict: still-improving
 * Because: the first step has length 10, from x = −1.2 to 8.8, where the loss is 4.4e5. The loss is above
 * its start until t = 68, returns in another part of the valley and then decreases slowly to the end.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=10
 * @steps 1000
 */
export function leapsFirst([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: instability-at-start at «lr=0.003»
 * Silent: divergence
 * Verdict: still-improving
 * Because: the curvature at the start is about 1500, so 0.003 is above 2/λ: 24, 94, 54, 118.
 * At t = 5 the run is in the flatter part of the valley, where the learning rate is stable.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer sgd lr=0.003
 * @steps 400
 */
export function firstStepTooLong([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: loss-spike at «lr=0.1»; edge-of-stability at «lr=0.1»; stale-second-moment at «adam»
 * Verdict: unstable
 * Because: v decays while the gradients vanish: lr·λmax(P⁻¹H) crosses 38 near t = 2631,,
 * at a loss of 1e-28, and the run becomes unstable a hundred steps later. At t = 2738 the,
 * loss is back at 0.8, a thirtieth of the start, with gradients ten times larger than √v.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.1
 * @steps 2745
 */
export function burst([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: nothing
 * Silent: edge-of-stability; loss-spike
 * Verdict: converged
 * Because: 38 is crossed at t = 2631, but the loss is 1e-25: no visible or useful improvement is lost yet.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.1
 * @steps 2650
 */
export function beforeBurst([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: edge-of-stability at «lr=0.02»
 * Silent: loss-spike; stale-second-moment
 * Verdict: still-improving
 * Because: NAdam’s own limit at t = 1819 is near 4, not 38, and a·λmax(P⁻¹H) crosses it there at,
 * a loss of 2e-3, while the run still moves along the valley. The jump will come near t = 2040.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer nadam lr=0.02
 * @steps 1950
 */
export function nesterovCrosses([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: nothing
 * Silent: edge-of-stability
 * Verdict: still-improving
 * Because: the same run ends at four fifths of the limit.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer nadam lr=0.02
 * @steps 1500
 */
export function nesterovBelow([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: edge-of-stability at «lr=0.02»; loss-spike at «lr=0.02»; stale-second-moment at «nadam»
 * Because: the jump that the crossing at t = 1819 predicted: from 6e-4 at t =
 * 2023 to 1 at t = 2049, where the gradients are seven times larger than √v.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer nadam lr=0.02
 * @steps 2060
 */
export function nesterovBursts([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:flat-valley; edge-of-stability
 * Verdict: still-improving
 * Because: a healthy run that has not converged yet: 1.255 at t = 1000, and falling faster and faster.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.01
 * @steps 1000
 */
export function along([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: plateau:eps-stall at «adam»
 * Silent: plateau:lr-too-small; eps-dominates
 * Because: the gradients are at most 2e-8, twice eps, so eps is 58 to 94 % of the
 * divisor. In 1000 steps the loss in the valley goes from 4.2 to 3.92 (·1e-10), where
 * the same run with a small eps goes to 1.255. At this rate it will not converge.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.01
 * @steps 1000
 */
export function small([x, y]: number[]): number {
  return 1e-10 * banana(x, y);
}

/**
 * Finds: nothing
 * Silent: eps-dominates; plateau:eps-stall
 * Verdict: still-improving
 * Because: the same small loss with eps scaled as well: it equals
 * the unscaled run to the last digit, 1.255e-10 at t = 1000.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.01 eps=1e-20
 * @steps 1000
 */
export function smallWithSmallEps([x, y]: number[]): number {
  return 1e-10 * banana(x, y);
}

/**
 * Finds: plateau:eps-stall at «adam»
 * Silent: plateau:lr-too-small; plateau:converged; eps-dominates
 * Because: gradients of 1e-12 with an eps of 1e-8: steps are some
 * ten-thousandths of lr, and 1000 of them improve the loss by 2 %.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.01
 * @steps 1000
 */
export function tiny([x, y]: number[]): number {
  return 1e-14 * banana(x, y);
}

/**
 * Finds: nothing
 * Silent: coupled-weight-decay
 * Verdict: still-improving
 * Because: AdamW’s decay is decoupled: it shrinks every parameter by the same factor. (0.2397, 0.0561) at t = 1000.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adamw lr=0.01 weightDecay=0.1
 * @steps 1000
 */
export function decoupled([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: coupled-weight-decay at «weightDecay=0.1»
 * Verdict: still-improving
 * Because: Adam adds the decay to the gradient and divides it by √v: the parameter with the larger gradients is
 * decayed less. It reaches (−0.0791, 0.0069), not AdamW’s (0.2397, 0.0561).
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.01 weightDecay=0.1
 * @steps 1000
 */
export function coupled([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: edge-of-stability at «lr=0.01»; oscillation at «lr=0.01»
 * Silent: loss-spike; plateau:flat-valley
 * Because: a·λmax(P⁻¹H) passes the limit of 2(1 + 0) near t = 460 and is 1.7 times it at t = 525. From
 * t = 600 on x and y cross the valley at nearly every step, with an effect of 0.2 % of the improvement
 * each time, while the loss falls by less than that. It is no plateau yet: the medians still fall.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer rmsprop lr=0.01
 * @steps 800
 */
export function rms([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: unrectified-steps at «lr=0.01»; divergence at «lr=0.01»
 * Silent: instability-at-start; plateau:flat-valley
 * Verdict: diverged
 * Because: until t = 5 RAdam does not use v, and its steps are lr times gradients of hundreds:
 * −1.2 → 0.956 in the first one, 2.6e70 at the fifth. From there, steps of 0.01 have no effect.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer radam lr=0.01
 * @steps 500
 */
export function radamFar([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: nothing
 * Silent: unrectified-steps; instability-at-start
 * Verdict: still-improving
 * Because: the first steps are 200 times lr here too, but they do not reach the
 * other side: the loss is never above its start, and 6.1 when rectified steps begin.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer radam lr=0.001
 * @steps 150
 */
export function radamFine([x, y]: number[]): number {
  return banana(x, y);
}

/**
 * Finds: nothing
 * Silent: edge-of-stability; instability-at-start; loss-spike
 * May: plateau:converged
 * Verdict: converged
 * Because: the run reaches the end of the valley: 1e-23 at t = 5000, at six tenths
 * of the limit. The loss rose slightly at t = 15, before it reached the valley.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.02
 * @steps 5000
 */
export function arrives([x, y]: number[]): number {
  return banana(x, y);
}

