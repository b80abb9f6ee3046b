import { withFiniteDifferences } from '../../gradient/finiteDifference';
import { seededRandom, shuffle } from '../../numerics/random';
import { isPromise, type MaybePromise, type Objective } from '../../objective';

/** A change of the loss, and the corresponding change of the points of a path. */
export interface Transform {
  readonly objective: Objective;
  /** The image of theta; a new vector. */
  point(theta: Float64Array): Float64Array;
}

const same = (theta: Float64Array) => theta.slice();

/** c·f, with gradient c·∇f. */
export function scaled(objective: Objective, c: number): Transform {
  return {
    point: same,
    objective: {
      ...objective,
      value: (params, open) => after(objective.value(params, open), (loss) => c * loss),
      valueAndGradient: (params, grad, open) =>
        after(objective.valueAndGradient(params, grad, open), (loss) => {
          for (let i = 0; i < grad.length; i++) grad[i]! *= c;
          return c * loss;
        }),
    },
  };
}

/** f + c. Finite differences are computed from the sum, so they are affected by the constant. */
export function translated(objective: Objective, c: number): Transform {
  const value: Objective['value'] = (params, open) =>
    after(objective.value(params, open), (loss) => loss + c);
  if (objective.gradientMode === 'finite-difference')
    return { point: same, objective: withFiniteDifferences(objective.dim, value) };
  return {
    point: same,
    objective: {
      ...objective,
      value,
      valueAndGradient: (params, grad, open) =>
        after(objective.valueAndGradient(params, grad, open), (loss) => loss + c),
    },
  };
}

/** Coordinates 0, 2, 4, … with the opposite sign. */
export function flipped(objective: Objective): Transform {
  const flip = (from: Float64Array, to: Float64Array) => {
    for (let i = 0; i < from.length; i++) to[i] = i % 2 === 0 ? -from[i]! : from[i]!;
  };
  return orthogonal(objective, flip, flip);
}

const permutationStream = 0x9e12;

/** Coordinates in a seeded random order, which differs from the original one if there are two or more. */
export function permuted(objective: Objective): Transform {
  const order = Array.from({ length: objective.dim }, (_, i) => i);
  shuffle(order, seededRandom(permutationStream));
  if (order.every((place, i) => place === i)) order.reverse();
  return orthogonal(
    objective,
    (from, to) => {
      for (const [i, place] of order.entries()) to[i] = from[place]!;
    },
    (from, to) => {
      for (const [i, place] of order.entries()) to[place] = from[i]!;
    },
  );
}

/**
 * Rotates by 30° in the planes of coordinates (0, 1), (2, 3), …, then in the planes (1, 2), (3, 4), …. This
 * mixes each coordinate with its neighbours, and maps no axis to an axis. The cost is O(dim).
 */
export function rotated(objective: Objective): Transform {
  const { dim } = objective;
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const turn = (x: Float64Array, first: number, sine: number) => {
    for (let i = first; i + 1 < dim; i += 2) {
      const [a, b] = [x[i]!, x[i + 1]!];
      x[i] = c * a - sine * b;
      x[i + 1] = sine * a + c * b;
    }
  };
  return orthogonal(
    objective,
    (from, to) => {
      to.set(from);
      turn(to, 0, s);
      turn(to, 1, s);
    },
    (from, to) => {
      to.set(from);
      turn(to, 1, -s);
      turn(to, 0, -s);
    },
  );
}

type Map = (from: Float64Array, to: Float64Array) => void;

/** f(Qᵀy), whose gradient at y is Q ∇f(Qᵀy). */
function orthogonal(objective: Objective, forward: Map, back: Map): Transform {
  const { dim } = objective;
  const theta = new Float64Array(dim);
  const inner = new Float64Array(dim);
  return {
    point(from) {
      const to = new Float64Array(dim);
      forward(from, to);
      return to;
    },
    objective: {
      ...objective,
      value(params, open) {
        back(params, theta);
        return objective.value(theta, open);
      },
      valueAndGradient(params, grad, open) {
        back(params, theta);
        return after(objective.valueAndGradient(theta, inner, open), (loss) => {
          forward(inner, grad);
          return loss;
        });
      },
    },
  };
}

function after(value: MaybePromise<number>, then: (loss: number) => number): MaybePromise<number> {
  return isPromise(value) ? value.then(then) : then(value);
}
