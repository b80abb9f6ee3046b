import { type Batches, batchesOf } from './batches';
import type { RunConfig } from './config/runConfig';
import { contextAt } from './context';
import type { Intervention } from './interventions';
import { hasNonFinite } from './kernels/passes';
import { norm2 } from './numerics/norms';
import { isPromise, type MaybePromise, type Objective } from './objective';
import type { Optimizer } from './optimizers/optimizer';
import type { StopReason } from './stopping';
import {
  Best,
  type BestMemory,
  Patience,
  type Point,
  Tolerance,
  type ToleranceMemory,
  type WaitMemory,
} from './stopping';
import { type StepView, Update, type UpdateMemory } from './update';

export interface RunObserver {
  /** If it returns a promise, the run waits, and the view does not change until the promise settles. */
  onStep?(step: StepView): MaybePromise<void>;
  /** Called after `onStep` of all observers, when all measurements of this step have been posted. */
  afterStep?(step: StepView): void;
  /** After an epoch's last update, for runs with mini-batches or validation. */
  onEpoch?(epoch: EpochView): void;
}

export interface EpochView {
  /** 0-based. */
  readonly epoch: number;
  /** The last step of the epoch. */
  readonly t: number;
  /** At theta_t: the validation loss if there is one, else the loss over all samples. */
  readonly watched: number;
}

/** The user's control of the run. */
export interface StepControl {
  /** Called before step t; blocks while the run is paused. false ends the run. */
  mayStep(t: number): boolean;
  /** The learning rate that the user has set during the run; NaN if none. */
  lr(): number;
}

/**
 * The state of a run after step t: everything that determines its further steps, besides the loss and the
 * configuration. Mini-batches and `random` are functions of (seed, t), so they are not part of it. Plain
 * data, copied.
 */
export interface Checkpoint {
  readonly t: number;
  readonly update: UpdateMemory;
  readonly best: BestMemory;
  readonly patience: WaitMemory | null;
  readonly tolerance: ToleranceMemory | null;
}

/** The steps after which checkpoints of a run are taken. */
export interface Keyframes {
  /** Whether to take a checkpoint after step t. */
  isDue(t: number): boolean;
  take(checkpoint: Checkpoint): void;
}

export interface RunSetup {
  readonly objective: Objective;
  /** Length `objective.dim`; not modified. */
  readonly start: Float64Array;
  readonly config: RunConfig;
  /** The validation loss, if the config names one. */
  readonly validation: Objective['value'] | null;
  readonly control: StepControl;
  readonly observer: RunObserver;
  readonly keyframes?: Keyframes;
  /** What the user set between two steps. */
  readonly interventions?: readonly Intervention[];
  /** The user's optimizer, instead of the one of the registry. It has the states of the configured one. */
  readonly optimizer?: Optimizer;
  /**
   * Continues from this checkpoint. The remaining steps are bit-identical to those of a run from the start,
   * if the configuration agrees with that of the checkpoint up to its step t. `observer` and `control` are
   * called from step t + 1 on.
   */
  readonly from?: Checkpoint;
}

export interface RunOutcome {
  /** The number of updates. */
  readonly steps: number;
  readonly stopped: StopReason;
  /** theta_T, and the loss and gradient norm at theta_T on all samples. */
  readonly final: Point & { readonly gradNorm: number };
  /** The point with the smallest watched loss; t = 0 is the start. */
  readonly best: Point & { readonly t: number };
  /** The error that the user's code threw, if `stopped` is "error". */
  readonly error: unknown;
}

/**
 * Runs an optimizer on an objective: step t evaluates the loss at theta_{t−1} and computes theta_t. The run
 * makes the full number of steps unless the user stops it, the loss throws, a parameter becomes non-finite,
 * or early stopping or the tolerance ends it. An error of the user's code is part of the outcome; an error of
 * an observer rejects the promise.
 */
