import type { OptionSpec } from '../../../core/config/optionSpecs';
import { optionsOf } from '../../../core/config/resolve';
import type { OptimizerConfig } from '../../../core/config/runConfig';
import { optimizers } from '../../../core/optimizers/registry';
import type { OwnInstance, Vector } from '../../../core/ownOptimizer/ownOptimizer';
import type { PythonSource } from '../../source';
import type { LoadedOptimizer } from '../lossProvider';
import { textsFor } from './notebookTexts';
import { type Sent, sent } from './process/messages';

/** What the process answers to a step. */
interface StepAnswer {
  readonly params: readonly Sent[];
  readonly grad: readonly Sent[];
  /** The tensors of the optimizer's state that have the shape of the parameters: { exp_avg: […] }. */
  readonly state: Readonly<Record<string, readonly Sent[]>>;
}

/** Asks the process, within the limits for the user's code. */
export type Ask = <T>(request: object) => T;

/**
 * Loads the optimizer class of a source, in modules of its own.
 *
 * @throws BridgeError if the module or its class cannot be used
 */
export function loadPythonOptimizer(
  source: PythonSource,
  reference: OptimizerConfig,
  ask: Ask,
): LoadedOptimizer {
  const { exportName, location } = source.optimizer ?? source;
  const { optimizer } = ask<{ optimizer: number }>({
    type: 'loadOptimizer',
    file: source.file,
    texts: textsFor({ ...source, location }),
    exportName,
    options: optionsOf(reference),
    defaults: defaultsOf(reference),
  });
  return {
    vectors: 'float64',
    exportName,
    location,
    isSingle: false,
    make(params) {
      const { instance } = ask<{ instance: number }>({
        type: 'makeOptimizer',
        optimizer,
        params: sent(params),
      });
      return instanceOf((given) => ask<StepAnswer>({ type: 'stepOptimizer', optimizer, instance, ...given }));
    },
  };
}

function defaultsOf({ name }: OptimizerConfig): Readonly<Record<string, unknown>> {
  const specs = Object.entries<OptionSpec>(optimizers[name].options);
  return Object.fromEntries(specs.map(([option, spec]) => [option, spec.default]));
}

interface Step {
  readonly params: readonly Sent[];
  readonly grad: readonly Sent[];
  readonly lr: number | null;
}

function instanceOf(step: (given: Step) => StepAnswer): OwnInstance {
  const state: Record<string, Float64Array> = {};
  return {
    state,
    step(params: Vector, grad: Vector, _t: number, lr?: number) {
      const answer = step({ params: sent(params), grad: sent(grad), lr: lr ?? null });
      for (const [name, values] of Object.entries(answer.state))
        state[name] = Float64Array.from(values, Number);
      // A change of the gradient is visible to the caller, as if the optimizer had this array.
      for (let i = 0; i < grad.length; i++) grad[i] = Number(answer.grad[i]);
      return Float64Array.from(answer.params, Number);
    },
  };
}
