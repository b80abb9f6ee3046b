import { normalFrom } from '../data/seeded.js';

type Batch = { indices: readonly number[] };

/** log(1 + e^z), also for a large z. */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

const normal = normalFrom(23);

/** Forty rows with a gap of at least 0.4 between the classes along (1, −1). */
const apart = Array.from({ length: 40 }, (_, i) => {
  const x = [normal(), normal()];
  const label = i % 2;
  const side = x[0] - x[1];
  const shift = label ? Math.max(0, 0.4 - side) : Math.min(0, -0.4 - side);
  return { x: [x[0] + shift / 2, x[1] - shift / 2], label };
});

/** The same rows, and one more inside the other class. */
const overlapping = [...apart, { x: [1.2, -0.8], label: 0 }];

function logLoss(w: number[], { x, label }: { x: number[]; label: number }): number {
  const z = w[0] * x[0] + w[1] * x[1] + w[2];
  return softplus(label ? -z : z);
}

function meanLogLoss(w: number[], rows: typeof apart): number {
  return rows.reduce((sum, row) => sum + logLoss(w, row), 0) / rows.length;
}

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:flat-valley; plateau:lr-too-small; saturation
 * May: ill-conditioned
 * Verdict: still-improving
 * Because: the classes are separable, so the loss along (c, −c, 0) is positive and falls towards 0 for every c. After 800 steps it is about
 * 0.04, and each doubling of the weights more than halves it.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.02
 * @steps 800
 */
export function separable(w: number[]): number {
  return meanLogLoss(w, apart);
}

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:flat-valley; oscillation
 * May: noise-limited; ill-conditioned
 * Verdict: still-improving
 * Because: the same separable rows in batches of 8. The loss over all rows falls in each of the last epochs: without overlap, the
 * gradients of all batches agree, and noise does not keep the run from a lower loss.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @samples 40
 * @batch 8
 * @epochs 400
 */
export function separableInBatches(w: number[], { indices }: Batch): number {
  return indices.reduce((sum, i) => sum + logLoss(w, apart[i]), 0) / indices.length;
}

/** Events and hours of observation in four districts, of which the last had no event. */
const districts = [
  { events: 12, hours: 40 },
  { events: 5, hours: 25 },
  { events: 9, hours: 30 },
  { events: 0, hours: 20 },
];

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:flat-valley; plateau:saddle; zero-gradient
 * May: ill-conditioned
 * Verdict: still-improving
 * Because: of a district without an event, the term is 20e^(base + d): it falls towards 0 as d → −∞, while base, b and c reach finite
 * values. With lr 0.01 d has come to about −5.
 *
 * @loss
 * @start base=0 b=0 c=0 d=0
 * @optimizer adam lr=0.01
 * @steps 800
 */
export function poissonWithoutEvents({ base, b, c, d }: { base: number; b: number; c: number; d: number }): number {
  const effects = [0, b, c, d];
  return districts.reduce((sum, { events, hours }, k) => {
    const logRate = base + effects[k];
    return sum + hours * Math.exp(logRate) - events * logRate;
  }, 0);
}

/** Pairs of players: [winner, loser]. Player 0 has won each of its games. */
const games = [
  [0, 1], [0, 2], [0, 3], [1, 2], [2, 1], [1, 3], [3, 1], [2, 3], [3, 2], [2, 1], [1, 3], [0, 1],
];

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:flat-valley; plateau:saddle
 * May: ill-conditioned
 * Verdict: still-improving
 * Because: player 0 never lost. Its strength relative to the others only raises the likelihood, so the loss falls towards that of the games
 * among the others.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @names a b c d
 * @optimizer adam lr=0.02
 * @steps 600
 */
export function undefeatedPlayer(strength: number[]): number {
  return games.reduce((sum, [winner, loser]) => sum + softplus(strength[loser] - strength[winner]), 0) / games.length;
}

/** Patients in the order of their deaths: the treated ones all died last. */
const treatment = [0, 0, 0, 0, 0, 1, 1, 1, 1];

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:flat-valley; plateau:lr-too-small
 * May: ill-conditioned
 * Verdict: still-improving
 * Because: the partial likelihood of Cox with a covariate that predicts the order: it is monotone in beta. The loss falls towards
 * (log 5! + log 4!)/9 = 0.885, where it would be for beta → −∞.
 *
 * @loss
 * @start beta=0
 * @optimizer sgd lr=0.5
 * @steps 300
 */
export function monotoneCox({ beta }: { beta: number }): number {
  let loss = 0;
  for (let i = 0; i < treatment.length; i++) {
    let atRisk = 0;
    for (let j = i; j < treatment.length; j++) atRisk += Math.exp(beta * treatment[j]);
    loss += Math.log(atRisk) - beta * treatment[i];
  }
  return loss / treatment.length;
}

/** Three classes of points on rays of 120 degrees. */
const corners = Array.from({ length: 30 }, (_, i) => {
  const angle = (2 * Math.PI * (i % 3)) / 3 + 0.2 * Math.sin(i);
  return { x: [Math.cos(angle), Math.sin(angle)], label: i % 3 };
});

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:flat-valley; saturation
 * May: ill-conditioned
 * Verdict: still-improving
 * Because: a softmax classifier separates the three corners: with all weights multiplied by a larger number the cross-entropy falls towards
 * 0. The gradient descent at lr 1 has reached about 0.01.
 *
 * @loss
 * @start [0.1, 0, 0, 0.1, 0, 0]
 * @optimizer sgd lr=1
 * @steps 500
 */
