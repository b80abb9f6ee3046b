import type { Direction } from '../../core/ascent';
import type { OptimizerConfig, RunConfig } from '../../core/config/runConfig';
import type { Origin } from '../../core/diagnosis/finding';
import type { EditProposal } from '../../core/diagnosis/fixes';
import type { LossRounding } from '../../core/diagnosis/probes/lossRounding';
import type { CutDerivative } from '../../core/diagnosis/probes/piecewiseConstant';
import type { Saturation } from '../../core/ending/heldBack';
import type { DifferenceAccuracy } from '../../core/gradient/differenceAccuracy';
import type { CutLoss } from '../../core/gradient/lostTerm';
import type { GradientMethod, Objective, OpenContext } from '../../core/objective';
import type { MakeInstance } from '../../core/ownOptimizer/ownOptimizer';
import type { VectorKind } from '../../core/ownOptimizer/userRun';
import type { EditKind } from '../../core/sourceEdit';
import type { SourceLocation } from '../../core/sourceLocation';
import type { Cache } from '../disk/diskCache';
import type { LossEnvironment } from '../environment';
import type { LossProblem } from '../problem';
import type { SourceBase } from '../source';
import type { ThrownPlace } from './thrown';

/**
 * Support for one language of losses: it converts the text of a loss to an objective with the best gradient
 * that the loss allows. A provider does not depend on threads or processes; it gets their services from
 * `LoaderContext`.
 */
export interface LossProvider<S extends SourceBase> {
  /** Creates a loader. It loads nothing yet, and does not throw. */
  open(source: S, context: LoaderContext): LossLoader;
}

/** The services that a loader uses. */
export interface LoaderContext {
  /**
   * A folder for files that must be on disk to be loaded. It is empty or does not exist yet, and its owner
   * removes it.
   */
  readonly directory: string;
  /** Keeps results between runs; null for none. */
  readonly cache: Cache | null;
  /** Called before and after every call into the user's code, to measure the time that this code takes. */
  readonly enter: () => void;
  readonly leave: () => void;
  /**
   * Discards what the user's code prints until the returned function is called. Used while a second program
   * runs that prints the same output as the first one.
   */
  readonly silence: () => () => void;
  /** Whether what the user's code prints is discarded now. */
  readonly isSilent: () => boolean;
  /**
   * Whether the loss is evaluated for probes and checks, which may lead to any point. There, arithmetic of the language that throws
   * has the value of IEEE arithmetic, if that has one.
   */
  readonly isBeside: boolean;
  /** Receives the id of another process in which the user's code runs, whose memory counts too. */
  readonly onProcess: (pid: number) => void;
  /** Receives the interpreter and the packages with which the loss is evaluated, when they are known. */
  readonly onEnvironment: (environment: LossEnvironment) => void;
  /** Receives a problem that does not end the run. */
  readonly report: (problem: LossProblem) => void;
  /** Called when the gradient method changes. The new method is used from the current evaluation on. */
  readonly onGradientMethod: (method: GradientMethod) => void;
  /** Called when finite differences turn out to be less accurate than those of a loss in double precision. */
  readonly onDifferenceAccuracy: (accuracy: DifferenceAccuracy) => void;
}

/** Loads one source, any number of times. */
export interface LossLoader {
  /**
   * Loads the loss in the way that `config.gradientMode` needs, independent of earlier loads.
   *
   * @throws LossFailure with every problem found, or if the gradient cannot be computed in that mode
   */
  load(config: RunConfig): Promise<LoadedLoss>;
  /**
   * Loads the optimizer that drives the run of the source; if it names none, the source itself as one.
   *
   * @param reference  the optimizer whose options a constructor may ask for
   * @throws LossFailure if the source is not an optimizer
   */
  loadOptimizer(reference: OptimizerConfig): Promise<LoadedOptimizer>;
  /** The place in the user's source where an error was thrown, whichever load the error comes from. */
  placeOf(error: unknown): ThrownPlace;
  /** Converts an error that the user's code threw to a problem at its place. */
  problemOf(error: unknown, step?: number): LossProblem;
}

