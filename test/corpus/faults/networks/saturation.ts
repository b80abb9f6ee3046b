import { normalFrom } from '../data/seeded.js';

/** Outputs and units at their asymptotes: what the loss asks for is out of reach, or the derivative has vanished. */
const normal = normalFrom(17);
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const degrees = Array.from({ length: 20 }, (_, i) => ({ x: i / 10 - 1, y: 25 + 6 * Math.sin(i / 4) }));
const signed = Array.from({ length: 30 }, (_, i) => {
  const x = -1.5 + i / 10;
  return { x, y: x > 0.05 ? 1 : -1 };
});
const classes = Array.from({ length: 24 }, (_, i) => {
  const angle = (Math.PI * i) / 12;
  return { x: Math.cos(angle), y: Math.sin(angle), kind: Math.floor(i / 8) };
});
const growth = Array.from({ length: 40 }, (_, i) => {
  const t = i / 2;
  return { t, y: 1 / (1 + Math.exp(-1.2 * (t - 4))) + 0.03 * normal() };
});
const noisyStep = Array.from({ length: 60 }, (_, i) => {
  const x = i - 29.5;
  return { x, y: (x > 0 ? 1 : -1) + 0.5 * normal() };
});
const wave = Array.from({ length: 32 }, (_, i) => {
  const x = -2 + i / 8;
  return { x, y: Math.sin(2 * x) };
});

/** The probabilities of three classes; w has three scores for x, three for y, three constants. */
function softmax(w: number[], { x, y }: { x: number; y: number }): number[] {
  const e = [0, 1, 2].map((k) => Math.exp(w[k] * x + w[3 + k] * y + w[6 + k]));
  const sum = e[0] + e[1] + e[2];
  return e.map((each) => each / sum);
}

const brier = (w: number[]): number =>
  classes.reduce((sum, point) => {
    const p = softmax(w, point);
    return sum + p.reduce((s, each, k) => s + (each - (k === point.kind ? 1 : 0)) ** 2, 0);
  }, 0) / classes.length;

const net = (w: number[]): number =>
  wave.reduce((sum, { x, y }) => {
    let out = w[18];
    for (let k = 0; k < 6; k++) out += w[12 + k] * Math.tanh(w[k] * x + w[6 + k]);
    return sum + (out - y) ** 2;
  }, 0) / wave.length;

/**
 * Finds: saturation at «1 / (1 + Math.exp(-z))» of saturation.ts
 * Silent: plateau:saddle; plateau:converged; plateau:flat-valley; plateau:lr-too-small; unbounded-loss
 * Verdict: stalled
 * Because: a sigmoid is below 1, and its target is 3: the loss cannot fall below 4, and the sigmoid ends at 1 − 7e-4.
 *
 * @loss
 * @start [0.2, 0.1]
 * @optimizer adam lr=0.1
 * @steps 400
 */
export function beyondOne([w, b]: number[]): number {
  return (sigmoid(w * 0.8 + b) - 3) ** 2;
}

/**
 * Finds: saturation at «1 / (1 + Math.exp(-z))» of saturation.ts
 * Silent: plateau:saddle; plateau:converged; plateau:lr-too-small; unbounded-loss
 * Verdict: stalled
 * Because: labels of −1 and 1 for a sigmoid: each negative sample keeps a squared error of at least 1, which is nearly the whole loss.
 *
 * @loss
 * @start [0.1, 0]
 * @optimizer adam lr=0.2
 * @steps 600
 */
export function signedLabels([w, b]: number[]): number {
  return signed.reduce((sum, { x, y }) => sum + (sigmoid(w * x + b) - y) ** 2, 0) / signed.length;
}

/**
 * Finds: saturation at «Math.tanh(w * x + b)»
 * Silent: plateau:saddle; plateau:converged; plateau:flat-valley; plateau:lr-too-small
 * Verdict: stalled
 * Because: temperatures of 19 to 31 degrees, and an output that cannot exceed 1: the mean squared error stays near 600.
 *
 * @loss
 * @start [0.3, 0]
 * @optimizer sgd lr=0.01
 * @steps 500
 */
export function notNormalised([w, b]: number[]): number {
  return degrees.reduce((sum, { x, y }) => sum + (Math.tanh(w * x + b) - y) ** 2, 0) / degrees.length;
}

/**
 * Finds: saturation at «each / sum» of saturation.ts
 * Silent: plateau:saddle; plateau:converged; divergence
 * Verdict: stalled
 * Because: scores of up to 90 make every probability 0 or 1, for the wrong class of most points. With the squared error
 * their derivative is below 1e-8; from a start that is a hundred times smaller, the same steps classify most points.
 *
 * @loss
 * @start [-60, 40, 20, 30, -70, 40, 30, -10, -20]
 * @optimizer sgd lr=0.5
 * @steps 400
 */
export function wrongAndSure(w: number[]): number {
  return brier(w);
}

export const heavyStart = Array.from({ length: 19 }, (_, i) => (i < 12 ? 60 : i < 18 ? 0.3 : 0.1) * normal());

