import { clipGradient } from './clip';
import type { ClipConfig, RunConfig } from './config/runConfig';
import { type GradientScaling, gradientScalingOf, type ScalingMemory } from './gradientScaling';
import { norm2 } from './numerics/norms';
import type { Optimizer } from './optimizers/optimizer';
import { type Phase, phasesOf, scheduleOf, stateNamesOf } from './phases';
import type { Schedule, ScheduleMemory } from './schedules/schedule';
import { PlateauWatch, type WaitMemory } from './stopping';

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
  /** beta1 or momentum that this step used; NaN for an optimizer that has neither. */
  beta: number;
  /** Which of the run's optimizers took the step: 0, or 1 after a switch. */
  phase: number;
  /** That optimizer's own count of steps: t, but for a switch and for steps that a dynamic loss scale left out. */
  age: number;
  /** The loss scale of this step. */
  lossScale: number;
  /** Share of the gradient's non-zero components that rounding made 0. */
  underflow: number;
  /** Share of its finite components that rounding made infinite. */
  overflow: number;
  /** The validation loss, else the loss over all samples, after the last whole epoch; NaN where none is watched. */
  watched: number;
  /** The least of them so far. */
  bestWatched: number;
  /** NAdam's product of mu_1 … mu_t; NaN elsewhere. */
  muProduct: number;
  /** theta_{t−1}, shape [dim]. */
  readonly before: Float64Array;
  /** theta_t, shape [dim]. */
  readonly params: Float64Array;
  /** The gradient that the optimizer got, shape [dim]. */
  readonly grad: Float64Array;
  /** The optimizer's state after the step, shape [dim] each, in the order of `stateNamesOf`; NaN where it has no such. */
  state: readonly Float64Array[];
}

type ViewNumbers = Omit<StepView, 'before' | 'params' | 'grad' | 'state'>;

/** All that the next update depends on beside the gradient. Copies: it outlives the run. */
export interface UpdateMemory {
  readonly view: ViewNumbers;
  /** Shape [dim]. */
  readonly params: Float64Array;
  readonly optimizer: {
    readonly state: readonly Float64Array[];
    readonly scalars: Float64Array | null;
  };
  /** The optimizer's own learning rate, as of the last step. */
  readonly lr: number;
  /** Whether the next step is the second optimizer's first. */
  readonly switches: boolean;
  /** null where no plateau is waited for. */
  readonly plateau: WaitMemory | null;
  readonly scaling: ScalingMemory | null;
  /** null for a schedule that remembers nothing. */
  readonly schedule: ScheduleMemory | null;
}

/**
 * What happens to a gradient: it is rounded and unscaled, clipped, and given to the optimizer of the phase with the
 * learning rate of the schedule. Owns params, grad and the view of the step.
 */
export class Update {
  readonly view: StepView;
  readonly #config: RunConfig;
  readonly #phases: readonly Phase[];
  readonly #schedule: Schedule | null;
  readonly #scaling: GradientScaling | null;
  readonly #clip: ClipConfig | null;
  #plateau: PlateauWatch | null = null;
  #phase: Phase;
  #optimizer: Optimizer;
  #lr: number;
  #switches = false;

  /** @param start  theta_0, shape [dim]; not modified */
  constructor(config: RunConfig, start: Float64Array) {
    const dim = start.length;
    this.#config = config;
    this.#phases = phasesOf(config);
    this.#phase = this.#phases[0]!;
    this.#optimizer = this.#phase.definition.create(dim, this.#phase.options);
    this.#schedule = scheduleOf(config);
    this.#scaling = gradientScalingOf(config);
    this.#clip = config.clip;
    this.#lr = config.optimizer.lr as number;
    if (config.switch?.at === 'plateau') this.#plateau = new PlateauWatch(config.switch.patience);
    const vector = () => this.#optimizer.vector?.() ?? new Float64Array(dim);
    const params = vector();
    params.set(start);
    this.view = {
      t: 0,
      loss: Number.NaN,
      gradNorm: Number.NaN,
      clipFactor: 1,
      lr: Number.NaN,
      beta: Number.NaN,
      phase: 0,
      age: 0,
      lossScale: this.#scaling?.scale ?? 1,
      underflow: 0,
      overflow: 0,
      watched: Number.NaN,
      bestWatched: Number.NaN,
      muProduct: Number.NaN,
      before: new Float64Array(dim),
      params,
      grad: vector(),
      state: this.#optimizer.state,
    };
    this.#showState();
  }

