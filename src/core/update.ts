import { clipGradient } from './clip';
import type { ClipConfig, RunConfig } from './config/runConfig';
import { type GradientScaling, gradientScalingOf, type ScalingMemory } from './gradientScaling';
import { type ParameterGroups, parameterGroupsOf } from './groups';
import type { Intervention } from './interventions';
import { vectorsOf } from './kernels/vectorMemory';
import { norm2 } from './numerics/norms';
import { GroupedOptimizer } from './optimizers/groupedOptimizer';
import type { Optimizer, RecordedState } from './optimizers/optimizer';
import { type Phase, phasesOf, scheduleOf, stateNamesOf } from './phases';
import type { Schedule, ScheduleMemory } from './schedules/schedule';
import { PlateauWatch, type WaitMemory } from './stopping';

/**
 * One step as observers receive it. The object and its arrays belong to the run and are overwritten by the
 * next step, so copy values that you keep.
 */
export interface StepView {
  /** 1-based. */
  t: number;
  /** The loss at theta_{t−1} on the mini-batch of this step. */
  loss: number;
  /** ‖g‖ before clipping. */
  gradNorm: number;
  /** The factor by which clipping reduced the gradient; 1: not clipped. */
  clipFactor: number;
  /** The learning rate of this step. */
  lr: number;
  /** beta1 or momentum of this step; NaN for an optimizer that has neither. */
  beta: number;
  /** The index of the optimizer that made the step: 0, or 1 after a switch. */
  phase: number;
  /**
   * The step count of that optimizer: t, except after a switch and after steps that a dynamic loss scale
   * skipped.
   */
  age: number;
  /** The loss scale of this step. */
  lossScale: number;
  /** The share of nonzero gradient components that rounding changed to 0. */
  underflow: number;
  /** The share of finite gradient components that rounding changed to infinity. */
  overflow: number;
  /**
   * The validation loss, else the loss over all samples, after the last complete epoch; NaN if neither is
   * watched.
   */
  watched: number;
  /** The smallest watched loss so far. */
  bestWatched: number;
  /** NAdam's product of mu_1 … mu_t; NaN elsewhere. */
  muProduct: number;
  /** theta_{t−1}, shape [dim]. */
  before: Float64Array;
  /**
   * theta_{t−2}, shape [dim]; theta_{t−1} at the first step, also at the first one after a checkpoint. This vector keeps its values at
   * the next step, too.
   */
  previous: Float64Array;
  /** theta_t, shape [dim]. */
  readonly params: Float64Array;
  /** The gradient that the optimizer received, shape [dim]. */
  grad: Float64Array;
  /** The same of the step before, shape [dim]; 0 at the first step, also at the first one after a checkpoint. */
  lastGrad: Float64Array;
  /**
   * The optimizer's state after the step, shape [dim] each, in the order of `stateNamesOf`; NaN if it
   * does not have that state.
   */
  state: readonly Float64Array[];
}

type ViewVectors = 'before' | 'previous' | 'params' | 'grad' | 'lastGrad' | 'state';
type ViewNumbers = Omit<StepView, ViewVectors>;

/**
 * Everything except the gradient that determines the next update. Copied, so it remains valid after the run.
 */
export interface UpdateMemory {
  readonly view: ViewNumbers;
  /** Shape [dim]. */
  readonly params: Float64Array;
  readonly optimizer: {
    readonly state: readonly Float64Array[];
    readonly scalars: Float64Array | null;
  };
  /** The optimizer's own learning rate at the last step. */
  readonly lr: number;
  /** Whether the next step is the first one of the second optimizer. */
  readonly switches: boolean;
  /** null if the switch does not depend on a plateau. */
  readonly plateau: WaitMemory | null;
  readonly scaling: ScalingMemory | null;
  /** null for a schedule without memory. */
  readonly schedule: ScheduleMemory | null;
  /** The same of the schedule of each parameter group; empty without groups. */
  readonly groupSchedules: readonly ScheduleMemory[];
}

/**
 * Processes a gradient: rounds and unscales it, clips it, and passes it to the optimizer of the phase with
 * the learning rate of the schedule. Owns params, grad and the view of the step.
 */
