import { turned } from '../ascent';
import { numberOption } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import { parameterGroupsOf } from '../groups';
import type { CoordinateAt } from '../optimizers/optimizer';
import { blankCoordinate, type CoordinateFormulas, formulasOf, groupFormulasOf } from './coordinateFormulas';
import { describe, type QuantityInfo } from './describe';
import {
  type ExtraName,
  extraPlace,
  layoutDirection,
  recordLength,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from './layout';
import type { CoordinateQuantity, GlobalQuantity, Quantity } from './names';
import type { RowValue } from './trace';
import { type Summed, type SummedQuantity, summedOf } from './wholeVector';

export type { QuantityInfo };

/** Reads records into one object, which the next call overwrites. */
interface ReadCoordinate {
  /** The values of the step, which all its coordinates share; to be called before `coordinate`. */
  step(data: Float64Array, offset: number): void;
  coordinate(data: Float64Array, offset: number, k: number): CoordinateAt;
}
type Sums = { readonly [Q in SummedQuantity]: Summed | undefined };

/** The formulas of an optimizer, and its eps. */
export interface OptimizerFormulas {
  readonly formulas: CoordinateFormulas;
  /** 0 if it has none. */
  readonly eps: number;
}

/** What is derived from the records of a run. */
export interface Derivation {
  /** Of each of the run's optimizers, in order. */
  readonly phases: readonly OptimizerFormulas[];
  /** Of each recorded coordinate; null without parameter groups. */
  readonly ofCoordinates: readonly OptimizerFormulas[] | null;
  /** Quantities of a step that the run does not have, although its formulas give them. */
  readonly without: ReadonlySet<GlobalQuantity>;
}

/** What the group of a coordinate has of its own. */
interface OfGroup {
  readonly formulas: CoordinateFormulas;
  readonly sums: Sums;
}

/**
 * The quantities of a run and how to read them from its trace: the recorded ones, and those that are derived
 * from them by the optimizer's formulas. Used by the dashboard, its tables and the command line.
 *
 * Sums over the coordinates use only the recorded coordinates. All coordinates are recorded unless dim is
 * large.
 */
export class Quantities {
  readonly infos: readonly QuantityInfo[];
  readonly #layout: StepLayout;
  readonly #phases: readonly CoordinateFormulas[];
  readonly #sums: readonly Sums[];
  readonly #phaseOf: (data: Float64Array, offset: number) => number;
  /** The formulas of each recorded coordinate, and their sums; null without parameter groups. */
  readonly #ofGroups: readonly OfGroup[] | null;

  readonly #without: ReadonlySet<Quantity>;

  /** @param derivation  of a run of this configuration, if absent */
  constructor(layout: StepLayout, config: RunConfig, derivation = derivationOf(layout, config)) {
    const { phases, ofCoordinates, without } = derivation;
    this.#layout = layout;
    this.#phases = phases.map(({ formulas }) => formulas);
    this.#sums = phases.map(({ formulas, eps }) => summedOf(formulas, eps));
    this.#ofGroups = ofCoordinates && groupsOf(ofCoordinates);
    this.#without = without;
    const place = extraPlace(layout, 'phase');
    this.#phaseOf = place < 0 ? () => 0 : (data, offset) => data[offset + place]!;
    this.infos = describe(layout, config, (quantity) => this.#canRead(quantity));
  }

  has(quantity: Quantity): boolean {
    return this.infos.some((info) => info.quantity === quantity);
  }

  /** Whether a quantity has a value for each coordinate. */
  isOfCoordinate(quantity: Quantity): quantity is CoordinateQuantity {
    return Object.hasOwn(this.#phases[0]!.formulas, quantity);
  }

  /**
   * @param k  index among the recorded coordinates; ignored for global quantities
   * @throws RangeError if this run has no such quantity
   */
  reader(quantity: Quantity, k: number): RowValue {
    if (!this.has(quantity)) throw new RangeError(`this run has no ${quantity}`);
    return this.isOfCoordinate(quantity) ? this.#ofCoordinate(quantity, k) : this.#ofStep(quantity);
  }

  /**
   * Reads a quantity of consecutive recorded coordinates into `out`, the first of which is `from`, an index among the recorded ones:
   * for many coordinates, without a reader for each.
   */
  rangeReader(
    quantity: CoordinateQuantity,
  ): (data: Float64Array, offset: number, from: number, out: Float64Array) => void {
    const read = this.#coordinateReader();
    return (data, offset, from, out) => {
      const phase = this.#phaseOf(data, offset);
      // Groups belong to the first optimizer.
      const groups = phase === 0 ? this.#ofGroups : null;
      const ofAll = this.#phases[phase]!.formulas[quantity];
      read.step(data, offset);
      for (let i = 0; i < out.length; i++) {
        const formula = groups ? groups[from + i]!.formulas.formulas[quantity] : ofAll;
        out[i] = formula?.(read.coordinate(data, offset, from + i)) ?? Number.NaN;
      }
    };
  }

  /** Whether the updates of all coordinates have one bound. */
  get hasBound(): boolean {
    return this.#ofGroups === null && this.has('updateOverBound');
  }

  /** lr·B(t), the bound on abs(update) without decoupled decay; Infinity if there is none. NaN if it differs by group. */
  readonly bound: RowValue = (data, offset) => {
    const phase = this.#phaseOf(data, offset);
    if (this.#ofGroups && phase === 0) return Number.NaN;
    const bound = this.#phases[phase]!.bound(this.#ageOf(data, offset));
    return data[offset + recordPlaces.lr]! * bound;
  };

  /**
   * The optimizer's stability value is meaningful from its step 3/(1 − beta1) on, when its first moment has
   * settled.
   */
  settledAge(phase: number): number {
    const { beta } = this.#phases[phase]!;
    return Math.ceil(3 / (1 - (Number.isNaN(beta) ? 0 : beta)));
  }

  readonly #stabilityLimit: RowValue = (data, offset) => {
    const { stabilityLimit, beta } = this.#phases[this.#phaseOf(data, offset)]!;
    const place = extraPlace(this.#layout, 'beta');
    const limit = stabilityLimit({
      t: this.#ageOf(data, offset),
      lr: data[offset + recordPlaces.lr]!,
      beta: place < 0 ? beta : data[offset + place]!,
    });
    // NaN is not drawn.
    return Number.isFinite(limit) ? limit : Number.NaN;
  };

  #canRead(quantity: Quantity): boolean {
    if (this.#without.has(quantity)) return false;
    const hasCoordinates = this.#layout.coordinates.length > 0;
    if (this.isOfCoordinate(quantity))
      return (
        hasCoordinates &&
        [...this.#phases, ...(this.#ofGroups ?? []).map((each) => each.formulas)].some(
          ({ formulas }) => formulas[quantity] !== undefined,
        )
      );
    if (quantity === 'actualChange') return hasCoordinates;
    if (quantity === 'stabilityLimit') return extraPlace(this.#layout, 'stability') >= 0;
    if (isSummed(quantity)) return hasCoordinates && this.#sums.some((sums) => sums[quantity] !== undefined);
    if (isExtra(quantity)) return extraPlace(this.#layout, quantity) >= 0;
    return true;
  }

  #ofCoordinate(quantity: CoordinateQuantity, k: number): RowValue {
    const read = this.#coordinateReader();
    const ofGroup = this.#ofGroups?.[k]?.formulas;
    // Groups belong to the first optimizer.
    const phases = ofGroup ? [ofGroup, ...this.#phases.slice(1)] : this.#phases;
    const formulas = phases.map((phase) => phase.formulas[quantity]);
    return (data, offset) => {
      read.step(data, offset);
      return formulas[this.#phaseOf(data, offset)]?.(read.coordinate(data, offset, k)) ?? Number.NaN;
    };
  }

  #ofStep(quantity: GlobalQuantity): RowValue {
    const length = recordLength(this.#layout);
    const cost = 1 + this.#layout.coordinates.length;
    if (quantity === 'best') {
      const watched = extraPlace(this.#layout, 'bestWatched');
      return (data, offset) => data[offset + (watched < 0 ? length : watched)]!;
    }
    if (quantity === 'actualChange') {
      const penalty = this.#sum('penaltyChange');
      const direction = layoutDirection(this.#layout);
      const change = (data: Float64Array, offset: number) =>
        data[offset + length + 1]! -
        data[offset + recordPlaces.loss]! +
        turned(penalty(data, offset), direction);
      return Object.assign(change, { cost, looksAhead: true });
    }
    if (quantity === 'predictedChange') {
      const predicted = this.#sum(quantity);
      const direction = layoutDirection(this.#layout);
      return Object.assign(
        (data: Float64Array, offset: number) => turned(predicted(data, offset), direction),
        { cost },
      );
    }
    if (isSummed(quantity)) return Object.assign(this.#sum(quantity), { cost });
    if (quantity === 'stabilityLimit') return this.#stabilityLimit;
    const place = isExtra(quantity) ? extraPlace(this.#layout, quantity) : recordPlaces[quantity];
    return (data, offset) => data[offset + place]!;
  }

  #sum(quantity: SummedQuantity): (data: Float64Array, offset: number) => number {
    const read = this.#coordinateReader();
    const count = this.#layout.coordinates.length;
    return (data, offset) => {
      const phase = this.#phaseOf(data, offset);
      const summed = this.#sums[phase]![quantity];
      // The quadratic model applies to the gradient before clipping.
      const isClipped = quantity === 'predictedChange' && data[offset + recordPlaces.clipFactor] !== 1;
      if (!summed || isClipped) return Number.NaN;
      const groups = phase === 0 ? this.#ofGroups : null;
      read.step(data, offset);
      let sum = 0;
      for (let k = 0; k < count; k++) {
        const own = groups ? groups[k]!.sums[quantity] : summed;
        sum += own ? own.term(read.coordinate(data, offset, k)) : Number.NaN;
      }
      return summed.result(sum, count);
    };
  }

  #ageOf(data: Float64Array, offset: number): number {
    const place = extraPlace(this.#layout, 'age');
    return data[offset + (place < 0 ? recordPlaces.t : place)]!;
  }

  #coordinateReader(): ReadCoordinate {
    const layout = this.#layout;
    const at = blankCoordinate();
    const direction = layoutDirection(layout);
    const [params, grad, update] = (['params', 'grad', 'update'] as const).map((name) =>
      recordOffset(layout, name),
    ) as [number, number, number];
    const states = layout.stateNames.map((name) => ({ name, place: recordOffset(layout, name) }));
    const betaPlace = extraPlace(layout, 'beta');
    const muPlace = extraPlace(layout, 'muProduct');
    let groups: readonly OfGroup[] | null = null;
    return {
      step: (data, offset) => {
        const phase = this.#phaseOf(data, offset);
        at.t = this.#ageOf(data, offset);
        at.lr = data[offset + recordPlaces.lr]!;
        at.beta = betaPlace < 0 ? this.#phases[phase]!.beta : data[offset + betaPlace]!;
        if (muPlace >= 0) at.muProduct = data[offset + muPlace]!;
        // Groups belong to the first optimizer.
        groups = betaPlace < 0 && phase === 0 ? this.#ofGroups : null;
      },
      coordinate: (data, offset, k) => {
        if (groups) at.beta = groups[k]!.formulas.beta;
        at.params = data[offset + params + k]!;
        at.grad = turned(data[offset + grad + k]!, direction);
        at.update = data[offset + update + k]!;
        for (let i = 0; i < states.length; i++) {
          const state = states[i]!;
          at[state.name] = data[offset + state.place + k]!;
        }
        return at;
      },
    };
  }
}

/** What is derived from the records of a run of a loss. */
export function derivationOf(layout: StepLayout, config: RunConfig): Derivation {
  const eps = [config.optimizer, config.switch?.to].map((named) => named && numberOption(named, 'eps'));
  const phases = formulasOf(config).map((formulas, i) => ({ formulas, eps: eps[i] ?? 0 }));
  const without = new Set<GlobalQuantity>(config.clip === null ? ['clipFactor'] : []);
  return { phases, ofCoordinates: groupedBy(layout, config), without };
}

function groupedBy(layout: StepLayout, config: RunConfig): OptimizerFormulas[] | null {
  const groups = parameterGroupsOf(config, layout.dim);
  const formulas = groupFormulasOf(config);
  if (!groups || !formulas) return null;
  const each = formulas.map((own, g) => {
    const { eps } = groups.phases[g]!.options;
    return { formulas: own, eps: typeof eps === 'number' ? eps : 0 };
  });
  return layout.coordinates.map((c) => each[groups.of[c]!]!);
}

/** Coordinates of one group share its sums. */
function groupsOf(coordinates: readonly OptimizerFormulas[]): OfGroup[] {
  const known = new Map<OptimizerFormulas, OfGroup>();
  return coordinates.map((own) => {
    const group = known.get(own) ?? { formulas: own.formulas, sums: summedOf(own.formulas, own.eps) };
    known.set(own, group);
    return group;
  });
}

function isSummed(quantity: Quantity): quantity is Exclude<SummedQuantity, 'penaltyChange'> {
  return summedQuantities.has(quantity);
}
const summedQuantities: ReadonlySet<Quantity> = new Set([
  'rms',
  'updateNorm',
  'updateNormP',
  'predictedChange',
] satisfies Exclude<SummedQuantity, 'penaltyChange'>[]);

const derived: ReadonlySet<Quantity> = new Set(['best', 'actualChange', 'stabilityLimit']);

function isExtra(quantity: GlobalQuantity): quantity is GlobalQuantity & ExtraName {
  return !derived.has(quantity) && !Object.hasOwn(recordPlaces, quantity);
}
