import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../../../core/objective';
import type { SourceLocation } from '../../../core/sourceLocation';
import { BridgeEnded, type BridgeProcess } from './process/bridgeProcess';
import { flags } from './process/messages';

/** What the process answers to the request to load a loss. */
export interface LoadAnswer {
  readonly program: number;
  /** The parts of the context for which the loss asks. */
  readonly asks: readonly string[];
  /** Whether random numbers make it another function at each step. */
  readonly varies: boolean;
  readonly texts: readonly (readonly [string, string])[];
  /** How the exact gradient is computed, in words; null if it cannot be. */
  readonly method: string | null;
}

/** What has changed during evaluations. */
export interface Notices extends Pick<LoadAnswer, 'method'> {
  readonly notices: readonly ({ readonly type: 'method' } | FloodNotice)[];
}

export interface FloodNotice {
  readonly type: 'flood';
  /** The line that exceeded the limit. */
  readonly at: Pick<SourceLocation, 'file' | 'cell' | 'line'> | null;
}

interface Services {
  readonly enter: () => void;
  readonly leave: () => void;
  readonly isSilent: () => boolean;
  /** Whether the evaluations are those of probes and checks, and not of the run. */
  readonly isBeside: boolean;
  /** Whether the context of the run has samples. */
  readonly hasSamples: boolean;
  readonly onNotices: (notices: Notices) => void;
  /** Makes the error of a process that has ended. */
  readonly ended: () => Promise<Error>;
}

/** One load of a loss in the Python process. */
export class PythonProgram {
  readonly loaded: LoadAnswer;
  readonly #bridge: BridgeProcess;
  readonly #services: Services;

  constructor(bridge: BridgeProcess, loaded: LoadAnswer, services: Services) {
    this.#bridge = bridge;
    this.loaded = loaded;
    this.#services = services;
  }

  /** Evaluates the loss, or the validation loss. */
  value(of: 'loss' | 'validation' = 'loss'): Objective['value'] {
    return (params, open) => this.#evaluate(of === 'validation' ? flags.validation : 0, params, open);
  }

  /** Evaluates the loss with its gradient. Throws a refusal if there is no exact one. */
  valueAndGradient(kind: 'exact' | 'provided'): Objective['valueAndGradient'] {
    const flagged = flags.withGradient | (kind === 'provided' ? flags.provided : 0);
    return (params, grad, open) => this.#evaluate(flagged, params, open, grad);
  }

  #evaluate(
    flagged: number,
    params: Float64Array,
    open: OpenContext,
    grad?: Float64Array,
  ): MaybePromise<number> {
    const { enter, leave, isSilent, isBeside, hasSamples, onNotices, ended } = this.#services;
    const { program } = this.loaded;
    const all = flagged | (isSilent() ? flags.silent : 0) | (isBeside ? flags.beside : 0);
    enter();
    let loss: number;
    try {
      const answer = this.#bridge.evaluate(program, all, open(), hasSamples, params, grad);
      loss = answer.loss;
      if (answer.hasNotices) onNotices(this.#bridge.ask<Notices>({ type: 'notices', program }));
    } catch (error) {
      // How a process ended is known only after a turn of the event loop.
      if (error instanceof BridgeEnded)
        return ended().then((cause) => {
          throw cause;
        });
      throw error;
    } finally {
      leave();
    }
    return loss;
  }
}

/** An objective that is replaced when an evaluation is refused; that evaluation is made again. */
export function replacedWhen(
  isRefusal: (error: unknown) => boolean,
  first: Objective,
  otherwise: (error: unknown) => Objective,
): Objective {
  let current = first;
  const settle = (error: unknown) => {
    if (!isRefusal(error) || current !== first) throw error;
    current = otherwise(error);
  };
  return {
    dim: first.dim,
    get gradientMode() {
      return current.gradientMode;
    },
    value: (params, open) => current.value(params, open),
    valueAndGradient(params, grad, open) {
      const again = (error: unknown) => {
        settle(error);
        return current.valueAndGradient(params, grad, open);
      };
      try {
        const loss = current.valueAndGradient(params, grad, open);
        return isPromise(loss) ? loss.catch(again) : loss;
      } catch (error) {
        return again(error);
      }
    },
  };
}
