import { Refusal } from '../../../autodiff/refusal';
import { isPromise, type MaybePromise, type Objective } from '../../../core/objective';

/**
 * Uses the exact objective until an operation of the loss cannot be differentiated. Then it repeats that evaluation with
 * the other objective, which it uses from then on.
 *
 * @param fallBack  makes the other objective; called at most once
 */
export function exactOrDifferences(
  exact: Objective,
  fallBack: (refusal: Refusal) => Promise<Objective>,
): Objective {
  let current = exact;
  let other: Promise<Objective> | undefined;
  const replaced = async (refusal: Refusal) => {
    other ??= fallBack(refusal);
    current = await other;
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
