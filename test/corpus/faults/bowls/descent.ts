/** A bowl with the curvature `steep` along x, and a small curvature along y. */
const bowl = (x: number, y: number, steep = 100): number => 0.5 * (steep * x * x + y * y);

/**
 * Finds: divergence at «lr=0.03»
 * Verdict: diverged
 * Because: the curvature along x is 100, so gradient descent is stable below lr 0.02; here x is multiplied by −2
 * every step.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 200
 */
export function beyondTheLimit([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: divergence at «lr=0.0201»
 * Verdict: diverged
 * Because: x is multiplied by −1.01 every step. No single step is conspicuous, but the loss doubles every 35 steps.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.0201
 * @steps 1000
 */
export function justBeyondTheLimit([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: oscillation at «lr=0.0199»
 * Silent: divergence; edge-of-stability
 * Verdict: still-improving
 * Because: x is multiplied by −0.99 every step: it crosses the valley four hundred
 * times, while half the learning rate would converge in one step. Nothing grows.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.0199
 * @steps 400
 */
export function justBelowTheLimit([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: oscillation; divergence; edge-of-stability
 * Verdict: converged
 * Because: x is multiplied by −0.95 every step and always changes its sign, but each
 * window of 40 steps makes it eight times smaller, and lr·100 = 1.95 is below 2.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.0195
 * @steps 300
 */
export function zigzag([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: divergence at «sgd»
 * Verdict: diverged
 * Because: without an lr the default is torch’s 0.001; the curvature is 5000, so
 * x is multiplied by −4. The only place for the finding is the optimizer’s name.
 *
 * @loss
 * @start [0.1, 2]
 * @optimizer sgd
 * @steps 100
 */
export function nothingWritten([x, y]: number[]): number {
  return bowl(x, y, 5000);
}

/**
 * Finds: divergence at «lr=0.05»
 * Verdict: diverged
 * Because: momentum 0.9 is stable below 2·1.9/100 = 0.038.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.05 momentum=0.9
 * @steps 200
 */
export function heavyBall([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: loss-spike; oscillation; instability-at-start
 * Verdict: converged
 * Because: momentum causes oscillations across the valley, and the loss rises repeatedly, to half of,
 * the start at t = 7, but every oscillation is smaller: the eigenvalues of the step have modulus √0.9.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.002 momentum=0.9
 * @steps 190
 */
export function ringing([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: edge-of-stability; divergence
 * May: ill-conditioned
 * Because: at the peak of the cycle lr·100 is 1.85, below 2: the learning rate is high for a while on purpose.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.01
 * @schedule oneCycle maxLr=0.0185 cycleMomentum=false
 * @steps 160
 */
export function cycleInside([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: edge-of-stability at «lr=0.01»
 * Silent: loss-spike; stale-second-moment
 * May: plateau:converged
 * Verdict: converged
 * Because: √v shrinks with the gradient until lr/√v·1 is 38, near t = 1578. By then the loss is
 * 1e-66, below rounding. The following growth raises the loss to 5e-6, and 38 is crossed again
 * near t = 2340 at a loss of 3e-9. Compared with the start of 0.5 these rises are no spikes.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.01 beta2=0.99
 * @steps 2400
 */
export function shortMemory([x]: number[]): number {
  return 0.5 * x * x;
}

/**
 * Finds: nothing
 * Silent: edge-of-stability; loss-spike; oscillation
 * May: plateau:converged
 * Verdict: converged
 * Because: with beta2 0.9 the second moment adapts so fast that lr/√v never
 * reaches 38 in 20,000 steps; the loss ends in a small cycle around 5e-8.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.01 beta2=0.9
 * @steps 20000
 */
export function shorterMemory([x]: number[]): number {
  return 0.5 * x * x;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small
 * Verdict: still-improving
 * Because: two steps of Adam that can be computed by hand: [1.9, 3.9], then [1.8, 3.8]; losses 20, 18.82, 17.68.
 *
 * @loss
 * @start [2, 4]
 * @optimizer adam lr=0.1 beta1=0.8 beta2=0.9
 * @steps 2
 */
export function twoSteps([a, b]: number[]): number {
  return a * a + b * b;
}

/**
 * Finds: divergence at «maxLr=0.07»
 * Verdict: diverged
 * Because: the cycle’s learning rate is above 2/100 from step 10 to step 102: x grows by a factor
 * of up to 6 a step. The optimizer’s own lr is not used, so the finding belongs to the schedule.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.01
 * @schedule oneCycle maxLr=0.07 pctStart=0.1 cycleMomentum=false
 * @steps 200
 */
export function cycleTooHigh([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: ill-conditioned
 * Silent: zero-gradient; plateau:lr-too-small
 * Because: the curvatures are 100 and 0.0025: with the learning rate that fits x, a step moves y by a
 * 40,000th of its distance. After one step x and its gradient are exactly 0: it has converged.
 *
 * @loss
 * @start [1, 10]
 * @optimizer sgd lr=0.01
 * @steps 190
 */
export function unevenByDescent([x, y]: number[]): number {
  return bowl(x, 0.05 * y);
}

/**
 * Finds: nothing
 * Silent: ill-conditioned
 * Verdict: converged
 * Because: the same uneven bowl, but its axes are the coordinates, and Adam’s
 * division by √v compensates for the curvatures: both coordinates converge together.
 *
 * @loss
 * @start [1, 10]
 * @optimizer adam lr=0.2
 * @steps 190
 */
export function unevenByAdam([x, y]: number[]): number {
  return bowl(x, 0.05 * y);
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; gradient-mismatch
 * May: plateau:converged
 * Verdict: converged
 * Because: for a hundred steps the learning rate is below a fifth of its final value and the
 * loss hardly falls, but the schedule will raise it; the minimum is reached long before the end.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.05
 * @schedule linear startFactor=1e-4 endFactor=1 totalIters=500
 * @steps 900
 */
export function longWarmup([x]: number[]): number {
  return (x - 3) ** 2;
}

/**
 * Finds: schedule-mismatch at «exponential gamma=0.9»
 * Silent: plateau:converged; plateau:lr-too-small; zero-gradient
 * Verdict: stalled
 * Because: all steps from 100 on together add up to 1.2e-5 of lr, and x is at 1.93
 * of 3 with a gradient of −2.15: no step has an effect, and nothing has converged.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.05
 * @schedule exponential gamma=0.9
 * @steps 1000
 */
export function decaysTooEarly([x, y]: number[]): number {
  return bowl(x - 3, y + 2, 2);
}
