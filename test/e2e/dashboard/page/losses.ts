import type { Objective } from '../../../../src/core/objective';

/** A loss with its gradient. */
export interface Loss {
  readonly dim: number;
  value(params: Float64Array): number;
  gradient(params: Float64Array, into: Float64Array): void;
}

/** Used instead of `**`, which engine versions round differently. */
function square(x: number): number {
  return x * x;
}

/** Rosenbrock's valley, along which Adam moves. */
export const rosenbrock: Loss = {
  dim: 2,
  value: ([x = 0, y = 0]) => square(1 - x) + 100 * square(y - x * x),
  gradient: ([x = 0, y = 0], into) => {
    into[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    into[1] = 200 * (y - x * x);
  },
};

/** x² − y² + y⁴/4: from y = 0, gradient descent reaches the saddle between the two minima at y = ±√2. */
export const saddle: Loss = {
  dim: 2,
  value: ([x = 0, y = 0]) => square(x) - square(y) + square(square(y)) / 4,
  gradient: ([x = 0, y = 0], into) => {
    into[0] = 2 * x;
    into[1] = -2 * y + y * y * y;
  },
};

/** Undefined for negative x, so that the contour has holes. Gradient descent from a distance converges. */
export const logBarrier: Loss = {
  dim: 2,
  value: ([x = 0, y = 0]) => x - Math.log(x) + square(y - 1),
  gradient: ([x = 0, y = 0], into) => {
    into[0] = 1 - 1 / x;
    into[1] = 2 * (y - 1);
  },
};

/**
 * √x² + y²: the loss is undefined for x < 0, but its provided gradient is not, so that a run continues there.
 */
export const halfPlane: Loss = {
  dim: 2,
  value: ([x = 0, y = 0]) => square(Math.sqrt(x)) + square(y),
  gradient: ([, y = 0], into) => {
    into[0] = 1;
    into[1] = 2 * y;
  },
};

/** A bowl whose curvature increases from 1 to 100 over the coordinates. */
export function bowl(dim: number): Loss {
  const curvature = (i: number) => 100 ** (i / Math.max(1, dim - 1));
  return {
    dim,
    value: (params) => params.reduce((sum, value, i) => sum + 0.5 * curvature(i) * value * value, 0),
    gradient: (params, into) => {
      for (let i = 0; i < dim; i++) into[i] = curvature(i) * params[i]!;
    },
  };
}

/** A bowl with curvatures from 1e-6 to 100 in mixed order. Every seventh coordinate has none. */
export function uneven(dim: number): Loss {
  const curvature = (i: number) => (i % 7 === 3 ? 0 : 10 ** (((i * 37) % 9) - 6));
  return {
    dim,
    value: (params) => params.reduce((sum, value, i) => sum + 0.5 * curvature(i) * value * value, 0),
    gradient: (params, into) => {
      for (let i = 0; i < dim; i++) into[i] = curvature(i) * params[i]!;
    },
  };
}

/**
 * The loss as an objective of the core. No code is rewritten here, so the gradient is the one above; it is
 * declared as exact.
 */
export function objectiveOf(loss: Loss): Objective {
  return {
    dim: loss.dim,
    gradientMode: 'exact',
    value: (params) => loss.value(params),
    valueAndGradient(params, grad) {
      loss.gradient(params, grad);
      return loss.value(params);
    },
  };
}
