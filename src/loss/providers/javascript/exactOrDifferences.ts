import { Refusal } from '../../../autodiff/refusal';
import { isPromise, type MaybePromise, type Objective } from '../../../core/objective';

/**
 * Uses the exact objective until an operation of the loss cannot be differentiated. It then repeats that
 * evaluation with the fallback objective, and uses the fallback for all later evaluations.
 *
 * @param fallBack  makes the fallback objective; called at most once
 */
export function exactOrDifferences(
  exact: Objective,
  fallBack: (refusal: Refusal) => Promise<Objective>,
): Objective {
  let current = exact;
  let fallback: Promise<Objective> | undefined;
  const replaced = async (refusal: Refusal) => {
    fallback ??= fallBack(refusal);
    current = await fallback;
    return current;
  };
  const attempt = <T>(evaluate: (objective: Objective) => MaybePromise<T>): MaybePromise<T> => {
    const retry = (error: unknown): Promise<T> => {
      if (!(error instanceof Refusal)) throw error;
      return replaced(error).then(evaluate);
    };
    try {
      const result = evaluate(current);
      return isPromise(result) ? result.catch(retry) : result;
    } catch (error) {
      return retry(error);
    }
  };
  return {
    dim: exact.dim,
    get gradientMode() {
      return current.gradientMode;
    },
    value: (params, open) => attempt((objective) => objective.value(params, open)),
    valueAndGradient: (params, grad, open) =>
      attempt((objective) => objective.valueAndGradient(params, grad, open)),
  };
}
