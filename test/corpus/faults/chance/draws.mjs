/** Losses that use random numbers, counters or the clock. */
const bowl = (x, y) => (x - 1) ** 2 + 2 * (y + 0.5) ** 2;

/**
 * Finds: non-deterministic-loss
 * Because: Math.random is not seeded: it changes the loss by up to 1e-3 at every evaluation.
 *
 * @loss
 * @start [3, 2]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function jitter([x, y]) {
  return bowl(x, y) + 1e-3 * Math.random();
}

let calls = 0;

/**
 * Finds: non-deterministic-loss
 * Verdict: converged
 * Because: the loss depends on the number of its calls, by up to 6e-5 of itself.
 *
 * @loss
 * @start [3, 2]
 * @optimizer sgd lr=0.05
 * @steps 150
 */
export function counting([x, y]) {
  calls += 1;
  return bowl(x, y) * (1 + 1e-5 * (calls % 7));
}

/**
 * Finds: non-deterministic-loss
 * Because: the loss depends on the clock, by up to 1e-6.
 *
 * @loss
 * @start [3, 2]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function clocked([x, y]) {
  return bowl(x, y) + 1e-9 * (performance.now() % 1000);
}

/**
 * Finds: nothing
 * Silent: non-deterministic-loss; gradient-mismatch; loss-spike
 * Verdict: converged
 * Because: the noise comes from the `random` that is passed to the loss:
 * it differs between steps, but is the same in every evaluation of a step.
 *
 * @loss
 * @start [3, 2]
 * @optimizer adam lr=0.05
 * @steps 150
 * @seed 4
 */
export function seeded([x, y], { random }) {
  const noise = 0.02 * (random() - 0.5);
  return bowl(x + noise, y - noise);
}

const known = new Map();

/**
 * Finds: nothing
 * Silent: non-deterministic-loss
 * Because: the cache is state between calls, but it changes no value.
 *
 * @loss
 * @start [3, 2]
 * @optimizer adam lr=0.05
 * @gradientMode finite-difference
 * @steps 120
 */
export function remembering([x, y]) {
  const key = `${x} ${y}`;
  if (!known.has(key)) known.set(key, bowl(x, y));
  return known.get(key);
}

/**
 * Finds: non-deterministic-loss
 * Silent: edge-of-stability; instability-at-start; loss-spike; oscillation; plateau:flat-valley
 * Verdict: converged
 * Because: dropout with Math.random. In expectation the loss is a parabola with its minimum at (1.6, 0.5), which the run reaches at
 *   about t = 200. All spikes, and a curvature by differences of two random gradients, are draws.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.01
 * @steps 600
 */
export function dropout([slope, offset]) {
  let sum = 0;
  for (let i = 0; i < 20; i++) {
    const kept = Math.random() < 0.8 ? 1.25 : 0;
    sum += (slope * kept * Math.sin(i) + offset - 2 * Math.sin(i) - 0.5) ** 2;
  }
  return sum / 20;
}

/**
 * Finds: nothing
 * Silent: edge-of-stability; plateau:flat-valley; oscillation
 * Verdict: converged
 * Because: the minimum moves as sin(t/40), and Adam follows it to within 5e-4: the mean loss is 2e-7. Neither a larger nor a smaller
 *   learning rate is asked for.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.05
 * @steps 1000
 */
export function followed([x], { step }) {
  return (x - Math.sin(step / 40)) ** 2;
}
