import { type Batches, batchesOf } from './batches';
import { clipGradient } from './clip';
import { optionsOf } from './config/resolve';
import type { EarlyStoppingConfig, RunConfig } from './config/runConfig';
import type { StopReason } from './diagnosis/finding';
import { firstNonFinite, maxAbs, norm2 } from './numerics/norms';
import { type Random, seededRandom } from './numerics/random';
import {
  type EvaluationContext,
  isPromise,
  type MaybePromise,
  type Objective,
  type OpenContext,
} from './objective';
import { optimizers } from './optimizers/registry';
import { schedules } from './schedules/registry';

/**
 * One step as observers see it. The object and its arrays are the run's own and are overwritten by the next step:
 * copy what you keep.
 */
export interface StepView {
  /** 1-based. */
  t: number;
  /** The loss at theta_{t−1}, on this step's batch. */
  loss: number;
  /** ‖g‖ before clipping. */
  gradNorm: number;
  /** What clipping multiplied the gradient by; 1 if it did nothing. */
  clipFactor: number;
  /** The learning rate that this step used. */
  lr: number;
  /** theta_{t−1}, shape [dim]. */
  readonly before: Float64Array;
  /** theta_t, shape [dim]. */
  readonly params: Float64Array;
  /** The gradient that the optimizer got, shape [dim]. */
  readonly grad: Float64Array;
  /** The optimizer's state after the step, shape [dim] each, in the order of its `stateNames`. */
  readonly state: readonly Float64Array[];
}

export interface RunObserver {
  onStep(step: StepView): void;
  /** After an epoch's last update, for runs with mini-batches or validation. */
  onEpoch?(epoch: EpochView): void;
}

export interface EpochView {
  /** 0-based. */
  readonly epoch: number;
  /** The step that ended it. */
  readonly t: number;
  /** The validation loss, else the loss over all samples, at theta_t. */
  readonly watched: number;
}

/** The user's hand on the run. */
export interface RunControl {
  /** Asked before step t is taken; blocks while the run is paused. false ends the run. */
  mayStep(t: number): boolean;
  /** The learning rate that the user set by hand; NaN if none. */
  lr(): number;
}

export interface RunRequest {
  readonly objective: Objective;
  /** Length `objective.dim`; not modified. */
  readonly start: Float64Array;
  readonly config: RunConfig;
  /** The validation loss, if the config names one. */
  readonly validation: Objective['value'] | null;
  readonly control: RunControl;
  readonly observer: RunObserver;
}

export interface Point {
  readonly params: Float64Array;
  readonly loss: number;
}

export interface RunOutcome {
  /** Updates done. */
  readonly steps: number;
  readonly stopped: StopReason;
  /** theta_T and the loss and gradient norm there; on all samples. */
  readonly final: Point & { readonly gradNorm: number };
  /** The point of least watched loss; t = 0 is the start. */
  readonly best: Point & { readonly t: number };
  /** What the user's code threw, if `stopped` is "error". */
  readonly error: unknown;
}

/**
 * Runs an optimizer on an objective: step t evaluates at theta_{t−1} and makes theta_t. Goes the full number of steps
 * unless the user stops it, the loss throws, a parameter turns non-finite, or early stopping or the tolerance ends it.
 * What the user's code throws is in the outcome; what an observer throws rejects.
 */