/**
 * Finds: saturation at «Math.tanh(w[k] * x + w[6 + k])» of saturation.ts
 * Silent: plateau:saddle; plateau:converged; divergence
 * Because: weights of about 60 make every hidden unit a step whose place no gradient moves: only the output weights are
 * fitted. From a start with weights of about 1, the same net follows the sine.
 *
 * @loss
 * @optimizer adam lr=0.01
 * @steps 800
 */
export function heavy(w: number[]): number {
  return net(w);
}

/**
 * Finds: saturation at «1 / (1 + Math.exp(-z))» of saturation.ts
 * Silent: plateau:saddle; plateau:converged; zero-gradient
 * Verdict: stalled
 * Because: it starts at an output of 1 − 5e-7 for a target of 0.2, where the slope of the sigmoid is 5e-7. The loss of 0.64
 * falls by less than 1e-8; from a start near 0 it would reach 0.
 *
 * @loss
 * @start [12, 2.5]
 * @optimizer sgd lr=0.5
 * @steps 300
 */
export function fullyOn([w, b]: number[]): number {
  return (sigmoid(w + b) - 0.2) ** 2;
}

/**
 * Finds: nothing
 * Silent: saturation; plateau:saddle; unbounded-loss
 * May: plateau:converged
 * Because: classes that a line separates: the probabilities become 0 and 1, as they should, and the cross-entropy goes to 0.
 *
 * @loss
 * @start [0.1, 0]
 * @optimizer adam lr=0.5
 * @steps 500
 */
export function separable([w, b]: number[]): number {
  return signed.reduce((sum, { x, y }) => {
    const p = sigmoid(w * x + b);
    return sum - Math.log(y > 0 ? p : 1 - p);
  }, 0) / signed.length;
}

/**
 * Finds: nothing
 * Silent: saturation; plateau:saddle
 * May: plateau:converged; ill-conditioned
 * Because: a noisy step from −1 to 1 is fitted by a saturated tanh. The loss that is left is the variance of the noise, 0.25.
 *
 * @loss
 * @start [0.5, 0.1]
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function noisyGate([w, b]: number[]): number {
  return noisyStep.reduce((sum, { x, y }) => sum + (Math.tanh(w * x + b) - y) ** 2, 0) / noisyStep.length;
}

/**
 * Finds: nothing
 * Silent: saturation; plateau:saddle; plateau:flat-valley
 * May: plateau:converged
 * Verdict: converged
 * Because: three quarters of the points lie on the upper asymptote of a growth curve, above and below it alike: the noise of 0.03.
 *
 * @loss
 * @start [0.5, 6]
 * @optimizer adam lr=0.05
 * @steps 500
 */
export function growthCurve([rate, middle]: number[]): number {
  return growth.reduce((sum, { t, y }) => sum + (1 / (1 + Math.exp(-rate * (t - middle))) - y) ** 2, 0) / growth.length;
}

/**
 * Finds: nothing
 * Silent: saturation; plateau:saddle; unbounded-loss
 * May: plateau:converged
 * Because: an expected cost is linear in the probabilities: the best action has cost 2, and its probability goes to 1.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.1
 * @steps 400
 */
export function bestAction(w: number[]): number {
  const e = w.map((each) => Math.exp(each));
  const sum = e[0] + e[1] + e[2];
  return (3 * e[0]) / sum + (2 * e[1]) / sum + (5 * e[2]) / sum;
}

/**
 * Finds: nothing
 * Silent: saturation; plateau:saddle; plateau:flat-valley
 * May: plateau:converged; ill-conditioned
 * Because: the same probabilities and squared errors as for wrongAndSure, from a small start: they become 0 and 1 where they should.
 *
 * @loss
 * @start [-0.3, 0.2, 0.1, 0.15, -0.35, 0.2, 0.15, -0.05, -0.1]
 * @optimizer adam lr=0.3
 * @steps 600
 */
export function rightAndSure(w: number[]): number {
  return brier(w);
}

/**
 * Finds: nothing
 * Silent: saturation; zero-gradient
 * May: plateau:converged; ill-conditioned
 * Because: the gate is fully open, at 1 − 5e-5, and the scale fits the data: a gate at its asymptote is no fault.
 *
 * @loss
 * @start [10, 0.2]
 * @optimizer adam lr=0.05
 * @steps 400
 */
export function openGate([gate, scale]: number[]): number {
  return degrees.reduce((sum, { x, y }) => sum + (sigmoid(gate) * scale * (x + 30) - y) ** 2, 0) / degrees.length / 100;
}

const tide = Array.from({ length: 40 }, (_, i) => {
  const t = 0.31 * i;
  return { t, y: Math.sin(2 * t) };
});

/**
 * Finds: nothing
 * Silent: saturation; zero-gradient; plateau:saddle
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: the frequency ends at a local minimum far from the right one, and nearly the whole loss is left. The gate is open, at 0.999, and
 * scales an amplitude that is fitted: wherever it stands, the same losses can be reached. Only another frequency lowers the loss.
 *
 * @loss
 * @start [5, 0.5, 7.5]
 * @optimizer adam lr=0.02
 * @steps 1500
 */
export function wrongFrequency([frequency, amplitude, gate]: number[]): number {
  return tide.reduce((sum, { t, y }) => sum + (sigmoid(gate) * amplitude * Math.sin(frequency * t) - y) ** 2, 0) / tide.length;
}
