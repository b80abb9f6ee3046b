import { normalFrom, uniformFrom } from './random.js';

/**
 * Logistic regression on 2000 samples with 10 features, in mini-batches of 64, with a validation loss on 500 further
 * samples. `logisticGradient` is its gradient: write `@gradient logisticGradient` to use it and to have it checked.
 *
 * Look at the loss: it fluctuates, because every step sees other samples; the validation loss does not. Change the seed
 * to see how much depends on the order of the data. Then try `@batch 2000`: no noise, and a thirtieth of the steps.
 */
const features = 10;
const uniform = uniformFrom(1);
const normal = normalFrom(uniform);
const truth = Array.from({ length: features }, normal);

interface Sample {
  x: number[];
  y: number;
}

function draw(count: number): Sample[] {
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: features }, normal);
    const z = x.reduce((sum, value, i) => sum + value * truth[i], 0.5);
    return { x, y: uniform() < sigmoid(z) ? 1 : 0 };
  });
}

const training = draw(2000);
const held = draw(500);

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** The last weight is the intercept. */
function score(w: number[], x: number[]): number {
  let z = w[features];
  for (let i = 0; i < features; i++) z += w[i] * x[i];
  return z;
}

/** −log of the probability that the model gives to the label; written so that no exponential overflows. */
function logLoss(w: number[], { x, y }: Sample): number {
  const z = score(w, x);
  return Math.max(z, 0) - y * z + Math.log(1 + Math.exp(-Math.abs(z)));
}

/**
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
 * @names w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 intercept
 * @optimizer adamw lr=0.02 weightDecay=0.01
 * @samples 2000
 * @batch 64
 * @epochs 10
 * @validation meanOverHeldOut
 * @expect loss<0.38
 */
export function logisticLoss(w: number[], { indices }: { indices: readonly number[] }): number {
  let sum = 0;
  for (const i of indices) sum += logLoss(w, training[i]);
  return sum / indices.length;
}

export function logisticGradient(w: number[], { indices }: { indices: readonly number[] }): number[] {
  const gradient = new Array<number>(features + 1).fill(0);
  for (const i of indices) {
    const { x, y } = training[i];
    const error = (sigmoid(score(w, x)) - y) / indices.length;
    for (let j = 0; j < features; j++) gradient[j] += error * x[j];
    gradient[features] += error;
  }
  return gradient;
}

export function meanOverHeldOut(w: number[]): number {
  let sum = 0;
  for (const sample of held) sum += logLoss(w, sample);
  return sum / held.length;
}

/**
 * The diagonal of the Fisher information, mean p (1 − p) x², shape [11]. Adam's v knows it too: the chart *Fisher estimate* shows
 * B·vHat, whose mean over the gradients of mini-batches of B samples is this diagonal where the mean gradient is small.
 */
export function fisherDiagonal(w: number[]): number[] {
  const diagonal = new Array<number>(features + 1).fill(0);
  for (const { x } of training) {
    const p = sigmoid(score(w, x));
    for (let j = 0; j <= features; j++)
      diagonal[j] += (p * (1 - p) * (j < features ? x[j] ** 2 : 1)) / training.length;
  }
  return diagonal;
}
