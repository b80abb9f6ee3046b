import type { Saturation } from '../core/ending/heldBack';
import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../core/objective';
import type { LoadedLoss } from '../loss/providers/lossProvider';

interface BesideRequest {
  /** The objective of the run. */
  readonly own: Objective;
  /** Loads the loss a second time; called at the first evaluation. */
  readonly load: () => Promise<LoadedLoss>;
  /** Discards what the user's code prints until the returned function is called. */
  readonly silence: () => () => void;
}

/** The second instance of a loss. */
export interface BesideLoss {
  readonly objective: Objective;
  /** See `LoadedLoss`. */
  saturationAt(params: Float64Array, open: OpenContext): Promise<Saturation | null>;
}

/**
 * The loss of a run, loaded a second time for the evaluations of probes and checks. A loss may remember its evaluations,
 * so none may be added to those of the run. What the second instance prints is discarded.
 */
export function besideLoss({ own, load, silence }: BesideRequest): BesideLoss {
  let loaded: Promise<LoadedLoss> | null = null;
  let objective: Objective | null = null;
  const withLoaded = (use: (objective: Objective) => MaybePromise<number>): MaybePromise<number> => {
    if (objective === null) {
      loaded ??= load();
      return loaded.then((made) => {
        objective ??= made.objective(own.dim);
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
    objective: {
      dim: own.dim,
      get gradientMode() {
        return own.gradientMode;
      },
      value: (params, open) => withLoaded((beside) => beside.value(params, open)),
      valueAndGradient: (params, grad, open) =>
        withLoaded((beside) => beside.valueAndGradient(params, grad, open)),
    },
    async saturationAt(params, open) {
      loaded ??= load();
      const made = await loaded;
      const speak = silence();
      try {
        return await made.saturationAt(params, open);
      } finally {
        speak();
      }
    },
  };
}
