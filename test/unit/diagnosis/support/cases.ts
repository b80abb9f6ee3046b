import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import {
  affine,
  bowl,
  linearRegression,
  logisticRegression,
  network,
  type Problem,
  problem,
  rosenbrock,
} from './problems';

export interface LabelledRun {
  readonly name: string;
  readonly problem: Problem;
  readonly patch: RunConfigPatch;
  /** All findings of the run, in any order. */
  readonly finds: readonly string[];
}

const anisotropic = bowl([100, 1], [1, 1]);
const toy = bowl([2], [0], [3]);
/** The start is almost 0 along the steep direction. */
const lateGrowth = bowl([100, 1], [1e-9, 1]);
const logistic = logisticRegression(1, 600, 10);
const linear = linearRegression(1, 400, 8, 0.1);
const batches = { samples: 600, batch: 32, epochs: 20 };

const absolute = problem([1, -2], (p, grad) => {
  grad[0] = Math.sign(p[0]! - 0.33);
  grad[1] = Math.sign(p[1]!);
  return Math.abs(p[0]! - 0.33) + Math.abs(p[1]!);
});
const logarithm = problem([1], (p, grad) => {
  grad[0] = 1 + 1 / p[0]!;
  return p[0]! + Math.log(p[0]!);
});
/** ‖x‖. The run reaches 0 exactly, where the derivative is 0/0. */
const cone = problem([1, 1], (p, grad) => {
  const norm = Math.abs(p[0]!);
  grad[0] = p[0]! / norm;
  grad[1] = p[1]!;
  return norm + 0.5 * p[1]! ** 2;
});
/** A finite loss with a gradient that overflows. */
const steep = problem([0, 700], (p, grad) => {
  grad[0] = 2 * p[0]!;
  grad[1] = -Math.exp(p[1]!) * 1e5;
  return p[0]! ** 2;
});
const constant = problem([5], (_, grad) => {
  grad[0] = 0;
  return 1;
});

const sgd = (lr: number, momentum = 0) => ({ name: 'sgd', lr, momentum });
const adam = (lr: number) => ({ name: 'adam', lr });

function run(name: string, of: Problem, patch: RunConfigPatch, ...finds: readonly string[]): LabelledRun {
  return { name, problem: of, patch, finds };
}

