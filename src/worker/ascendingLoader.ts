import { negated, negatedValue } from '../core/ascent';
import type { Objective } from '../core/objective';
import type { LoadedLoss, LocatedCutLoss, LossLoader } from '../loss/providers/lossProvider';

/** A loader that gives the negated objective where the configuration maximizes: see `core/ascent.ts`. */
export function ascendingLoader(loader: LossLoader): LossLoader {
  return {
    load: async (config) => {
      const loss = await loader.load(config);
      return config.maximize ? negatedLoss(loss) : loss;
    },
    loadOptimizer: (reference) => loader.loadOptimizer(reference),
    placeOf: (error) => loader.placeOf(error),
    problemOf: (error, step) => loader.problemOf(error, step),
  };
}

function negatedLoss(loss: LoadedLoss): LoadedLoss {
  const orNull = <T>(given: T | null, turn: (given: T) => T) => given && turn(given);
  return {
    texts: loss.texts,
    isContextual: loss.isContextual,
    start: () => loss.start(),
    startNames: () => loss.startNames(),
    objective: (dim) => negated(loss.objective(dim)),
    validation: () => orNull<Objective['value']>(loss.validation(), negatedValue),
    cutDerivative: () => loss.cutDerivative(),
    secondOpinion: (dim) => orNull(loss.secondOpinion(dim), negated),
    originOfNonFinite: (params, open, mayBeData) => loss.originOfNonFinite(params, open, mayBeData),
    originOfZeroGradient: (coordinates, params, open) => loss.originOfZeroGradient(coordinates, params, open),
    originOfLostDerivative: (coordinate, params, open) =>
      loss.originOfLostDerivative(coordinate, params, open),
    editsFor: (origin) => loss.editsFor(origin),
    editsAgainst: (kind) => loss.editsAgainst(kind),
    saturationAt: (params, open, direction = 1) => loss.saturationAt(params, open, direction === 1 ? -1 : 1),
    roundingAt: (params, open) => loss.roundingAt(params, open),
    cutLoss: (dim, open) => orNull(loss.cutLoss(dim, open), negatedCutLoss),
  };
}

function negatedCutLoss(cutLoss: LocatedCutLoss): LocatedCutLoss {
  return {
    ...cutLoss,
    value: async (params) => 0 - (await cutLoss.value(params)),
    view: async (params) => {
      const { loss, grad, cuts } = await cutLoss.view(params);
      return { loss: 0 - loss, grad: grad.map((each) => 0 - each), cuts };
    },
  };
}
