// Losses that need data.
import { core } from './core.mjs';

function normalFrom(uniform) {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const degree = 11;
/** Noisy values of sin 3x at points from −1 to 1. */
function measured(count, seed) {
  const normal = normalFrom(core.seededRandom(seed));
  return Array.from({ length: count }, (_, i) => {
    const x = -1 + (2 * (i + 0.5)) / count;
    return { x, y: Math.sin(3 * x) + 0.3 * normal() };
  });
}
const [training, validation] = [measured(12, 3), measured(24, 103)];

/** The sum of w_k T_k(x), Chebyshev's polynomials. */
function polynomial(w, x) {
  let [sum, before, now] = [w[0], 1, x];
  for (let k = 1; k < w.length; k++) {
    sum += w[k] * now;
    [before, now] = [now, 2 * x * now - before];
  }
  return sum;
}

function meanSquare(w, points) {
  return points.reduce((sum, { x, y }) => sum + (polynomial(w, x) - y) ** 2, 0) / points.length;
}

export const fitStart = Array.from({ length: degree + 1 }, () => 0);
export const fitLoss = (w) => meanSquare(w, training);
export const validationLoss = (w) => meanSquare(w, validation);

const normal = normalFrom(core.seededRandom(3));
const samples = Array.from({ length: 400 }, () => {
  const x = [1, normal(), normal(), normal()];
  return { x, y: x[1] - 2 * x[2] + x[3] + normal() };
});
const error = (w, { x, y }) => x.reduce((sum, each, k) => sum + each * w[k], -y);

/** Linear regression with as much noise as signal. */
export const noisyFit = {
  loss: (w, { indices }) => indices.reduce((sum, i) => sum + error(w, samples[i]) ** 2, 0) / indices.length,
  gradient(w, { indices }) {
    const grad = [0, 0, 0, 0];
    for (const i of indices)
      samples[i].x.forEach((each, k) => {
        grad[k] += (2 * error(w, samples[i]) * each) / indices.length;
      });
    return grad;
  },
  start: [0, 0, 0, 0],
  /** Of a step's parameters from those of least loss over all samples. */
  distance: ({ params }) => Math.hypot(...params.map((w, k) => w - best[k])),
};

/** By gradient descent over all samples, which converges by a factor a step. */
const best = [0, 0, 0, 0];
for (let t = 0; t < 500; t++)
  noisyFit.gradient(best, { indices: [...samples.keys()] }).forEach((g, k) => {
    best[k] -= 0.2 * g;
  });
