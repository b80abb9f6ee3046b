import type { UserStep, VectorKind } from '../../core/analysis/optimizerCheck/userStep';
import type { RunConfig } from '../../core/config/runConfig';
import type { Origin } from '../../core/diagnosis/finding';
import type { GradientMethod, Objective, OpenContext } from '../../core/objective';
import type { LossProblem } from '../problem';
import type { SourceBase } from '../source';
import type { ThrownPlace } from './thrown';

/**
 * A language that losses are written in: from the text of a loss to an objective with the best gradient that the loss
 * allows. A provider knows neither threads nor processes: what it needs of them comes with `LoaderContext`.
 */
export interface LossProvider<S extends SourceBase> {
  /** Loads nothing yet, and does not throw. */
  open(source: S, context: LoaderContext): LossLoader;
}

/** What a loader works with. */
export interface LoaderContext {
  /** A folder for what must be on disk to be loaded: empty, or not there yet. It is removed by its owner. */
  readonly directory: string;
  /** To be called before and after every call into the user's code: the time in between is the user's. */
  readonly enter: () => void;
  readonly leave: () => void;
  /** Takes a problem that does not end the work. */
  readonly report: (problem: LossProblem) => void;
  /** The gradient is computed by another method from here on. */
  readonly onGradientMethod: (method: GradientMethod) => void;
}

/** Loads one source, as often as it is asked to. */
export interface LossLoader {
  /**
   * Loads the loss afresh, in the way that `config.gradientMode` needs.
   *
   * @throws LossFailure with every problem found, or if the gradient cannot be computed in that mode
   */
  load(config: RunConfig): Promise<LoadedLoss>;
  /**
   * Loads the source as an optimizer step of the user's own.
   *
   * @throws LossFailure if it is none
   */
  loadStep(): Promise<LoadedStep>;
  /** Where in the user's source an error was thrown, whichever load of it that was. */
  placeOf(error: unknown): ThrownPlace;
  /** What the user's code threw, as a problem at its place. */
  problemOf(error: unknown, step?: number): LossProblem;
}

/** A loss at work under one configuration. */
export interface LoadedLoss {
  /** The texts that were loaded, to load the same again: [absolute path, text]. */
  readonly texts: SourceBase['texts'];
  /** Whether the loss takes the context of a step: only then may it differ between steps. */
  readonly isContextual: boolean;
  /**
   * theta_0: the configuration's, else the source's own.
   *
   * @throws LossFailure if neither gives one, or it is no list of finite numbers
   */
  start(): Float64Array;
  /** With the best gradient that the loss and the mode allow. */
  objective(dim: number): Objective;
  /**
   * The validation loss that the configuration names; null if it names none.
   *
   * @throws LossFailure if the source has none of that name
   */
  validation(): Objective['value'] | null;
  /** The exact gradient, to compare a gradient with that the user provides; null if there is none or no need. */
  secondOpinion(dim: number): Objective | null;
  /**
   * Evaluates the loss once more, to find the operation that made NaN or infinity out of finite numbers.
   *
   * @param open  the context in which the value or gradient was not finite
   * @returns null if that cannot be told
   */
  originOfNonFinite(params: Float64Array, open: OpenContext): Promise<Origin | null>;
  /**
   * Evaluates the loss once more, to find the operation at which the derivatives by these coordinates end, because it makes
   * an integer of what depends on them.
   *
   * @returns null if there is none, or it cannot be told
   */
  originOfZeroGradient(
    coordinates: readonly number[],
    params: Float64Array,
    open: OpenContext,
  ): Promise<Origin | null>;
}

/** An optimizer step of the user's own. */
export interface LoadedStep {
  readonly step: UserStep;
  readonly vectors: VectorKind;
}