export function separableSoftmax(w: number[]): number {
  return (
    corners.reduce((sum, { x, label }) => {
      const scores = [0, 1, 2].map((k) => w[2 * k] * x[0] + w[2 * k + 1] * x[1]);
      const top = Math.max(...scores);
      const total = scores.reduce((all, score) => all + Math.exp(score - top), 0);
      return sum + top + Math.log(total) - scores[label];
    }, 0) / corners.length
  );
}

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:flat-valley
 * May: ill-conditioned; plateau:converged
 * Because: 1/(1 + dose) of the bacteria survive at every dose: the least is 0, which no finite dose reaches. The loss falls like
 * 1/dose.
 *
 * @loss
 * @start dose=1
 * @optimizer adam lr=0.1
 * @steps 600
 */
export function survivors({ dose }: { dose: number }): number {
  return 0.02 + 1 / (1 + dose);
}

/**
 * Finds: nothing
 * Silent: no-finite-minimum; unbounded-loss
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: one row inside the other class, so the rows are not separable: the minimum is at finite weights, and 3000 steps of Adam
 * reach it.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @steps 3000
 */
export function oneRowOverlaps(w: number[]): number {
  return meanLogLoss(w, overlapping);
}

/**
 * Finds: nothing
 * Silent: no-finite-minimum; unbounded-loss
 * May: plateau:converged; ill-conditioned
 * Because: the separable rows with a penalty of 0.0001 of the squared weights: the penalty grows beyond every bound along each direction, so
 * there is a minimum, at weights of about 10.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @steps 3000
 */
export function regularised(w: number[]): number {
  return meanLogLoss(w, apart) + 1e-4 * (w[0] ** 2 + w[1] ** 2 + w[2] ** 2);
}

/**
 * Finds: plateau:lr-too-small at «lr=0.5»
 * Silent: no-finite-minimum; unbounded-loss
 * May: ill-conditioned
 * Verdict: still-improving
 * Because: the cost √(1 + (amount/2000 − 1)²) has its minimum at an amount of 2000, and 500 steps of 0.5 cover at most 250 of it.
 *
 * @loss
 * @start amount=0
 * @optimizer adam lr=0.5
 * @steps 500
 */
export function distantOptimum({ amount }: { amount: number }): number {
  return Math.sqrt(1 + (amount / 2000 - 1) ** 2);
}

/** Ten points of a curve that a sum of two steps fits to within a small error. */
const curve = Array.from({ length: 10 }, (_, i) => {
  const x = i / 3 - 1.5;
  return { x, y: 0.8 * Math.tanh(1.7 * x) + 0.1 };
});

/**
 * Finds: nothing
 * Silent: no-finite-minimum; unbounded-loss; saturation
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: the curve is 0.8 tanh(1.7x) + 0.1, and the unit can be exactly that: the loss falls to 0 at finite weights, although its
 * outputs are near the asymptotes of tanh.
 *
 * @loss
 * @start [1, 1, 0]
 * @optimizer adam lr=0.02
 * @steps 3000
 */
export function tanhFit([height, slope, offset]: number[]): number {
  return curve.reduce((sum, { x, y }) => sum + (height * Math.tanh(slope * x) + offset - y) ** 2, 0) / curve.length;
}

/**
 * Finds: nothing
 * Silent: no-finite-minimum; unbounded-loss
 * May: ill-conditioned
 * Because: a long valley with the floor y = 0.01x², along which the loss falls to 0 at (30, 9). The run has come some of the way.
 *
 * @loss
 * @start [0, 1]
 * @optimizer adam lr=0.02
 * @steps 600
 */
export function longValley([x, y]: number[]): number {
  return 1e-3 * (x - 30) ** 2 + 10 * (y - 0.01 * x * x) ** 2;
}

/**
 * Finds: nothing
 * Silent: no-finite-minimum; unbounded-loss
 * May: plateau:converged
 * Because: a squared hinge is exactly 0 as soon as each margin is 1, at finite weights: separable rows have a minimum there.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @steps 2000
 */
export function squaredHinge(w: number[]): number {
  return (
    apart.reduce((sum, { x, label }) => {
      const z = w[0] * x[0] + w[1] * x[1] + w[2];
      return sum + Math.max(0, 1 - (label ? z : -z)) ** 2;
    }, 0) / apart.length
  );
}

/**
 * Finds: no-finite-minimum
 * Silent: unbounded-loss; plateau:noise-floor; plateau:flat-valley; oscillation
 * May: noise-limited; ill-conditioned
 * Verdict: still-improving
 * Because: the same batches for twice as many epochs. Less than R/1000 is left, but the loss over all rows falls in the last fifth of the
 * run by a third of that, with much less scatter: no noise holds it.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.1
 * @samples 40
 * @batch 8
 * @epochs 800
 */
export function separableInManyBatches(w: number[], { indices }: Batch): number {
  return indices.reduce((sum, i) => sum + logLoss(w, apart[i]), 0) / indices.length;
}

/**
 * Finds: nothing
 * Silent: no-finite-minimum; unbounded-loss
 * May: noise-limited; ill-conditioned; plateau:noise-floor; plateau:converged
 * Because: the overlapping rows in batches of 8: the loss over all rows has a minimum at finite weights, and the batches scatter around it.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.01
 * @samples 41
 * @batch 8
 * @epochs 800
 */
export function overlappingInBatches(w: number[], { indices }: Batch): number {
  return indices.reduce((sum, i) => sum + logLoss(w, overlapping[i]), 0) / indices.length;
}
