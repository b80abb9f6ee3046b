import type { OptionSpecs, OptionsOf } from '../config/optionSpecs';
import { checkStep, type Optimizer, type OptimizerDefinition, type RecordedState } from './optimizer';

/** Coordinates that share the options of the optimizer. */
export interface OptimizerPart {
  /** Ascending. */
  readonly coordinates: readonly number[];
  readonly options: OptionsOf<OptionSpecs>;
}

interface Member {
  readonly coordinates: Int32Array;
  readonly optimizer: Optimizer;
  readonly params: Float64Array;
  readonly grad: Float64Array;
  /** For each state of the optimizer, its index among all states. */
  readonly places: readonly number[];
}

/**
 * torch's parameter groups: each group of coordinates has an optimizer of its own, with its own options and learning
 * rate. Its `state` is the whole memory: the optimizers of the groups read theirs from it before each step. NaN where a group
 * does not have a state. It also holds the learning rate of each coordinate, and the product of mu if it has one.
 */
export class GroupedOptimizer implements Optimizer {
  readonly state: readonly Float64Array[];
  /** The learning rate of each group for the next step; written by the caller. */
  readonly rates: Float64Array;
  readonly #members: readonly Member[];
  readonly #lr: Float64Array;
  readonly #muProduct: Float64Array | null;
  readonly #dim: number;

  /** @param names  of the states, in order */
  constructor(
    definition: OptimizerDefinition,
    parts: readonly OptimizerPart[],
    names: readonly RecordedState[],
    dim: number,
  ) {
    this.#dim = dim;
    this.state = names.map(() => new Float64Array(dim).fill(Number.NaN));
    this.rates = new Float64Array(parts.length);
    this.#lr = this.state[names.indexOf('lr')]!;
    this.#muProduct = this.state[names.indexOf('muProduct')] ?? null;
    this.#members = parts.map(({ coordinates, options }) => {
      const { length } = coordinates;
      return {
        coordinates: Int32Array.from(coordinates),
        optimizer: definition.create(length, options),
        params: new Float64Array(length),
        grad: new Float64Array(length),
        places: definition.stateNames(options).map((name) => names.indexOf(name)),
      };
    });
    for (const member of this.#members) this.#keep(member);
  }

  step(params: Float64Array, grad: Float64Array, t: number, _lr: number, beta?: number): void {
    checkStep(params, grad, this.#dim, t);
    for (const [k, member] of this.#members.entries()) {
      const { coordinates, optimizer } = member;
      if (coordinates.length === 0) continue;
      gather(params, coordinates, member.params);
      gather(grad, coordinates, member.grad);
      this.#recall(member);
      optimizer.step(member.params, member.grad, t, this.rates[k]!, beta);
      scatter(member.params, coordinates, params);
      this.#keep(member);
      for (const i of coordinates) this.#lr[i] = this.rates[k]!;
    }
  }

  /** Reads the states of a group from the whole. */
  #recall({ coordinates, optimizer, places }: Member): void {
    for (const [s, place] of places.entries()) gather(this.state[place]!, coordinates, optimizer.state[s]!);
    if (optimizer.scalars && this.#muProduct) optimizer.scalars[0] = this.#muProduct[coordinates[0]!]!;
  }

  #keep({ coordinates, optimizer, places }: Member): void {
    for (const [s, place] of places.entries()) scatter(optimizer.state[s]!, coordinates, this.state[place]!);
    if (!optimizer.scalars || !this.#muProduct) return;
    for (const i of coordinates) this.#muProduct[i] = optimizer.scalars[0]!;
  }
}

function gather(from: Float64Array, places: Int32Array, to: Float64Array): void {
  for (let k = 0; k < places.length; k++) to[k] = from[places[k]!]!;
}

function scatter(from: Float64Array, places: Int32Array, to: Float64Array): void {
  for (let k = 0; k < places.length; k++) to[places[k]!] = from[k]!;
}
