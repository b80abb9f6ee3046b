import { type Cut, cuts } from '../../../autodiff/cuts';
import { Refusal } from '../../../autodiff/refusal';
import { seededRandom } from '../../../core/numerics/random';
import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../../../core/objective';

/** Separates the random directions of the check from the other random numbers of a run. */
const directionStream = 0x10c7;
/** Steps of the differences, relative to the parameters. A kink near the point may spoil the larger one. */
const steps = [1e-5, 1e-6];
/** The largest difference, relative to the sum of the terms. A lost derivative is of the order of 1. */
const agreement = 1e-3;

/**
 * An exact objective for a program with rewritten packages. Code that people write for its result may convert
 * a number to integers and put it together again from them: the digits of a decimal number, the bits of a
 * double. Integers have no derivative, so the gradient would be 0 there without a sign of it. If a package
 * does that to a value that depends on the parameters, the gradient is compared with differences in a random
 * direction, at the evaluations 1, 2, 4, 8, …
 *
 * @param isInPackage  whether the place of an operation is in the code of a package
 */
export function withoutLostDerivatives(
  exact: Objective,
  seed: number,
  isInPackage: (site: number) => boolean,
): Objective {
  const random = seededRandom(seed, directionStream);
  let evaluations = 0;
  const check = async (
    value: number,
    cut: Cut,
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<number> => {
    // Of no round ratio, because gradients often are.
    const component = () => (random() < 0.5 ? -1 : 1) * (0.5 + random());
    const direction = params.map((p) => component() * Math.max(1, Math.abs(p)));
    const slope = grad.reduce((sum, g, i) => sum + g * direction[i]!, 0);
    const size = grad.reduce((sum, g, i) => sum + Math.abs(g * direction[i]!), 0);
    for (const step of steps) {
      const ahead = await exact.value(
        params.map((p, i) => p + step * direction[i]!),
        open,
      );
      const behind = await exact.value(
        params.map((p, i) => p - step * direction[i]!),
        open,
      );
      const difference = (ahead - behind) / (2 * step);
      if (!Number.isFinite(difference)) return value;
      // Each value has a rounding error, which the step divides.
      const rounding = (Number.EPSILON * Math.abs(value) * 100) / step;
      if (Math.abs(difference - slope) <= agreement * Math.max(size, Math.abs(difference)) + rounding)
        return value;
    }
    throw new Refusal(
      'lost-derivative',
      'a value that depends on the parameters is converted to an integer, so its derivative is lost',
      cut.site,
    );
  };
  return {
    ...exact,
    valueAndGradient(params, grad, open) {
      evaluations++;
      if ((evaluations & (evaluations - 1)) !== 0) return exact.valueAndGradient(params, grad, open);
      cuts.start();
      const settle = (value: number): MaybePromise<number> => {
        const cut = cuts.take().find(({ site }) => isInPackage(site));
        return cut ? check(value, cut, params, grad, open) : value;
      };
      const fail = (error: unknown): never => {
        cuts.take();
        throw error;
      };
      let result: MaybePromise<number>;
      try {
        result = exact.valueAndGradient(params, grad, open);
      } catch (error) {
        return fail(error);
      }
      return isPromise(result) ? result.then(settle, fail) : settle(result);
    },
  };
}