/** A loss that is loaded with one configuration. */
export interface LoadedLoss {
  /** The texts that were loaded, so that the same loss can be loaded again: [absolute path, text]. */
  readonly texts: SourceBase['texts'];
  /**
   * Whether the loss function may change between steps: it takes the context of a step, and not only the indices of a batch
   * that contains all samples.
   */
  readonly isContextual: boolean;
  /**
   * theta_0: from the configuration, else from the source.
   *
   * @throws LossFailure if neither defines a start, or the start is not a list of finite numbers
   */
  start(): Float64Array;
  /**
   * The names that the structure of that start gives to its coordinates, as entries of `@names`; null if it gives none, or the
   * configuration has names.
   */
  startNames(): readonly string[] | null;
  /** The objective with the best gradient that the loss and the mode allow. */
  objective(dim: number): Objective;
  /**
   * The validation loss that the configuration names; null if it names none.
   *
   * @throws LossFailure if the source has no function of that name
   */
  validation(): Objective['value'] | null;
  /** The operation that rounds, if the gradient is computed by finite differences because of it; else null. */
  cutDerivative(): CutDerivative | null;
  /** The exact gradient, to check the user's gradient against; null if it is not available or not needed. */
  secondOpinion(dim: number): Objective | null;
  /**
   * Evaluates the loss once more, to find the operation that made NaN or infinity out of finite numbers.
   *
   * @param open  the context in which the value or gradient was not finite
   * @param mayBeData  whether the loss may be non-finite because of its data: then the data are examined first
   * @returns null if neither a datum nor the operation is found
   */
  originOfNonFinite(params: Float64Array, open: OpenContext, mayBeData: boolean): Promise<Origin | null>;
  /**
   * Evaluates the loss once more, to find the operation that ends the derivatives with respect to these coordinates by
   * converting a value that depends on them to an integer.
   *
   * @returns null if there is none, or it is not found
   */
  originOfZeroGradient(
    coordinates: readonly number[],
    params: Float64Array,
    open: OpenContext,
  ): Promise<Origin | null>;
  /**
   * Evaluates the loss again, to find the expression that removes the derivative with respect to a coordinate, although the loss depends
   * on the coordinate through its value, as `detach()` does.
   *
   * @returns null if there is none, or it is not found
   */
  originOfLostDerivative(coordinate: number, params: Float64Array, open: OpenContext): Promise<Origin | null>;
  /** The edits of the source that may remove what an operation of the loss causes, the most exact first. */
  editsFor(origin: Origin): readonly EditProposal[];
  /** The edits of the source that may help against a cause without a known operation, the likeliest first. */
  editsAgainst(kind: EditKind): readonly EditProposal[];
  /**
   * Evaluates the loss once more, to find the expressions whose values are at their asymptotes.
   *
   * @param direction  −1 if the run maximizes; default 1
   *
   * @returns null if its operations are not known
   */
  saturationAt(params: Float64Array, open: OpenContext, direction?: Direction): Promise<Saturation | null>;
  /** How far rounding moves the loss, by the arithmetic of its operations; null if it is not known. */
  roundingAt(params: Float64Array, open: OpenContext): Promise<LossRounding | null>;
  /** The loss with its operations without a derivative; null if its gradient is not exact, or it has none. */
  cutLoss(dim: number, open: OpenContext): LocatedCutLoss | null;
}

/** A loss whose operations without a derivative can be observed and located. */
export interface LocatedCutLoss extends CutLoss {
  /** An operation as the origin of a finding; null if its place is not known. */
  originOf(site: number): CutDerivative['origin'] | null;
}

/** An optimizer that the user wrote. */
export interface LoadedOptimizer {
  readonly make: MakeInstance;
  readonly vectors: VectorKind;
  readonly exportName: string;
  /** The place of its name. */
  readonly location: SourceLocation;
  /** Whether the module holds a single instance, so that every run must load the module again. */
  readonly isSingle: boolean;
}
