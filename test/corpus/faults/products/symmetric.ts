/** Models whose start is symmetric, or has factors that are 0: the gradient is exactly 0 in some coordinates, at a saddle or at a minimum. */
const xs = Array.from({ length: 24 }, (_, i) => -1 + i / 11.5);
const mean = (term: (x: number) => number): number => xs.reduce((sum, x) => sum + term(x), 0) / xs.length;
const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

/**
 * Finds: plateau:saddle at «[0.3, 0.1, 0.3, 0.1, 0, 0]»
 * Silent: zero-gradient; plateau:converged
 * Verdict: stalled
 * Because: two lines with equal weights give the same output, so the gate between them has no gradient, and they stay equal. They end at the
 * mean of abs(x), with loss 0.09. One line for each sign of x, and a steep gate, reach 0: the gate and the difference of the slopes lower
 * the loss together.
 *
 * @loss
 * @start [0.3, 0.1, 0.3, 0.1, 0, 0]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function equalExperts([slopeA, offsetA, slopeB, offsetB, gate, bias]: number[]): number {
  return mean((x) => {
    const share = logistic(gate * x + bias);
    return (share * (slopeA * x + offsetA) + (1 - share) * (slopeB * x + offsetB) - Math.abs(x)) ** 2;
  });
}

/**
 * Finds: plateau:saddle at «[1, 1, 1, 0, 0, 0]»
 * Silent: zero-gradient; plateau:converged
 * Verdict: stalled
 * Because: three equal constants under a softmax with weights of 0: the weights have no gradient but rounding, and the constants stay equal, at
 * the mean of x² (0.36, loss 0.104). Different constants follow x² where the weights differ.
 *
 * @loss
 * @start [1, 1, 1, 0, 0, 0]
 * @optimizer sgd lr=0.3
 * @steps 400
 */
export function equalLevels([a, b, c, u, v, w]: number[]): number {
  return mean((x) => {
    const [eu, ev, ew] = [Math.exp(u * x), Math.exp(v * x), Math.exp(w * x)];
    return ((eu * a + ev * b + ew * c) / (eu + ev + ew) - x * x) ** 2;
  });
}

/**
 * Finds: plateau:saddle at «[0, 0, 0, 4]»
 * Silent: zero-gradient; plateau:converged
 * Verdict: stalled
 * Because: all derivatives of a·b·c up to the second are 0 at 0, so neither the gradient nor the curvature shows that the loss of 1
 * falls to 0 where the product is 1.
 *
 * @loss
 * @start [0, 0, 0, 4]
 * @optimizer adam lr=0.05
 * @steps 400
 */
export function threeZeroFactors([a, b, c, d]: number[]): number {
  return (a * b * c - 1) ** 2 + (d - 1) ** 2;
}

/**
 * Finds: plateau:saddle at «[0, 0, 0.2]»
 * Silent: zero-gradient; plateau:converged
 * Verdict: stalled
 * Because: attention with a query and a key of 0 weights all values equally, and each of the two has the other as its factor. The level
 * of the values is found, with loss 0.058; attention to large values for large x lowers it to 1.1e-5.
 *
 * @loss
 * @start [0, 0, 0.2]
 * @optimizer adam lr=0.03
 * @steps 500
 */
export function zeroAttention([query, key, level]: number[]): number {
  const tokens = [-1, -0.2, 0.5, 1.3];
  return mean((x) => {
    const scores = tokens.map((token) => Math.exp(query * key * token * x));
    const total = scores.reduce((sum, each) => sum + each, 0);
    const read = tokens.reduce((sum, token, i) => sum + (scores[i] * token) / total, 0);
    return (read + level - 0.5 - 0.4 * x) ** 2;
  });
}

/**
 * Finds: nothing
 * Silent: zero-gradient; plateau:saddle
 * May: plateau:converged
 * Verdict: converged
 * Because: both factors are 0 from the start, and their product must be 0: every point beside it is higher.
 *
 * @loss
 * @start [0, 0, 3]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function factorsThatStay([a, b, c]: number[]): number {
  return (a * b) ** 2 + (c - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; zero-gradient
 * May: plateau:converged
 * Verdict: converged
 * Because: x and y stay equal and end in the local minimum near 2, whose curvature is 2 + 4π². That lower minima lie at a distance of 1
 * makes it no saddle.
 *
 * @loss
 * @start [2.2, 2.2]
 * @optimizer adam lr=0.01
 * @steps 800
 */
export function equalInADip([x, y]: number[]): number {
  return [x, y].reduce((sum, each) => sum + each ** 2 + 1 - Math.cos(2 * Math.PI * each), 0);
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; zero-gradient
 * May: plateau:converged
 * Verdict: converged
 * Because: only the sum of the two equal weights matters, and it is 3; the same loss beside it is not lower.
 *
 * @loss
 * @start [0.1, 0.1, 0]
 * @optimizer sgd lr=0.2
 * @steps 300
 */
export function onlyTheSum([left, right, offset]: number[]): number {
  return mean((x) => ((left + right) * x + offset - (3 * x - 1)) ** 2);
}

/**
 * Finds: zero-gradient at «bend» in «[bend, offset]»
 * Silent: plateau:saddle
 * May: plateau:converged
 * Verdict: stalled
 * Because: max(0, bend) is 0 at −2 and has no slope there, so bend stays. With bend at 1.5 the loss is 0 instead of 0.815.
 *
 * @loss
 * @start [-2, 0]
 * @optimizer sgd lr=0.2
 * @steps 300
 */
export function inactiveBend([bend, offset]: number[]): number {
  return mean((x) => (Math.max(0, bend) * x + offset - 1.5 * x - 0.5) ** 2);
}

/**
 * Finds: zero-gradient at «limit» in «[limit, offset]»
 * Silent: plateau:saddle
 * May: plateau:converged
 * Verdict: converged
 * Because: the penalty of a limit that is met has no slope, and is 0, its lowest value.
 *
 * @loss
 * @start [-2, 0]
 * @optimizer sgd lr=0.2
 * @steps 300
 */
export function metLimit([limit, offset]: number[]): number {
  return Math.max(0, limit) ** 2 + mean((x) => (offset - x - 0.5) ** 2);
}
