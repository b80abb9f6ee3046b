import type { RunConfig } from '../../config/runConfig';
import { phasesOf, stateNamesOf } from '../../phases';
import { blankCoordinate } from '../../trace/coordinateFormulas';
import type { StepView } from '../../update';

/** vHat of an optimizer as a multiple of one of its states, for a loop over all coordinates. */
export interface SecondMoment {
  /** Of the state in a step's. */
  readonly place: number;
  /** vHat over that state. */
  readonly scale: (step: StepView) => number;
  /** Weight of the penalty in the optimizer's own gradient. */
  readonly l2: number;
}

/**
 * The second moments of a run's optimizers, in order; null for one that has none. vHat is v or vMax times a number of the
 * step: its formula, asked at 1, gives that number.
 */
export function secondMomentsOf(config: RunConfig): readonly (SecondMoment | null)[] {
  const names = stateNamesOf(config);
  return phasesOf(config).map(({ definition, options }) => {
    const { vHat } = definition.derived(options);
    const state = (['vMax', 'v'] as const).find((name) => definition.stateNames(options).includes(name));
    if (!vHat || state === undefined) return null;
    const at = { ...blankCoordinate(), [state]: 1 };
    return {
      place: names.indexOf(state),
      scale: ({ age, beta }) => {
        at.t = age;
        at.beta = beta;
        return vHat(at);
      },
      l2: definition.l2(options),
    };
  });
}