export class Update {
  readonly view: StepView;
  readonly #config: RunConfig;
  readonly #phases: readonly Phase[];
  readonly #schedule: Schedule | null;
  readonly #scaling: GradientScaling | null;
  readonly #clip: ClipConfig | null;
  /** null if all coordinates have the same options: also after a switch, because groups belong to the first optimizer. */
  #grouped: GroupedOptimizer | null;
  /** After a switch from groups: the learning rate and product of mu of each coordinate, which are those of all. */
  #ofAll: { readonly lr: Float64Array; readonly muProduct: Float64Array } | null = null;
  /** The learning rates of the groups after the first one, and their schedules. */
  readonly #groupRates: readonly { readonly lr: number; readonly schedule: Schedule | null }[];
  #plateau: PlateauWatch | null = null;
  /** The vector for the next theta_{t−1}. */
  #spare: Float64Array;
  #phase: Phase;
  #optimizer: Optimizer;
  #lr: number;
  #switches = false;

  /**
   * @param start  theta_0, shape [dim]; not modified
   * @param own    the user's optimizer, instead of the one of the registry
   */
  constructor(config: RunConfig, start: Float64Array, own?: Optimizer) {
    const dim = start.length;
    this.#config = config;
    this.#phases = phasesOf(config);
    this.#phase = this.#phases[0]!;
    const groups = parameterGroupsOf(config, dim);
    this.#grouped = groups && groupedOptimizer(config, groups, dim);
    this.#optimizer = own ?? this.#grouped ?? this.#phase.definition.create(dim, this.#phase.options);
    this.#schedule = scheduleOf(config);
    this.#groupRates = (groups?.phases ?? []).slice(1).map(({ options }) => ({
      lr: options.lr as number,
      schedule: scheduleOf(config),
    }));
    this.#scaling = gradientScalingOf(config);
    this.#clip = config.clip;
    this.#lr = config.optimizer.lr as number;
    if (config.switch?.at === 'plateau') this.#plateau = new PlateauWatch(config.switch.patience);
    const vectors = this.#optimizer.vector ? null : vectorsOf(dim);
    const vector = () => this.#optimizer.vector?.() ?? vectors!();
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
      params,
      grad: vector(),
      lastGrad: vector(),
      before: vector(),
      previous: vector(),
      state: this.#optimizer.state,
    };
    this.#spare = vector();
    this.#forgetPoints();
    this.#showState();
  }

  /** The vector for the gradient of the next step. */
  nextGradient(): Float64Array {
    const { view } = this;
    [view.grad, view.lastGrad] = [view.lastGrad, view.grad];
    return view.grad;
  }

  /** Before the first step, all points are theta_0. */
  #forgetPoints(): void {
    const { before, previous, params } = this.view;
    for (const point of [before, previous, this.#spare]) point.set(params);
  }

  /**
   * Sets a number between two steps.
   *
   * @throws RangeError if the optimizer of the phase does not have that state, or the coordinate does not exist
   */
  intervene({ target, coordinate, value }: Intervention): void {
    const { params, phase } = this.view;
    const place = this.#stateNames(phase).indexOf(target as RecordedState);
    const vector = target === 'params' ? params : this.#optimizer.state[place];
    if (!vector || !(coordinate < vector.length))
      throw new RangeError(`the run has no ${target} of coordinate ${coordinate}`);
    vector[coordinate] = value;
  }

  /** The states of the optimizer of a phase. Groups belong to the first one. */
  #stateNames(phase: number): readonly RecordedState[] {
    if (phase === 0 && this.#config.groups) return stateNamesOf(this.#config);
    return this.#phase.definition.stateNames(this.#phase.options);
  }

  /**
   * Computes theta_t from theta_{t−1} and its gradient, and fills in the view.
   *
   * @param lrByHand  the learning rate that the user has set; NaN if none
   */
  apply(t: number, loss: number, lrByHand: number): void {
    const { view } = this;
    const { grad, params } = view;
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
    if (this.#grouped) this.#setRates(this.#grouped.rates, t);
    const cycled = schedule?.beta && this.#phase.definition.cycled ? schedule.beta(t - 1) : undefined;
    view.beta = cycled ?? this.#phase.beta;
    // Three vectors in turn, so that no point is copied twice.
    [view.before, view.previous, this.#spare] = [this.#spare, view.before, view.previous];
    view.before.set(params);
    if (mayStep) {
      view.age++;
      this.#optimizer.step(params, grad, view.age, view.lr, cycled);
    }
    if (this.#optimizer.scalars) view.muProduct = this.#optimizer.scalars[0]!;
    this.#ofAll?.lr.fill(view.lr);
    this.#ofAll?.muProduct.fill(view.muProduct);
    this.#switches = t === this.#config.switch?.at;
  }

  /** Writes the watched loss of theta_t to the view. */
  showWatched(watched: number): void {
    const { view } = this;
    view.watched = watched;
    if (!(view.bestWatched <= watched)) view.bestWatched = Number.isNaN(watched) ? view.bestWatched : watched;
  }

  /**
   * Receives the watched loss for the schedule and the switch: after every update, or at the end of an epoch.
   */
  observe(loss: number): void {
    this.#schedule?.observe?.(loss);
    for (const { schedule } of this.#groupRates) schedule?.observe?.(loss);
    if (this.#plateau?.isOn(loss)) {
      this.#switches = true;
      this.#plateau = null;
    }
  }

  /** A learning rate set by hand changes those of all groups by the same factor. */
  #setRates(rates: Float64Array, t: number): void {
    const set = this.#config.optimizer.lr as number;
    const factor = this.#lr === set ? 1 : this.#lr / set;
    rates[0] = this.view.lr;
    for (const [k, { lr, schedule }] of this.#groupRates.entries()) {
      const own = Number.isFinite(factor) ? lr * factor : this.#lr;
      rates[k + 1] = schedule ? schedule.lr(t - 1, own) : own;
    }
  }

  save(): UpdateMemory {
    const { before: _, previous: __, params, grad: ___, lastGrad: ____, state: _____, ...view } = this.view;
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
      groupSchedules: this.#groupRates.flatMap(({ schedule }) => (schedule?.save ? [schedule.save()] : [])),
    };
  }

  /** To be called on a new instance, whose configuration agrees with the saved one up to the saved step. */
  restore({
    view,
    params,
    optimizer,
    lr,
    switches,
    plateau,
    scaling,
    schedule,
    groupSchedules,
  }: UpdateMemory): void {
    if (view.phase > 0) this.#switch();
    Object.assign(this.view, view);
    this.view.params.set(params);
    this.#forgetPoints();
    for (const [i, values] of optimizer.state.entries()) this.#optimizer.state[i]!.set(values);
    if (optimizer.scalars) this.#optimizer.scalars!.set(optimizer.scalars);
    this.#lr = lr;
    this.#switches = switches;
    if (plateau) this.#plateau!.restore(plateau);
    else this.#plateau = null;
    if (scaling) this.#scaling!.restore(scaling);
    if (schedule) this.#schedule!.restore!(schedule);
    for (const [k, memory] of groupSchedules.entries()) this.#groupRates[k]!.schedule!.restore!(memory);
  }

  #switch(): void {
    const { view } = this;
    this.#phase = this.#phases[1]!;
    this.#optimizer = this.#phase.definition.create(view.params.length, this.#phase.options);
    if (this.#grouped) {
      const { length } = view.params;
      this.#ofAll = { lr: new Float64Array(length), muProduct: new Float64Array(length) };
      this.#grouped = null;
    }
    this.#lr = this.#phase.options.lr as number;
    view.phase = 1;
    view.age = 0;
    view.muProduct = Number.NaN;
    this.#switches = false;
    this.#showState();
  }

  /** Updates the states of the view, in the order of the run. */
  #showState(): void {
    if (this.#phases.length === 1 || this.#grouped) return;
    const dim = this.view.params.length;
    const own: readonly RecordedState[] = this.#phase.definition.stateNames(this.#phase.options);
    const blank = new Float64Array(dim).fill(Number.NaN);
    this.view.state = stateNamesOf(this.#config).map((name) => {
      if (this.#ofAll && (name === 'lr' || name === 'muProduct')) return this.#ofAll[name];
      const place = own.indexOf(name);
      return place < 0 ? blank : this.#optimizer.state[place]!;
    });
  }
}

function groupedOptimizer(
  config: RunConfig,
  { phases, coordinates }: ParameterGroups,
  dim: number,
): GroupedOptimizer {
  const parts = phases.map(({ options }, g) => ({ coordinates: coordinates[g]!, options }));
  return new GroupedOptimizer(phases[0]!.definition, parts, stateNamesOf(config), dim);
}
