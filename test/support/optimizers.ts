import type { OptionSpecs, OptionsOf } from '../../src/core/config/optionSpecs';
import { optionsOf, resolveConfig } from '../../src/core/config/resolve';
import type { OptionValue } from '../../src/core/config/runConfig';
import type { CoordinateAt, Optimizer, OptimizerDefinition } from '../../src/core/optimizers/optimizer';
import { type OptimizerName, optimizers } from '../../src/core/optimizers/registry';

export type Given = Readonly<Record<string, OptionValue>>;
type Options = OptionsOf<OptionSpecs>;

/** The options of an optimizer, completed in the same way as those of a user. */
export function completed(name: OptimizerName, given: Given = {}): Options {
  const { config, problems } = resolveConfig([{ optimizer: { name, ...given } }]);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return optionsOf(config.optimizer);
}

/** The inputs of one coordinate: gradients, a learning rate and possibly a beta for each step. */
export interface Drive {
  readonly start?: number;
  readonly lrAt?: (t: number) => number;
  readonly betaAt?: ((t: number) => number) | null;
}

/** One optimizer on one coordinate, and the values of that coordinate after each step. */
export class Driven {
  readonly definition: OptimizerDefinition;
  readonly options: Options;
  readonly optimizer: Optimizer;
  readonly params: Float64Array;
  readonly #drive: Drive;
  #t = 0;

  constructor(name: OptimizerName, given: Given, drive: Drive = {}) {
    this.definition = optimizers[name];
    const options = completed(name, given);
    const { cycled } = this.definition;
    // As in a run: the schedule replaces the option before the first step.
    this.options = cycled && drive.betaAt ? { ...options, [cycled]: drive.betaAt(1) } : options;
    this.optimizer = this.definition.create(1, this.options);
    this.params = Float64Array.of(drive.start ?? 0);
    this.#drive = drive;
  }

  step(gradient: number): CoordinateAt {
    const { definition, options, optimizer } = this;
    const t = ++this.#t;
    const lr = this.#drive.lrAt?.(t) ?? (options.lr as number);
    const cycledBeta = definition.cycled ? this.#drive.betaAt?.(t) : undefined;
    const before = this.params[0]!;
    optimizer.step(this.params, Float64Array.of(gradient), t, lr, cycledBeta);
    const states = definition.stateNames(options).map((name, k) => [name, optimizer.state[k]![0]!]);
    const scalars = (definition.scalarNames ?? []).map((name, k) => [name, optimizer.scalars![k]!]);
    return {
      ...Object.fromEntries([...states, ...scalars]),
      t,
      lr,
      beta: definition.cycled ? (cycledBeta ?? (options[definition.cycled] as number)) : Number.NaN,
      grad: gradient,
      params: this.params[0]!,
      update: this.params[0]! - before,
    };
  }

  /** @returns the values after the last step */
  steps(gradients: readonly number[]): CoordinateAt {
    return gradients.map((gradient) => this.step(gradient)).at(-1)!;
  }
}
