import type { RunConfig } from '../../config/runConfig';
import { phasesOf, stateNamesOf } from '../../phases';
import { blankCoordinate } from '../../trace/coordinateFormulas';
import type { StepView } from '../../update';

/** vHat of an optimizer as a multiple of one of its state arrays, for a loop over all coordinates. */
export interface SecondMoment {
  /** The index of that state array among the state arrays of a step. */
  readonly place: number;
  /** The factor by which that state is multiplied to get vHat. */
  readonly scale: (step: StepView) => number;
  /** Weight of the L2 penalty that the optimizer adds to the gradient. */
  readonly l2: number;
  /** Whether the preconditioner is sqrt(vHat) + eps, whatever the other states are. */
  readonly isRoot: boolean;
}

const otherStates = {
  m: 0.5,
  u: 0.5,
  gAvg: 0.5,
  sum: 0.5,
  momentum: 0.5,
  grad: 0.5,
  params: 0.5,
  muProduct: 0.5,
};

/**
 * The second moments of the optimizers of a run, in order; null for an optimizer without one. vHat is v or
 * vMax times a factor that depends on the step; the formula of vHat with v = 1 gives that factor.
 */
export function secondMomentsOf(config: RunConfig): readonly (SecondMoment | null)[] {
  const names = stateNamesOf(config);
  return phasesOf(config).map(({ definition, options }) => {
    const { vHat, preconditioner, epsPart } = definition.derived(options);
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
      isRoot: [1, 4].every((v) => {
        const other = { ...blankCoordinate(), t: 5, beta: 0.9, ...otherStates, [state]: v };
        const root = Math.sqrt(vHat(other));
        return Math.abs(preconditioner(other) - (epsPart?.(other) ?? 0) - root) <= 1e-12 * root;
      }),
    };
  });
}
