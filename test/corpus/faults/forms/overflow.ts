// Exponentials that overflow, and differences that round to 0, although the value of the whole is moderate.

const doses = [0, 10, 20, 40, 80];
const survived = [1, 1, -1, -1, -1];

/**
 * Finds: non-finite-loss at «Math.exp(-survived[i]! * (a! + b! * doses[i]!))»
 * Verdict: broken
 * Edit: softplus without overflow
 * Because: at the start the margin of the last row is −(0 + 10·80)·(−1) = −800, and exp(800) is above 1.8e308. The
 *   softplus of 800 is 800: with it, the loss is finite and convex, and the run descends.
 *
 * @loss
 * @start [0, 10]
 * @optimizer adam lr=0.1
 * @steps 300
 */
export function margins([a, b]: number[]): number {
  let sum = 0;
  for (let i = 0; i < doses.length; i++) sum += Math.log(1 + Math.exp(-survived[i]! * (a! + b! * doses[i]!)));
  return sum / doses.length + 1e-3 * (a! * a! + b! * b!);
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Edit: none
 * Because: the same loss from the origin: all margins stay below 50, far below the 709 at which exp overflows. The ridge
 *   makes it strongly convex, and lr decays to 0.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @schedule cosine
 * @steps 2000
 */
export function safeMargins([a, b]: number[]): number {
  let sum = 0;
  for (let i = 0; i < doses.length; i++) sum += Math.log(1 + Math.exp(-survived[i]! * (a! + b! * doses[i]!)));
  return sum / doses.length + 1e-3 * (a! * a! + b! * b!);
}

/**
 * Finds: non-finite-loss at «Math.exp(50 * left)»
 * Verdict: broken
 * Edit: log-sum-exp with the maximum subtracted
 * Because: a smooth maximum of two parabolas: at the start the exponent is 50·25 = 1250 > 709. Divided by 50 again, the
 *   result is 25: with the maximum subtracted, the loss is finite and has its minimum of about 1 between the parabolas.
 *
 * @loss
 * @start [6]
 * @optimizer adam lr=0.1
 * @schedule cosine
 * @steps 300
 */
export function smoothMaximum([x]: number[]): number {
  const left = (x! - 1) * (x! - 1);
  const right = (x! + 1) * (x! + 1);
  return Math.log(Math.exp(50 * left) + Math.exp(50 * right)) / 50;
}

const rows = [
  [1, 0.5],
  [-0.5, 1],
  [0.2, -1.5],
];
const classes = [0, 1, 2];

/**
 * Finds: non-finite-loss at «Math.exp(z)»
 * Verdict: broken
 * Edit: log-sum-exp with the maximum subtracted
 * Because: the logit of the first row is 1000·1 at the start; exp(1000) is above 1.8e308. With the maximum subtracted,
 *   the cross-entropy is finite everywhere.
 *
 * @loss
 * @start [1000, 0, 0, 0, 0, 0]
 * @optimizer adam lr=10
 * @steps 300
 */
export function crossEntropy(w: number[]): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const logits = [0, 1, 2].map((k) => w[2 * k]! * rows[i]![0]! + w[2 * k + 1]! * rows[i]![1]!);
    sum += Math.log(logits.reduce((s, z) => s + Math.exp(z), 0)) - logits[classes[i]!]!;
  }
  return sum + 1e-4 * w.reduce((s, v) => s + v * v, 0);
}

const hours = [-2, -1, 0.5, 1, 3];
const passed = [0, 0, 1, 0, 1];

/**
 * Finds: non-finite-loss at «Math.log(1 - p)»
 * Verdict: broken
 * Edit: logarithm of the logistic function without rounding
 * Because: at the start z = 100·0.5 = 50 for the third row; p rounds to 1 above z = 37, and 0·log(0) is NaN. The loss
 *   of the row is log(1 + exp(−50)), which is finite.
 *
 * @loss
 * @start [100, 0]
 * @optimizer adam lr=1
 * @steps 300
 */
export function clicks([w, b]: number[]): number {
  let loss = 1e-3 * (w! * w! + b! * b!);
  for (let i = 0; i < hours.length; i++) {
    const p = 1 / (1 + Math.exp(-(w! * hours[i]! + b!)));
    loss -= passed[i]! * Math.log(p) + (1 - passed[i]!) * Math.log(1 - p);
  }
  return loss;
}

/**
 * Finds: non-finite-loss at «1 / (Math.exp(rate) - 1)»
 * Verdict: broken
 * Edit: Math.expm1
 * Because: at the start rate = exp(−40) = 4e-18, and exp(rate) rounds to 1, so the mean is 1/0. With expm1 it is 2.4e17,
 *   and the loss is (ln(2.4e17) − ln(1000))² = 1100; it is 0 at log rate = −6.9, which 300 steps of 0.3 reach.
 *
 * @loss
 * @start [-40]
 * @optimizer adam lr=0.3
 * @steps 300
 */
export function photons([logRate]: number[]): number {
  const rate = Math.exp(logRate!);
  const mean = 1 / (Math.exp(rate) - 1);
  return (Math.log(mean) - Math.log(1000)) ** 2;
}

/**
 * Finds: non-finite-loss at «Math.log(Math.log(1 + rate))»
 * Verdict: broken
 * Edit: Math.log1p
 * Because: at the start 1 + exp(−40) rounds to 1, whose logarithm is 0. With log1p it is 4e-18, whose logarithm is −40.
 *
 * @loss
 * @start [-40]
 * @optimizer adam lr=0.3
 * @steps 300
 */
export function returns([logRate]: number[]): number {
  const rate = Math.exp(logRate!);
  return (Math.log(Math.log(1 + rate)) + 3) ** 2;
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Edit: none
 * Because: the same loss from log rate 0: log(1 + rate) lies between 0.05 and 0.7, and the minimum is at −2.97.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.3
 * @schedule cosine
 * @steps 600
 */
export function moderateReturns([logRate]: number[]): number {
  const rate = Math.exp(logRate!);
  return (Math.log(Math.log(1 + rate)) + 3) ** 2;
}

/**
 * Finds: non-finite-loss
 * Verdict: broken
 * Edit: log-sum-exp with the maximum subtracted
 * Because: the loss of `crossEntropy` over several statements, as softmax is often written: exp(1000) overflows in the list of
 *   exponentials, and the logarithm of their sum is infinite. The sum can be computed from the logits.
 *
 * @loss
 * @start [1000, 0, 0, 0, 0, 0]
 * @optimizer adam lr=10
 * @steps 300
 */
export function crossEntropyInSteps(w: number[]): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const logits = [0, 1, 2].map((k) => w[2 * k]! * rows[i]![0]! + w[2 * k + 1]! * rows[i]![1]!);
    const exponentials = logits.map(Math.exp);
    const total = exponentials.reduce((a, b) => a + b, 0);
    sum += Math.log(total) - logits[classes[i]!]!;
  }
  return sum + 1e-4 * w.reduce((s, v) => s + v * v, 0);
}