export async function run(request: RunSetup): Promise<RunOutcome> {
  const { config, control, keyframes, from, interventions = [] } = request;
  const stepper = new Stepper(request);
  try {
    if (from) stepper.restore(from);
    else await stepper.begin();
    for (let t = (from?.t ?? 0) + 1; t <= config.steps; t++) {
      if (!control.mayStep(t)) return await stepper.finish('user');
      for (const each of interventions) if (each.t === t - 1) stepper.intervene(each);
      const value = stepper.evaluate(t);
      const loss = isPromise(value) ? await value : value;
      const stopped = stepper.step(t, loss);
      if (stepper.observing) await stepper.observing;
      if (stopped === 'earlyStopping') return stepper.outcome(stopped, loss);
      if (stopped !== null) return await stepper.finish(stopped);
      if (stepper.endsEpoch(t) && (await stepper.endEpoch(t))) return await stepper.finish('earlyStopping');
      if (keyframes?.isDue(t)) keyframes.take(stepper.save());
    }
    return await stepper.finish('steps');
  } catch (error) {
    if (error instanceof FromLoss) return stepper.failure(error.thrown);
    throw error;
  }
}

/**
 * The state of a run and the parts of one step. The parts are synchronous, so a run of a synchronous loss
 * never yields to the event loop; `run` awaits only asynchronous losses.
 */
class Stepper {
  readonly #config: RunConfig;
  readonly #objective: Objective;
  readonly #control: StepControl;
  readonly #observer: RunObserver;
  readonly #batches: Batches;
  readonly #update: Update;
  /** The loss that is watched at the end of each epoch; null if the loss of each step is watched. */
  readonly #watch: Objective['value'] | null;
  readonly #best = new Best();
  readonly #patience: Patience | null;
  readonly #tolerance: Tolerance | null;
  readonly #params: Float64Array;
  #done = 0;
  /** The observer's pending promise for the last step; undefined if there is none. */
  observing: MaybePromise<void> = undefined;

  constructor({ objective, start, config, validation, control, observer, optimizer }: RunSetup) {
    this.#config = config;
    this.#objective = objective;
    this.#control = control;
    this.#observer = observer;
    this.#batches = batchesOf(config.samples, config.batch, config.seed);
    this.#update = new Update(config, start, optimizer);
    this.#watch = validation ?? (this.#batches.stepsPerEpoch > 1 ? objective.value : null);
    this.#patience = config.earlyStopping && new Patience(config.earlyStopping);
    this.#tolerance = config.tolerance === null ? null : new Tolerance(config.tolerance);
    this.#params = this.#update.view.params;
  }

