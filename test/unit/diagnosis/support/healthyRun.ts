import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { type Random, seededRandom } from '../../../../src/core/numerics/random';
import {
  affine,
  beale,
  bowl,
  linearRegression,
  logisticRegression,
  network,
  normal,
  type Problem,
  rosenbrock,
} from './problems';

export interface HealthyRun {
  readonly name: string;
  readonly problem: Problem;
  readonly patch: RunConfigPatch;
}

/** A run that nobody would complain about: a sensible learning rate for its loss and enough steps to arrive. */
export function healthyRun(seed: number): HealthyRun {
  const random = seededRandom(seed, 99);
  const make = kinds[seed % kinds.length]!;
  const made = make(seed, random);
  // A third each as it is, shifted, and on another scale (with eps along).
  const variant = Math.floor(random() * 3);
  if (variant === 1) return { ...made, problem: affine(made.problem, 1, between(random, -50, 50)) };
  return made;
}

const between = (random: Random, low: number, high: number) => low + (high - low) * random();
const logBetween = (random: Random, low: number, high: number) =>
  Math.exp(between(random, Math.log(low), Math.log(high)));
const oneOf = <T>(random: Random, values: readonly T[]) => values[Math.floor(random() * values.length)]!;

function randomBowl(random: Random, dim: number, condition: number) {
  const scale = logBetween(random, 1e-3, 1e3);
  const curvatures = Array.from(
    { length: dim },
    (_, i) => scale * condition ** (dim === 1 ? 0 : i / (dim - 1)),
  );
  const start = Array.from({ length: dim }, () => 2 * normal(random));
  return { curvatures, start, largest: curvatures.at(-1)! };
}

const kinds: readonly ((seed: number, random: Random) => HealthyRun)[] = [
  (_, random) => {
    const { curvatures, start, largest } = randomBowl(
      random,
      oneOf(random, [1, 2, 5, 20]),
      logBetween(random, 1, 200),
    );
    const lr = between(random, 0.2, 1.5) / largest;
    return {
      name: 'sgd on a bowl',
      problem: bowl(curvatures, start),
      patch: { optimizer: { name: 'sgd', lr }, steps: oneOf(random, [500, 1000, 3000]) },
    };
  },
  (_, random) => {
    const { curvatures, start, largest } = randomBowl(
      random,
      oneOf(random, [2, 10, 50]),
      logBetween(random, 1, 500),
    );
    const lr = between(random, 0.1, 1) / largest;
    const nesterov = random() < 0.5;
    return {
      name: 'momentum on a bowl',
      problem: bowl(curvatures, start),
      patch: { optimizer: { name: 'sgd', lr, momentum: oneOf(random, [0.8, 0.9]), nesterov }, steps: 1000 },
    };
  },
  (_, random) => {
    const { curvatures, start } = randomBowl(random, oneOf(random, [1, 3, 30]), logBetween(random, 1, 1000));
    return {
      name: 'adam on a bowl',
      problem: bowl(curvatures, start),
      patch: {
        optimizer: { name: 'adam', lr: logBetween(random, 0.02, 0.2) },
        steps: oneOf(random, [800, 2000, 5000]),
      },
    };
  },
  (_, random) => {
    const { curvatures, start } = randomBowl(random, 5, logBetween(random, 1, 1000));
    const cosine = random() < 0.5;
    const steps = oneOf(random, [1000, 2000]);
    return {
      name: cosine ? 'adam with cosine' : 'adam with warmup and cosine',
      problem: bowl(curvatures, start, [1, -1, 2, 0, 1]),
      patch: {
        optimizer: { name: 'adam', lr: logBetween(random, 0.03, 0.3), amsgrad: random() < 0.3 },
        schedule: cosine ? { name: 'cosine' } : { name: 'warmupCosine' },
        steps,
      },
    };
  },
  (_, random) => ({
    name: 'adam on Rosenbrock',
    problem: rosenbrock(...Array.from({ length: oneOf(random, [2, 2, 4, 10]) }, () => normal(random))),
    patch: {
      optimizer: { name: oneOf(random, ['adam', 'adamw']), lr: logBetween(random, 0.005, 0.05) },
      steps: oneOf(random, [2000, 4000]),
    },
  }),
  (_, random) => ({
    name: 'adam on Beale',
    problem: beale(between(random, 0, 2), between(random, -0.5, 0.7)),
    patch: { optimizer: { name: 'adam', lr: logBetween(random, 0.01, 0.1) }, steps: 2000 },
  }),
  (seed, random) => ({
    name: 'logistic regression, mini-batches',
    problem: logisticRegression(seed, 600, oneOf(random, [3, 10])),
    patch: {
      optimizer: { name: oneOf(random, ['adam', 'adamw']), lr: logBetween(random, 0.005, 0.05) },
      samples: 600,
      batch: oneOf(random, [8, 32, 64, 256]),
      epochs: oneOf(random, [10, 30, 60]),
      seed,
    },
  }),
  (seed, random) => ({
    name: 'linear regression, mini-batches',
    problem: linearRegression(seed, 400, oneOf(random, [2, 8]), between(random, 0.05, 1)),
    patch: {
      optimizer:
        random() < 0.5
          ? { name: 'sgd', lr: logBetween(random, 0.01, 0.1), momentum: oneOf(random, [0, 0.9]) }
          : { name: 'adam', lr: logBetween(random, 0.01, 0.1) },
      samples: 400,
      batch: oneOf(random, [10, 40, 100]),
      epochs: oneOf(random, [10, 40]),
      seed,
    },
  }),
  (seed, random) => ({
    name: 'a network, full batch',
    problem: network(seed, 80, oneOf(random, [4, 8])),
    patch: { optimizer: { name: 'adam', lr: logBetween(random, 0.005, 0.05) }, steps: 1000 },
  }),
  (seed, random) => ({
    name: 'a network, mini-batches',
    problem: network(seed, 160, 8),
    patch: {
      optimizer: { name: oneOf(random, ['adam', 'adamw']), lr: logBetween(random, 0.005, 0.03) },
      samples: 160,
      batch: oneOf(random, [16, 40]),
      epochs: 100,
      seed,
    },
  }),
];
