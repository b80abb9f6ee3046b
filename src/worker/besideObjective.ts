import { isPromise, type MaybePromise, type Objective } from '../core/objective';

interface BesideRequest {
  /** The objective of the run. */
  readonly own: Objective;
  /** Loads the loss a second time; called at the first evaluation. */
  readonly load: () => Promise<Objective>;
  /** Discards what the user's code prints until the returned function is called. */
  readonly silence: () => () => void;
}

/**
 * The loss of a run, loaded a second time for the evaluations of probes and checks. A loss may remember its evaluations,
 * so none may be added to those of the run. What the second instance prints is discarded.
 */
export function besideObjective({ own, load, silence }: BesideRequest): Objective {
  let loaded: Promise<Objective> | null = null;
  let objective: Objective | null = null;
  const withLoaded = (use: (objective: Objective) => MaybePromise<number>): MaybePromise<number> => {
    if (objective === null) {
      loaded ??= load();
      return loaded.then((made) => {
        objective = made;
        return withLoaded(use);
      });
    }
    const speak = silence();
    let isPending = false;
    try {
      const value = use(objective);
      isPending = isPromise(value);
      return isPromise(value) ? value.finally(speak) : value;
    } finally {
      if (!isPending) speak();
    }
  };
  return {
    dim: own.dim,
    get gradientMode() {
      return own.gradientMode;
    },
    value: (params, open) => withLoaded((beside) => beside.value(params, open)),
    valueAndGradient: (params, grad, open) =>
      withLoaded((beside) => beside.valueAndGradient(params, grad, open)),
  };
}
