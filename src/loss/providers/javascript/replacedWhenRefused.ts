import { Refusal } from '../../../autodiff/refusal';
import { isPromise, type MaybePromise, type Objective } from '../../../core/objective';

/**
 * Uses the exact objective until an evaluation of it is refused. It then asks for the next objective, repeats
 * that evaluation with it, and uses it for all later evaluations. The next objectives are exact ones of programs
 * in which more is rewritten, and possibly one by finite differences at the end.
 *
 * @param next  makes the next objective; it throws the refusal if there is none
 */
export function replacedWhenRefused(
  exact: Objective,
  next: (refusal: Refusal) => Promise<Objective>,
): Objective {
  let current = exact;
  let replacing: Promise<void> | null = null;
  const replace = async (refusal: Refusal) => {
    try {
      current = await next(refusal);
    } finally {
      replacing = null;
    }
  };
  const attempt = <T>(evaluate: (objective: Objective) => MaybePromise<T>): MaybePromise<T> => {
    const used = current;
    const retry = async (error: unknown): Promise<T> => {
      if (!(error instanceof Refusal)) throw error;
      // Another evaluation, which was under way at the same time, may have replaced the objective.
      if (current === used) {
        replacing ??= replace(error);
        await replacing;
      }
      return attempt(evaluate);
    };
    try {
      const result = evaluate(used);
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
