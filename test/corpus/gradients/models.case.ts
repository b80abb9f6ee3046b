import type { GradientCase } from './case';
import { byTorch } from './torch';

type Model = readonly [file: string, loss: Parameters<typeof byTorch>[0], name: string];

const models: readonly Model[] = [
  ['classifiers.ts', 'softmaxLoss', 'softmax cross-entropy, rows by recursive slices'],
  ['classifiers.ts', 'logisticLoss', 'a stable logistic loss with weights for the classes'],
  ['classifiers.ts', 'mlpLoss', 'layers as closures that share a moving index'],
  ['classifiers.ts', 'geluLoss', 'layer normalisation and GELU'],
  ['classifiers.ts', 'attentionLoss', 'a head of attention'],
  ['classifiers.ts', 'tripletLoss', 'triplets with a margin, hypot of a spread'],
  ['sequences.js', 'convolutionLoss', 'convolution with stride, relu and pooling'],
  ['sequences.js', 'recurrentLoss', 'a gated recurrent cell'],
  ['sequences.js', 'kalmanNll', 'a Kalman filter, matrices as nested arrays'],
  ['sequences.js', 'garchNll', 'a variance that feeds on itself, in forEach'],
  ['sequences.js', 'softDtwLoss', 'dynamic time warping with a soft minimum, infinities in its table'],
  ['sequences.js', 'hiddenMarkovNll', 'the forward algorithm, scaled'],
  ['sequences.js', 'viterbiCost', 'the best path through a trellis'],
  ['physics.ts', 'lotkaVolterraLoss', 'Runge and Kutta over predator and prey'],
  ['physics.ts', 'ballLoss', 'Euler over a bouncing ball'],
  ['physics.ts', 'lennardJonesEnergy', 'Lennard-Jones energy of a flat list'],
  ['physics.ts', 'armLoss', 'a robot arm'],
  ['physics.ts', 'rotationLoss', 'a rotation by a quaternion'],
  ['physics.ts', 'chainEnergy', 'energies as getters of linked nodes'],
  ['physics.ts', 'rodLoss', 'heat in a rod, elimination in place in typed arrays'],
  ['linearAlgebra.mjs', 'gaussianProcessNll', 'a Gaussian process by Cholesky'],
  ['linearAlgebra.mjs', 'determinantLoss', 'a determinant by elimination with pivots'],
  ['linearAlgebra.mjs', 'matrixExponentialLoss', 'exp of a matrix by its series'],
  ['linearAlgebra.mjs', 'gramSchmidtLoss', 'Gram and Schmidt in place'],
  ['linearAlgebra.mjs', 'ratingsLoss', 'factors of a table, its keys taken apart as text'],
  ['curves.ts', 'escapeLoss', 'complex numbers as objects, escape from the Mandelbrot set'],
  ['curves.ts', 'fourierLoss', 'a recursive Fourier transform'],
  ['curves.ts', 'bezierLoss', 'de Casteljau, the nearest of many points'],
  ['curves.ts', 'splineLoss', 'a natural cubic spline'],
  ['curves.ts', 'keplerLoss', 'Newton inside a loss'],
  ['curves.ts', 'equilibriumLoss', 'bisection inside a loss, and a step of Newton'],
  ['likelihoods.cjs', 'countsNll', 'negative binomial counts, lgamma by hand'],
  ['likelihoods.cjs', 'studentNll', 'Student t with free degrees of freedom'],
  ['likelihoods.cjs', 'mixtureNll', 'a mixture of normals by logsumexp'],
  ['likelihoods.cjs', 'emLoss', 'expected log-likelihood of EM'],
  ['likelihoods.cjs', 'robustLoss', 'four robust losses chosen by name'],
];

/** Models as users write them, with gradients from torch. */
export const cases: readonly GradientCase[] = models.map(([file, loss, name]) => {
  const points = byTorch(loss);
  return {
    name,
    file: `models/${file}`,
    loss,
    dim: points[0]!.at.length,
    points,
  };
});
