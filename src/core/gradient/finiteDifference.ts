import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../objective';

type Value = Objective['value'];

const cubeRootEpsilon = Math.cbrt(Number.EPSILON);

/**
 * Gradient by central differences: 2·dim evaluations of the loss, and one for its value.
 *
 *   D_i = (f(x + h e_i) − f(x − h e_i)) / ((x_i + h) − (x_i − h)),   h = ε^⅓ max(1, |x_i|)
 *
 * The step h balances the truncation error h²f‴/6 and the rounding error εf/h; the total error is about ε^⅔
 * relative to the scale of f. The divisor is the distance between the two points after rounding.
 */
export function withFiniteDifferences(dim: number, value: Value): Objective {
  const point = new Float64Array(dim);

  function valueAndGradient(
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): MaybePromise<number> {
    const loss = value(params, open);
    if (isPromise(loss)) return laterGradient(loss, params, grad, open);
    point.set(params);
    for (let i = 0; i < dim; i++) {
      const x = params[i]!;
      const h = stepAt(x);
      point[i] = x + h;
      const up = value(point, open) as number;
      point[i] = x - h;
      const down = value(point, open) as number;
      point[i] = x;
      grad[i] = (up - down) / (x + h - (x - h));
    }
    return loss;
  }

  async function laterGradient(
    loss: Promise<number>,
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<number> {
    const result = await loss;
    point.set(params);
    for (let i = 0; i < dim; i++) {
      const x = params[i]!;
      const h = stepAt(x);
      point[i] = x + h;
      const up = await value(point, open);
      point[i] = x - h;
      const down = await value(point, open);
      point[i] = x;
      grad[i] = (up - down) / (x + h - (x - h));
    }
    return result;
  }

  return { dim, gradientMode: 'finite-difference', value, valueAndGradient };
}

function stepAt(x: number): number {
  return cubeRootEpsilon * Math.max(1, Math.abs(x));
}