  /**
   * Evaluates the watched loss at theta_0. The start counts for the best loss, and patience compares with it.
   */
  async begin(): Promise<void> {
    if (!this.#watch) return;
    const watched = await this.#watchedAt(1);
    this.#best.offer(0, this.#params, watched);
    this.#update.showWatched(watched);
    this.#patience?.beginAt(watched);
  }

  save(): Checkpoint {
    return {
      t: this.#done,
      update: this.#update.save(),
      best: this.#best.save(),
      patience: this.#patience?.save() ?? null,
      tolerance: this.#tolerance?.save() ?? null,
    };
  }

  restore({ t, update, best, patience, tolerance }: Checkpoint): void {
    this.#done = t;
    this.#update.restore(update);
    this.#best.restore(best);
    if (patience) this.#patience!.restore(patience);
    if (tolerance) this.#tolerance!.restore(tolerance);
  }

  intervene(change: Intervention): void {
    this.#update.intervene(change);
  }

  /** Evaluates the loss at theta_{t−1} on the mini-batch of step t, and writes the gradient. */
  evaluate(t: number): MaybePromise<number> {
    const open = contextAt(this.#config.seed, this.#batches, t, this.#batches.indicesOf(t));
    try {
      const value = this.#objective.valueAndGradient(this.#params, this.#update.nextGradient(), open);
      return isPromise(value) ? value.catch(throwFromLoss) : value;
    } catch (thrown) {
      return throwFromLoss(thrown);
    }
  }

  /**
   * Computes theta_t from the results of `evaluate`, and calls the observer.
   *
   * @returns the reason why the run ends here, or null. Early stopping and the tolerance are checked before
   *   the update; theta_{t−1} is then the last point.
   */
  step(t: number, loss: number): StopReason | null {
    if (!this.#watch) {
      this.#best.offerHeld(t - 1, this.#params, loss);
      if (this.#patience?.isOver(loss)) return 'earlyStopping';
    }
    if (this.#tolerance?.isMet(this.#update.view.grad)) return 'tolerance';

    this.#update.apply(t, loss, this.#control.lr());
    this.#best.moved(this.#params, this.#update.view.before);
    if (!this.#watch) this.#update.observe(loss);
    this.#done = t;
    const isBroken = hasNonFinite(this.#params);
    this.observing = isBroken || !this.endsEpoch(t) ? this.#notify() : undefined;
    return isBroken ? 'nonFinite' : null;
  }

  /** Passes the step to the observer. */
  #notify(): MaybePromise<void> {
    const { view } = this.#update;
    const looking = this.#observer.onStep?.(view);
    if (isPromise(looking)) return looking.then(() => this.#observer.afterStep?.(view));
    this.#observer.afterStep?.(view);
  }

  /** Whether the watched loss is evaluated after step t. */
  endsEpoch(t: number): boolean {
    return this.#watch !== null && this.#batches.isLastOfEpoch(t);
  }

  /**
   * After an epoch's last update, evaluates the watched loss, then calls the observer. Returns true if early
   * stopping ends the run.
   */
  async endEpoch(t: number): Promise<boolean> {
    let watched = Number.NaN;
    try {
      watched = await this.#watchedAt(t);
      this.#update.showWatched(watched);
    } finally {
      await this.#notify();
    }
    this.#best.offer(t, this.#params, watched);
    this.#update.observe(watched);
    this.#observer.onEpoch?.({ epoch: this.#batches.epochOf(t), t, watched });
    return this.#patience?.isOver(watched) ?? false;
  }

  /** Evaluates the final point theta_T on all samples and returns the outcome. */
  async finish(stopped: StopReason): Promise<RunOutcome> {
    const open = contextAt(this.#config.seed, this.#batches, this.#done + 1, this.#batches.all);
    let loss = Number.NaN;
    try {
      loss = await this.#objective.valueAndGradient(this.#params, this.#update.view.grad, open);
    } catch (thrown) {
      // With non-finite parameters a loss may throw; such an error contains no additional information.
      if (stopped !== 'nonFinite') throwFromLoss(thrown);
      this.#update.view.grad.fill(Number.NaN);
    }
    if (!this.#watch) this.#best.offer(this.#done, this.#params, loss);
    else if (stopped !== 'nonFinite' && this.#isWithinEpoch()) {
      // The final point counts even if it is inside an epoch.
      const isFullLoss = this.#watch === this.#objective.value;
      this.#best.offer(this.#done, this.#params, isFullLoss ? loss : await this.#watchedAt(this.#done + 1));
    }
    return this.outcome(stopped, loss);
  }

  #isWithinEpoch(): boolean {
    return this.#done > 0 && !this.#batches.isLastOfEpoch(this.#done);
  }

  /** The outcome, if loss and gradient at theta_T are already known. */
  outcome(stopped: StopReason, loss: number): RunOutcome {
    return {
      steps: this.#done,
      stopped,
      final: { params: this.#params.slice(), loss, gradNorm: norm2(this.#update.view.grad) },
      best: this.#best.point(this.#params),
      error: undefined,
    };
  }

  failure(error: unknown): RunOutcome {
    return {
      steps: this.#done,
      stopped: 'error',
      final: { params: this.#params.slice(), loss: Number.NaN, gradNorm: Number.NaN },
      best: this.#best.point(this.#params),
      error,
    };
  }

  async #watchedAt(t: number): Promise<number> {
    const open = contextAt(this.#config.seed, this.#batches, t, this.#batches.all);
    try {
      return await this.#watch!(this.#params, open);
    } catch (thrown) {
      return throwFromLoss(thrown);
    }
  }
}

/** Wraps an error of the user's code, to distinguish it from our own errors. */
class FromLoss {
  readonly thrown: unknown;
  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

function throwFromLoss(thrown: unknown): never {
  throw new FromLoss(thrown);
}