  /**
   * Makes theta_t out of theta_{t−1} and the gradient there, and fills in the view.
   *
   * @param lrByHand  what the user set; NaN if nothing
   */
  apply(t: number, loss: number, lrByHand: number): void {
    const { view } = this;
    const { grad, params, before } = view;
    if (this.#switches) this.#switch();
    view.t = t;
    view.loss = loss;
    const scaling = this.#scaling;
    let mayStep = true;
    if (scaling) {
      view.lossScale = scaling.scale;
      mayStep = scaling.apply(grad);
      view.underflow = scaling.underflow;
      view.overflow = scaling.overflow;
    }
    view.gradNorm = norm2(grad);
    view.clipFactor = this.#clip ? clipGradient(grad, view.gradNorm, this.#clip) : 1;
    if (!Number.isNaN(lrByHand)) this.#lr = lrByHand;
    const schedule = this.#schedule;
    view.lr = schedule ? schedule.lr(t - 1, this.#lr) : this.#lr;
    const cycled = schedule?.beta && this.#phase.definition.cycled ? schedule.beta(t - 1) : undefined;
    view.beta = cycled ?? this.#phase.beta;
    for (let i = 0; i < params.length; i++) before[i] = params[i]!;
    if (mayStep) {
      view.age++;
      this.#optimizer.step(params, grad, view.age, view.lr, cycled);
    }
    if (this.#optimizer.scalars) view.muProduct = this.#optimizer.scalars[0]!;
    this.#switches = t === this.#config.switch?.at;
  }

  /** Shows the watched loss of theta_t in the view. */
  showWatched(watched: number): void {
    const { view } = this;
    view.watched = watched;
    if (!(view.bestWatched <= watched)) view.bestWatched = Number.isNaN(watched) ? view.bestWatched : watched;
  }

  /** Told the loss to go by: after every update, or at the end of an epoch where one is watched. */
  observe(loss: number): void {
    this.#schedule?.observe?.(loss);
    if (this.#plateau?.isOn(loss)) {
      this.#switches = true;
      this.#plateau = null;
    }
  }

  save(): UpdateMemory {
    const { before: _, params, grad: __, state: ___, ...view } = this.view;
    const { state, scalars } = this.#optimizer;
    return {
      view,
      params: params.slice(),
      optimizer: { state: state.map((values) => values.slice()), scalars: scalars?.slice() ?? null },
      lr: this.#lr,
      switches: this.#switches,
      plateau: this.#plateau?.save() ?? null,
      scaling: this.#scaling?.save() ?? null,
      schedule: this.#schedule?.save?.() ?? null,
    };
  }

  /** Of a fresh update of a configuration that has agreed with the saved one until now. */
  restore({ view, params, optimizer, lr, switches, plateau, scaling, schedule }: UpdateMemory): void {
    if (view.phase > 0) this.#switch();
    Object.assign(this.view, view);
    this.view.params.set(params);
    for (const [i, values] of optimizer.state.entries()) this.#optimizer.state[i]!.set(values);
    if (optimizer.scalars) this.#optimizer.scalars!.set(optimizer.scalars);
    this.#lr = lr;
    this.#switches = switches;
    if (plateau) this.#plateau!.restore(plateau);
    else this.#plateau = null;
    if (scaling) this.#scaling!.restore(scaling);
    if (schedule) this.#schedule!.restore!(schedule);
  }

  #switch(): void {
    const { view } = this;
    this.#phase = this.#phases[1]!;
    this.#optimizer = this.#phase.definition.create(view.params.length, this.#phase.options);
    this.#lr = this.#phase.options.lr as number;
    view.phase = 1;
    view.age = 0;
    view.muProduct = Number.NaN;
    this.#switches = false;
    this.#showState();
  }

  /** The states of the view in the run's own order. */
  #showState(): void {
    if (this.#phases.length === 1) return;
    const dim = this.view.params.length;
    const own = this.#phase.definition.stateNames(this.#phase.options);
    const blank = new Float64Array(dim).fill(Number.NaN);
    this.view.state = stateNamesOf(this.#config).map((name) => {
      const place = own.indexOf(name);
      return place < 0 ? blank : this.#optimizer.state[place]!;
    });
  }
}