/** Runs whose findings are known. The list of findings must match completely. Add a row to add a case. */
export const labelledRuns: readonly LabelledRun[] = [
  // divergence
  run('sgd beyond 2/λ', anisotropic, { optimizer: sgd(0.03), steps: 200 }, 'divergence'),
  run('sgd just beyond 2/λ', anisotropic, { optimizer: sgd(0.0201), steps: 1000 }, 'divergence'),
  run('momentum beyond its limit', anisotropic, { optimizer: sgd(0.05, 0.9), steps: 200 }, 'divergence'),
  run('a direction that grows late', lateGrowth, { optimizer: sgd(0.025), steps: 200 }, 'divergence'),
  run('sgd on Rosenbrock, to overflow', rosenbrock(), { optimizer: sgd(0.01), steps: 200 }, 'divergence'),
  run('sgd on Rosenbrock, to overflow at once', rosenbrock(), { optimizer: sgd(1), steps: 9 }, 'divergence'),
  run(
    'sgd with mini-batches',
    linear,
    { optimizer: sgd(3), samples: 400, batch: 100, epochs: 20 },
    'divergence',
  ),
  run(
    'negative losses that diverge',
    affine(anisotropic, 1, -1e4),
    { optimizer: sgd(0.03), steps: 200 },
    'divergence',
  ),
  // Each step multiplies x by −0.99. x oscillates for four hundred steps; half the learning rate would reach
  // the minimum at once.
  run('sgd just below 2/λ', anisotropic, { optimizer: sgd(0.0199), steps: 1000 }, 'oscillation'),
  run('momentum below its limit', anisotropic, { optimizer: sgd(0.002, 0.9), steps: 500 }),
  run('a loss that rises a little', bowl([1], [0.01]), { optimizer: sgd(0.1), steps: 90 }),

  // instability-at-start
  run(
    'adam on Rosenbrock, lr 10',
    rosenbrock(),
    { optimizer: adam(10), steps: 1000 },
    'instability-at-start',
  ),
  run(
    'adam on a network, lr 3',
    network(1, 80, 8),
    { optimizer: adam(3), steps: 1000 },
    'instability-at-start',
  ),
  run('a first step too long', rosenbrock(), { optimizer: sgd(0.003), steps: 500 }, 'instability-at-start'),
  run(
    'negative losses that jump',
    affine(rosenbrock(), 1, -1e3),
    { optimizer: adam(10), steps: 1000 },
    'instability-at-start',
  ),
  run('adam on a network, lr 0.3', network(1, 80, 8), { optimizer: adam(0.3), steps: 1000 }),
  run('adam on Rosenbrock, lr 0.01', rosenbrock(), { optimizer: adam(0.01), steps: 1000 }),
  run('mini-batches', logistic, { ...batches, optimizer: adam(0.01) }),

  // non-finite-loss
  run('a logarithm left behind, sgd', logarithm, { optimizer: sgd(0.1), steps: 100 }, 'non-finite-loss'),
  run('a logarithm left behind, adam', logarithm, { optimizer: adam(0.1), steps: 100 }, 'non-finite-loss'),
  run('out of the domain at the last step', logarithm, { optimizer: sgd(0.1), steps: 4 }, 'non-finite-loss'),
  run('an update by 0/0', constant, { optimizer: { name: 'adam', eps: 0 }, steps: 50 }, 'non-finite-loss'),
  run('inside the domain', logarithm, { optimizer: sgd(0.001), steps: 100 }),
  run('the domain’s edge not reached', logarithm, { optimizer: adam(0.001), steps: 99 }),

  // non-finite-gradient
  run('a norm at zero', cone, { optimizer: sgd(0.5), steps: 50 }, 'non-finite-gradient'),
  run('a gradient that overflows', steep, { optimizer: adam(20), steps: 50 }, 'non-finite-gradient'),
  run('a norm beside zero', cone, { optimizer: sgd(0.03), steps: 50 }),
  run('clipped, finite', anisotropic, { optimizer: sgd(0.001), clip: { norm: 10 }, steps: 90 }),

  // plateau
  run('converged, sgd', toy, { optimizer: sgd(0.1), steps: 1000 }, 'plateau:converged'),
  run('converged, adam', affine(toy, 1, 100), { optimizer: adam(0.1), steps: 2000 }, 'plateau:converged'),
  // The verdict says that it converged; there is something to do about the spikes.
  run(
    'converged, and thrown off again',
    rosenbrock(),
    { optimizer: adam(0.1), steps: 5000 },
    'loss-spike',
    'stale-second-moment',
  ),
  run('a gradient of zero', constant, { steps: 1000 }, 'plateau:converged'),
  run('converged, negative', affine(toy, 1, -100), { optimizer: sgd(0.1), steps: 1000 }, 'plateau:converged'),
  run('not yet converged', anisotropic, { optimizer: sgd(0.01), steps: 400 }),
  run(
    'bouncing about a kink, adam',
    absolute,
    { optimizer: adam(0.1), steps: 2000 },
    'plateau:flat-valley',
    'oscillation',
  ),
  run(
    'bouncing about a kink, sgd',
    absolute,
    { optimizer: sgd(0.1), steps: 2000 },
    'plateau:flat-valley',
    'oscillation',
  ),
  run(
    'above the start for good',
    network(1, 80, 8),
    { optimizer: sgd(30, 0.9), steps: 1000 },
    'plateau:flat-valley',
    // Saturated units had a gradient in a quarter of the first 185 steps and in none after them: off, not sparse.
    'oscillation',
  ),
  run('no epoch below the start', logistic, { ...batches, optimizer: sgd(300) }, 'plateau:flat-valley'),
  run('a kink with a decaying lr', absolute, {
    optimizer: adam(0.1),
    schedule: { name: 'cosine' },
    steps: 2000,
  }),
  run(
    'noise floor, sgd',
    linear,
    { optimizer: sgd(0.01), samples: 400, batch: 10, epochs: 20 },
    'plateau:noise-floor',
  ),
  run(
    'noise floor, adam',
    linear,
    { optimizer: adam(0.05), samples: 400, batch: 10, epochs: 30 },
    'plateau:noise-floor',
  ),
  run(
    'eps above the gradients, adam',
    affine(rosenbrock(), 1e-14),
    { optimizer: adam(0.01), steps: 1000 },
    'plateau:eps-stall',
  ),
  run(
    'eps above the gradients, bowl',
    affine(toy, 1e-12),
    { optimizer: adam(0.01), steps: 1000 },
    'plateau:eps-stall',
  ),
  run('small gradients with a small eps', affine(toy, 1e-12), {
    optimizer: { ...adam(0.01), eps: 1e-20 },
    steps: 1000,
  }),
  run('lr too small, adam', toy, { optimizer: adam(1e-4), steps: 1000 }, 'plateau:lr-too-small'),
  run(
    'lr too small, adamw',
    rosenbrock(),
    { optimizer: { name: 'adamw', lr: 1e-5 }, steps: 2000 },
    'plateau:lr-too-small',
  ),
  run('lr too small, sgd', toy, { optimizer: sgd(1e-6), steps: 1000 }, 'plateau:lr-too-small'),
  run('lr too small, sgd with room', toy, { optimizer: sgd(1e-4), steps: 1000 }, 'plateau:lr-too-small'),
  run(
    'lr too small, mini-batches',
    linear,
    { optimizer: adam(1e-5), samples: 400, batch: 100, epochs: 200 },
    'plateau:lr-too-small',
  ),
  run('a flat direction that a larger lr could not serve', bowl([100, 0.002], [1, 10]), {
    optimizer: sgd(0.01),
    steps: 1000,
  }),
  run('a long way that is not worth it', bowl([1, 1e-10], [100, 1e5]), { optimizer: adam(1), steps: 1000 }),
  run('lr just large enough', toy, { optimizer: adam(0.005), steps: 1000 }),
  run('slow only while lr warms up', toy, {
    optimizer: adam(0.02),
    schedule: { name: 'linear', startFactor: 1e-4, endFactor: 1, totalIters: 600 },
    steps: 1000,
  }),
  run(
    'a straight way that arrives',
    problem([60], (p, grad) => {
      // Huber loss: linear except near the minimum, so that no minimum is visible from a distance.
      const x = p[0]!;
      grad[0] = Math.max(-1, Math.min(1, x));
      return Math.abs(x) < 1 ? 0.5 * x * x : Math.abs(x) - 0.5;
    }),
    { optimizer: adam(0.3), steps: 1000 },
  ),
  run('too short for a plateau', toy, { optimizer: sgd(0.1), steps: 199 }),
];
