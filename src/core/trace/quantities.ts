import { optionsOf } from '../config/resolve';
import type { RunConfig } from '../config/runConfig';
import type { CoordinateAt, StateName } from '../optimizers/optimizer';
import { optimizers } from '../optimizers/registry';
import { type RecordedName, recordLength, recordOffset, recordPlaces, type StepLayout } from './layout';
import type { CoordinateQuantity, GlobalQuantity, Quantity } from './names';
import type { RowValue } from './trace';

/** A quantity that a run has to show. */
export interface QuantityInfo {
  readonly quantity: Quantity;
  readonly title: string;
  readonly symbol: string;
  /** One line: what it is. */
  readonly formula: string;
  readonly signed: boolean;
}

/**
 * The quantities of a run and how to read them off its trace: the recorded ones, and those that the optimizer's own
 * formulas derive from them. One place for the dashboard, its tables and the command line.
 */
export class Quantities {
  readonly infos: readonly QuantityInfo[];
  readonly #layout: StepLayout;
  readonly #derive: Derive;

  constructor(layout: StepLayout, config: RunConfig) {
    this.#layout = layout;
    this.#derive = deriver(config);
    this.infos = describe(layout, config, this.#derive);
  }

  has(quantity: Quantity): boolean {
    return this.infos.some((info) => info.quantity === quantity);
  }

  /**
   * @param k  index among the recorded coordinates; ignored for global quantities
   * @throws RangeError if this run has no such quantity
   */
  reader(quantity: Quantity, k: number): RowValue {
    if (quantity === 'best') {
      const place = recordLength(this.#layout);
      return (data, offset) => data[offset + place]!;
    }
    if (isGlobal(quantity)) {
      const place = recordPlaces[quantity];
      return (data, offset) => data[offset + place]!;
    }
    const at = blankCoordinate();
    const load = coordinateLoader(this.#layout, k);
    const formula = this.#derive[quantity];
    if (!formula || !this.has(quantity)) throw new RangeError(`this run has no ${quantity}`);
    return (data, offset) => {
      load(data, offset, at);
      return formula(at);
    };
  }

  /** lr·B(t), the bound on abs(update) without decoupled decay; Infinity if there is none. */
  readonly bound: RowValue = (data, offset) =>
    data[offset + recordPlaces.lr]! * this.#derive.bound(data[offset + recordPlaces.t]!);
}

type Derive = { readonly [Q in CoordinateQuantity]: ((at: CoordinateAt) => number) | undefined } & {
  readonly bound: (t: number) => number;
};

function isGlobal(quantity: Quantity): quantity is GlobalQuantity {
  return quantity === 'best' || Object.hasOwn(recordPlaces, quantity);
}

function deriver(config: RunConfig): Derive {
  const definition = optimizers[config.optimizer.name];
  const options = optionsOf(config.optimizer);
  const derived = definition.derived(options);
  const states: readonly StateName[] = definition.stateNames(options);
  const kept = (name: StateName) => (states.includes(name) ? (at: CoordinateAt) => at[name] : undefined);
  const bound = definition.bound(options);
  return {
    params: (at) => at.params,
    grad: (at) => at.grad,
    m: kept('m'),
    v: kept('v'),
    vMax: kept('vMax'),
    momentum: kept('momentum'),
    mHat: derived.mHat,
    vHat: derived.vHat,
    effectiveLr: (at) => at.lr / derived.preconditioner(at),
    update: (at) => at.update,
    absUpdate: (at) => Math.abs(at.update),
    updateOverBound: Number.isFinite(bound(2))
      ? (at) => {
          const decayed = (1 - definition.decay(at.lr, options)) * (at.params - at.update);
          return Math.abs(at.update + decayed) / (at.lr * bound(at.t));
        }
      : undefined,
    bound,
  };
}

function describe(layout: StepLayout, config: RunConfig, derive: Derive): QuantityInfo[] {
  const definition = optimizers[config.optimizer.name];
  const all: { readonly [Q in Quantity]: Omit<QuantityInfo, 'quantity'> } = {
    loss: {
      title: 'Loss',
      symbol: 'f(θ)',
      formula: 'the loss at the point where step t starts',
      signed: true,
    },
    best: { title: 'Best so far', symbol: 'min f', formula: 'the least loss up to step t', signed: true },
    gradNorm: {
      title: 'Gradient norm',
      symbol: '‖g‖',
      formula: 'Euclidean norm of the gradient, before clipping',
      signed: false,
    },
    effectiveLr: {
      title: 'Effective learning rate',
      symbol: definition.effectiveLrFormula,
      formula: 'what a unit of direction moves this coordinate by',
      signed: false,
    },
    updateOverBound: {
      title: 'Update / bound',
      symbol: '|Δθ| / (lr·B(t))',
      formula: 'share of the largest step that the optimizer can take at step t; 1 cannot be passed',
      signed: false,
    },
    absUpdate: {
      title: 'Update',
      symbol: '|Δθ|',
      formula: 'how far the coordinate moved in step t',
      signed: false,
    },
    mHat: {
      title: 'First moment',
      symbol: 'mHat',
      formula: 'm / (1 − beta1ᵗ): mean of recent gradients',
      signed: true,
    },
    vHat: {
      title: 'Second moment',
      symbol: 'vHat',
      formula: 'v / (1 − beta2ᵗ): mean of recent squared gradients; the one that divides',
      signed: false,
    },
    momentum: { title: 'Momentum', symbol: 'b', formula: 'the direction that is kept', signed: true },
    lr: {
      title: 'Learning rate',
      symbol: 'lr',
      formula: 'the learning rate that step t used',
      signed: false,
    },
    clipFactor: {
      title: 'Clipping',
      symbol: 'factor',
      formula: 'what clipping multiplied the gradient by; 1: it did nothing',
      signed: false,
    },
    params: { title: 'Parameters', symbol: 'θ', formula: 'the point after step t', signed: true },
    grad: { title: 'Gradient', symbol: 'g', formula: 'the gradient that the optimizer got', signed: true },
    update: { title: 'Signed update', symbol: 'Δθ', formula: 'θ after minus θ before step t', signed: true },
    m: { title: 'm', symbol: 'm', formula: 'first moment, not corrected for its start at 0', signed: true },
    v: { title: 'v', symbol: 'v', formula: 'second moment, not corrected for its start at 0', signed: false },
    vMax: { title: 'vMax', symbol: 'vMax', formula: 'the largest v so far', signed: false },
  };
  const shows = (quantity: Quantity) => {
    if (quantity === 'clipFactor') return config.clip !== null;
    return isGlobal(quantity) || (layout.coordinates.length > 0 && derive[quantity] !== undefined);
  };
  return (Object.keys(all) as Quantity[]).filter(shows).map((quantity) => ({ quantity, ...all[quantity] }));
}

function blankCoordinate(): CoordinateAt {
  return { t: 0, lr: 0, grad: 0, update: 0, params: 0, m: 0, v: 0, vMax: 0, momentum: 0 };
}

/** Reads what formulas need of the k-th recorded coordinate. */
function coordinateLoader(layout: StepLayout, k: number) {
  const place = (name: RecordedName) => recordOffset(layout, name) + k;
  const [params, grad, update] = [place('params'), place('grad'), place('update')];
  const states = layout.stateNames.map((name) => ({ name, place: place(name) }));
  return (data: Float64Array, offset: number, at: CoordinateAt) => {
    at.t = data[offset + recordPlaces.t]!;
    at.lr = data[offset + recordPlaces.lr]!;
    at.params = data[offset + params]!;
    at.grad = data[offset + grad]!;
    at.update = data[offset + update]!;
    for (let i = 0; i < states.length; i++) {
      const state = states[i]!;
      at[state.name] = data[offset + state.place]!;
    }
  };
}
