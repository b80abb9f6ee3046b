import type { RunConfig } from '../config/runConfig';
import { groupPhasesOf, parameterGroupsOf } from '../groups';
import { nadamForm } from '../optimizers/nadamForm';
import type { RecordedState } from '../optimizers/optimizer';
import { type Phase, phasesOf, stateNamesOf } from '../phases';
import type { Checkpoint } from '../runLoop';
import { Update } from '../update';

/** The state of a training that another program made, after step t. */
export interface TrainingState {
  readonly t: number;
  /** The steps that the optimizer has counted, which its bias correction uses. */
  readonly age: number;
  /** Shape [dim]. */
  readonly params: Float64Array;
  /** Shape [dim] each. */
  readonly states: readonly (readonly [name: RecordedState, values: Float64Array])[];
}

/**
 * The state as a checkpoint, from which a run of the configuration continues. Only an optimizer without a schedule, a switch or a loss
 * scale of its own has no other memory.
 */
export function checkpointOf(config: RunConfig, { t, age, params, states }: TrainingState): Checkpoint {
  const start = new Update(config, params).save();
  const groups = config.groups && parameterGroupsOf(config, params.length);
  const phases = groupPhasesOf(config) ?? [phasesOf(config)[0]];
  const products = phases.map((phase) => muProductOf(phase, age));
  const known = new Map(states);
  const derived = (name: RecordedState) =>
    name === 'muProduct' && groups ? Float64Array.from(groups.of, (g) => products[g]!) : undefined;
  return {
    t,
    update: {
      ...start,
      view: { ...start.view, t, age },
      params: params.slice(),
      optimizer: {
        state: stateNamesOf(config).map(
          (name, i) => known.get(name)?.slice() ?? derived(name) ?? start.optimizer.state[i]!,
        ),
        scalars: start.optimizer.scalars && Float64Array.of(products[0]!),
      },
    },
    best: { t, loss: Number.NaN, params: null },
    patience: null,
    tolerance: null,
  };
}

/** mu_1 … mu_t of NAdam; 1 for an optimizer without it, which ignores it. */
function muProductOf({ definition, options }: Phase, age: number): number {
  if (!definition.scalarNames?.includes('muProduct')) return 1;
  const number = (name: string) => options[name] as number;
  const form = nadamForm({
    beta2: number('beta2'),
    weightDecay: number('weightDecay'),
    momentumDecay: number('momentumDecay'),
    dialect: 'torch',
  });
  let product = 1;
  for (let i = 1; i <= age; i++) product = form.product(product, form.mu(i, number('beta1')), i);
  return product;
}
