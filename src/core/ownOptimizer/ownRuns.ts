import { optionsOf } from '../config/resolve';
import type { OptimizerConfig } from '../config/runConfig';
import type { Optimizer } from '../optimizers/optimizer';
import { drivingOptimizer } from './drivingOptimizer';
import type { MakeInstance } from './ownOptimizer';
import { UserRun, type VectorKind } from './userRun';

/** Loads the user's optimizer again, so that its runs share no state. */
export type LoadOwn = (
  reference: OptimizerConfig,
) => Promise<{ readonly make: MakeInstance; readonly vectors: VectorKind }>;

/** The user's optimizer, for analyses that run it several times. */
export class OwnRuns {
  readonly name: string;
  /** Whether its steps depend on the lr of the configuration. */
  readonly takesLr: boolean;
  /** Whether they depend on an lr that changes between steps. */
  readonly takesLrOfSteps: boolean;
  readonly #reference: OptimizerConfig;
  readonly #load: LoadOwn;
  readonly #start: Float64Array;
  /** Whether an instance takes the lr when it is created; if not, it is given to its steps. */
  readonly #takesLrAtFirst: boolean;

  /** null if the configuration names no optimizer of the user. */
  static async of(reference: OptimizerConfig, start: Float64Array, load: LoadOwn): Promise<OwnRuns | null> {
    if (reference.own === undefined) return null;
    const lr = optionsOf(reference).lr as number;
    const grad = start.map(() => 1);
    const firstStep = async (created: number, ofStep?: number): Promise<Float64Array> => {
      const { make, vectors } = await load({ ...reference, lr: created });
      return new UserRun(make, vectors, start).take(grad, ofStep);
    };
    const differs = async (created: number, ofStep?: number) => {
      // A step that fails in a run is reported there.
      try {
        const [one, other] = [await firstStep(lr), await firstStep(created, ofStep)];
        return one.some((x, i) => x !== other[i]);
      } catch {
        return false;
      }
    };
    const another = lr > 0 ? lr / 2 : 1e-3;
    const takesLr = [await differs(another), await differs(lr, another)] as const;
    return new OwnRuns(reference, takesLr, load, start);
  }

  private constructor(
    reference: OptimizerConfig,
    [takesLrAtFirst, takesLrOfSteps]: readonly [boolean, boolean],
    load: LoadOwn,
    start: Float64Array,
  ) {
    this.name = String(reference.own);
    this.takesLr = takesLrAtFirst || takesLrOfSteps;
    this.takesLrOfSteps = takesLrOfSteps;
    this.#reference = reference;
    this.#takesLrAtFirst = takesLrAtFirst;
    this.#load = load;
    this.#start = start;
  }

  /** The optimizer of one run; undefined for a configuration of the registry. */
  async optimizer(config: OptimizerConfig): Promise<Optimizer | undefined> {
    if (config.own === undefined) return undefined;
    const { make, vectors } = await this.#load(config);
    const { lr } = this.#takesLrAtFirst ? config : this.#reference;
    return drivingOptimizer(make, vectors, config, this.#start, false, lr);
  }
}

/** The name of the optimizer of a configuration, which is that of the user's if it names one. */
export function optimizerTitle({ own, name }: OptimizerConfig): string {
  return own === undefined ? name : String(own);
}
