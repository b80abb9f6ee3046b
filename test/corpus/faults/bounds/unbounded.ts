/** Losses without a lower bound, and losses whose minimum is far away. */
const xs = [-1, -0.4, 0.3, 0.9, 1.6];
const ys = [-1.7, -0.9, 0.8, 2.1, 3];
const soft = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/**
 * Finds: unbounded-loss
 * Silent: plateau:lr-too-small; divergence
 * Verdict: unbounded
 * Because: the squared error has the wrong sign, so the run moves away from the line for ever.
 *
 * @loss
 * @start [1, 0]
 * @optimizer adam lr=0.05
 * @steps 400
 */
export function errorWithTheWrongSign([slope, offset]: number[]): number {
  return -xs.reduce((sum, x, i) => sum + (slope * x + offset - ys[i]) ** 2, 0) / xs.length;
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; plateau:lr-too-small
 * Verdict: unbounded
 * Because: a Lagrangian has a saddle at its solution. Descended in the multiplier, too, it is −λ²/2 − λ along x = y = −λ/2.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.03
 * @steps 600
 */
export function multiplierDescended([x, y, lambda]: number[]): number {
  return x * x + y * y + lambda * (x + y - 1);
}

/**
 * Finds: unbounded-loss
 * Silent: non-finite-loss; plateau:lr-too-small
 * Verdict: unbounded
 * Because: classes are numbered 1 and 2. For a label of 2 the cross-entropy is −2 log p + log(1 − p), which is −z for a large score z.
 * Far from the path, log(0) of the plain formula is infinite.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.2
 * @steps 100
 */
export function classesOneAndTwo([w, b]: number[]): number {
  return xs.reduce((sum, x, i) => {
    const p = 1 / (1 + Math.exp(-(w * x + b)));
    const label = ys[i] > 0 ? 2 : 1;
    return sum - label * Math.log(p) - (1 - label) * Math.log(1 - p);
  }, 0) / xs.length;
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:lr-too-small; divergence
 * Verdict: unbounded
 * Because: both players of a zero-sum game minimise the same payoff xᵀAy, which is bilinear and has no bound.
 *
 * @loss
 * @start [0.4, 0.1, -0.2, 0.3]
 * @optimizer sgd lr=0.02
 * @steps 400
 */
export function bothPlayersMinimise([x1, x2, y1, y2]: number[]): number {
  return x1 * (2 * y1 - y2) + x2 * (y1 + 3 * y2);
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:lr-too-small; plateau:flat-valley
 * Verdict: unbounded
 * Because: costs rise with a, but nothing bounds b, whose profit is 0.5 each.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.02
 * @steps 500
 */
export function profitWithoutABound([a, b]: number[]): number {
  return 0.2 * a * a - a - 0.5 * b;
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; divergence
 * Verdict: unbounded
 * Because: beside the ridge of x² − y², y grows by 10 % a step: to 3e7 in 200 steps.
 *
 * @loss
 * @start [1, 0.1]
 * @optimizer sgd lr=0.05
 * @steps 200
 */
export function downBothSides([x, y]: number[]): number {
  return x * x - y * y;
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:lr-too-small
 * Verdict: unbounded
 * Because: a cross-entropy of rewards of up to 3: softplus(z) − 3z is −2z for a large score.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.1
 * @steps 300
 */
export function rewardAsLabel([z]: number[]): number {
  return soft(z) - 3 * z;
}

/**
 * Finds: plateau:lr-too-small at «lr=0.1»
 * Silent: unbounded-loss; plateau:converged
 * Verdict: still-improving
 * Because: 300 steps of 0.1 cover 30 of 5000. The minimum is far away, but it exists.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.1
 * @steps 300
 */
export function farBowl([x]: number[]): number {
  return (x - 5000) ** 2;
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:saddle
 * Verdict: still-improving
 * Because: the points are separable, so the least cross-entropy, 0, is at an infinite weight. The loss is above 0 everywhere, and falls
 * like 1/t.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.5
 * @steps 400
 */
export function separable([w, b]: number[]): number {
  return xs.reduce((sum, x) => sum + soft(x > 0 ? -(w * x + b) : w * x + b), 0) / xs.length;
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:saddle; zero-gradient
 * Verdict: still-improving
 * Because: e^−x approaches 0 and never reaches it: 1/t under gradient descent.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.2
 * @steps 300
 */
export function towardAnAsymptote([x]: number[]): number {
  return Math.exp(-x);
}

/**
 * Finds: plateau:lr-too-small at «lr=0.2»
 * Silent: unbounded-loss; non-finite-loss
 * Verdict: still-improving
 * Because: the barrier at 100 lets the loss fall until x = 90, and 300 steps of 0.2 cover at most 60.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.2
 * @steps 300
 */
export function barrierAhead([x]: number[]): number {
  return -x - 10 * Math.log(100 - x);
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:saddle
 * May: plateau:converged
 * Verdict: converged
 * Because: the loss is negative, but at least −2.
 *
 * @loss
 * @start [0.3, -0.4]
 * @optimizer adam lr=0.02
 * @steps 800
 */
export function negativeWell([x, y]: number[]): number {
  return -2 * Math.exp(-((x - 1) ** 2) - (y + 0.5) ** 2);
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:lr-too-small
 * Verdict: converged
 * Because: a linear profit with a quadratic cost far away: each step covers 4 % of the distance of 400, and 300 of them all of it.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=20
 * @steps 600
 */
export function farOptimumReached([x]: number[]): number {
  return 0.001 * x * x - 0.8 * x;
}

/**
 * Finds: divergence at «lr=0.3»
 * Silent: plateau:converged; plateau:saddle; zero-gradient
 * Verdict: diverged
 * Because: the first step leads from 3.5 to −12, where 2ˣ is nearly 0: the loss goes from 11 to 64 and stays there.
 *
 * @loss
 * @start [3.5]
 * @optimizer sgd lr=0.3
 * @steps 300
 */
export function leapsOntoTheShelf([x]: number[]): number {
  return (2 ** x - 8) ** 2;
}

/**
 * Finds: divergence at «lr=400»
 * Silent: plateau:converged; plateau:saddle; instability-at-start
 * Verdict: diverged
 * Because: a step of 40 saturates the sigmoid at 1: the loss goes from 0.04 to 0.09 and stays there.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=400
 * @steps 200
 */
export function leapsIntoSaturation([k]: number[]): number {
  return (1 / (1 + Math.exp(-k)) - 0.7) ** 2;
}

/**
 * Finds: divergence at «lr=2»
 * Silent: plateau:converged; plateau:lr-too-small
 * Verdict: diverged
 * Because: from the side of a well of width 1, the step of 10 leads onto the plain around it, where the loss is 5 instead of 3.1.
 *
 * @loss
 * @start [0.7, 0]
 * @optimizer sgd lr=2
 * @steps 250
 */
export function outOfTheWell([x, y]: number[]): number {
  return 5 - 5 * Math.exp(-2 * (x * x + y * y));
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; divergence
 * May: plateau:converged
 * Verdict: converged
 * Because: the costs of an order quantity, 40/q + 2.5q, have their minimum 20 at q = 4, where the run ends. Below every bound they are
 * only for q < 0, behind the pole at 0, which the run does not cross.
 *
 * @loss
 * @start q=12
 * @optimizer adam lr=0.1
 * @steps 500
 */
export function orderQuantity({ q }: { q: number }): number {
  return 40 / q + 2.5 * q;
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; divergence
 * May: plateau:converged
 * Verdict: converged
 * Because: two servers in a row with 4 arrivals a second. Each rate costs its amount, and a wait of 1/(rate − 4) costs 9 and 4 times as
 * much: the minimum is at 7 and 6. For rates below 4 the formula is negative and has no meaning.
 *
 * @loss
 * @start [15, 11]
 * @optimizer adam lr=0.1
 * @steps 1000
 */
export function serversInARow([first, second]: number[]): number {
  return first + 9 / (first - 4) + second + 4 / (second - 4);
}

/**
 * Finds: unbounded-loss
 * Silent: plateau:lr-too-small
 * Verdict: unbounded
 * Because: the same order quantity from q = −6, behind the pole and its maximum at −4: the costs fall with q for ever, by 2.5 for each unit.
 *
 * @loss
 * @start q=-6
 * @optimizer adam lr=0.1
 * @steps 500
 */
export function negativeQuantity({ q }: { q: number }): number {
  return 40 / q + 2.5 * q;
}