export async function run(request: RunRequest): Promise<RunOutcome> {
  const { config, control, observer } = request;
  const { objective, validation } = request;
  const { dim } = objective;
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const optimizer = optimizers[config.optimizer.name].create(dim, optionsOf(config.optimizer));
  const schedule = config.schedule && schedules[config.schedule.name].create(optionsOf(config.schedule));
  const watchesEpochs = validation !== null || batches.stepsPerEpoch > 1;
  const watch = validation ?? objective.value;
  const best = new Best();
  const patience = config.earlyStopping && new Patience(config.earlyStopping);
  const tolerance = config.tolerance === null ? null : new Tolerance(config.tolerance);

  const params = Float64Array.from(request.start);
  const grad = new Float64Array(dim);
  const view: StepView = {
    t: 0,
    loss: Number.NaN,
    gradNorm: Number.NaN,
    clipFactor: 1,
    lr: Number.NaN,
    before: new Float64Array(dim),
    params,
    grad,
    state: optimizer.state,
  };
  let done = 0;
  let lr = config.optimizer.lr as number;

  try {
    if (watchesEpochs) {
      const open = contextAt(config.seed, batches, 1, batches.all);
      best.offer(0, params, await fromLoss(() => watch(params, open)));
    }
    for (let t = 1; t <= config.steps; t++) {
      if (!control.mayStep(t)) return await finish('user');

      const open = contextAt(config.seed, batches, t, batches.indicesOf(t));
      let loss: number;
      try {
        const value = objective.valueAndGradient(params, grad, open);
        loss = isPromise(value) ? await value : value;
      } catch (thrown) {
        throw new FromLoss(thrown);
      }
      if (!watchesEpochs) {
        best.offer(t - 1, params, loss);
        // The evaluation that shows it comes before the update: theta_{t−1} is the last point.
        if (patience?.isOver(loss)) return finishHere('earlyStopping', loss);
      }
      if (tolerance?.isMet(grad)) return await finish('tolerance');

      view.t = t;
      view.loss = loss;
      view.gradNorm = norm2(grad);
      view.clipFactor = config.clip ? clipGradient(grad, view.gradNorm, config.clip) : 1;
      const byHand = control.lr();
      if (!Number.isNaN(byHand)) lr = byHand;
      view.lr = schedule ? schedule(t - 1, lr) : lr;
      for (let i = 0; i < dim; i++) view.before[i] = params[i]!;
      optimizer.step(params, grad, t, view.lr);
      done = t;
      observer.onStep(view);
      if (firstNonFinite(params) >= 0) return await finish('nonFinite');

      if (watchesEpochs && batches.isLastOfEpoch(t)) {
        const openAll = contextAt(config.seed, batches, t, batches.all);
        const watched = await fromLoss(() => watch(params, openAll));
        best.offer(t, params, watched);
        observer.onEpoch?.({ epoch: batches.epochOf(t), t, watched });
        if (patience?.isOver(watched)) return await finish('earlyStopping');
      }
    }
    return await finish('steps');
  } catch (error) {
    if (!(error instanceof FromLoss)) throw error;
    return {
      steps: done,
      stopped: 'error',
      final: { params: params.slice(), loss: Number.NaN, gradNorm: Number.NaN },
      best: best.point(params),
      error: error.thrown,
    };
  }

  /** The one more evaluation, at theta_T. */
  async function finish(stopped: StopReason): Promise<RunOutcome> {
    const open = contextAt(config.seed, batches, done + 1, batches.all);
    let loss = Number.NaN;
    try {
      loss = await fromLoss(() => objective.valueAndGradient(params, grad, open));
    } catch (error) {
      // At parameters that are not finite a loss may well throw: that says nothing new.
      if (stopped !== 'nonFinite') throw error;
      grad.fill(Number.NaN);
    }
    if (!watchesEpochs) best.offer(done, params, loss);
    return finishHere(stopped, loss);
  }

  function finishHere(stopped: StopReason, loss: number): RunOutcome {
    return {
      steps: done,
      stopped,
      final: { params: params.slice(), loss, gradNorm: norm2(grad) },
      best: best.point(params),
      error: undefined,
    };
  }
}

/** What the user's code threw, told apart from errors of our own. */
class FromLoss {
  readonly thrown: unknown;
  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

async function fromLoss(evaluate: () => MaybePromise<number>): Promise<number> {
  try {
    return await evaluate();
  } catch (thrown) {
    throw new FromLoss(thrown);
  }
}

/** Opens a context for step t: the same indices every time, and `random` from its beginning. */
export function contextAt(
  seed: number,
  batches: Batches,
  t: number,
  indices: readonly number[],
): OpenContext {
  const epoch = batches.epochOf(t);
  return () => new Context(t, epoch, indices, seed);
}

/** Most losses never ask for a random number: the generator is made when one does. */
class Context implements EvaluationContext {
  readonly step: number;
  readonly epoch: number;
  readonly indices: readonly number[];
  readonly #seed: number;

  constructor(step: number, epoch: number, indices: readonly number[], seed: number) {
    this.step = step;
    this.epoch = epoch;
    this.indices = indices;
    this.#seed = seed;
  }

  get random(): Random {
    const random = seededRandom(this.#seed, this.step);
    Object.defineProperty(this, 'random', { value: random });
    return random;
  }
}

/** The point of least loss so far. A NaN never wins over a number. */
class Best {
  #t = 0;
  #loss = Number.NaN;
  #params: Float64Array | null = null;

  offer(t: number, params: Float64Array, loss: number): void {
    if (this.#params && !(loss < this.#loss) && !(Number.isNaN(this.#loss) && !Number.isNaN(loss))) return;
    this.#t = t;
    this.#loss = loss;
    this.#params ??= new Float64Array(params.length);
    for (let i = 0; i < params.length; i++) this.#params[i] = params[i]!;
  }

  point(fallback: Float64Array): Point & { t: number } {
    return { params: (this.#params ?? fallback).slice(), loss: this.#loss, t: this.#t };
  }
}

/** Counts the evaluations without an improvement of more than minDelta over the best. */
class Patience {
  readonly #config: EarlyStoppingConfig;
  #best = Number.POSITIVE_INFINITY;
  #waited = 0;

  constructor(config: EarlyStoppingConfig) {
    this.#config = config;
  }

  isOver(value: number): boolean {
    if (value < this.#best - this.#config.minDelta) {
      this.#best = value;
      this.#waited = 0;
      return false;
    }
    this.#waited++;
    return this.#waited >= this.#config.patience;
  }
}

/** max abs(g) ≤ tolerance × its largest so far, ten times in a row. */
class Tolerance {
  readonly #relative: number;
  #largest = 0;
  #streak = 0;

  constructor(relative: number) {
    this.#relative = relative;
  }

  isMet(grad: Float64Array): boolean {
    const now = maxAbs(grad);
    this.#largest = Math.max(this.#largest, now);
    this.#streak = now <= this.#relative * this.#largest ? this.#streak + 1 : 0;
    return this.#streak >= 10;
  }
}
