import type { ExpressionNode, StepExpression } from '../core/expressions/expression';
import { formatNumber } from '../core/numerics/format';
import type { RecordedState } from '../core/optimizers/optimizer';
import { phasesOf } from '../core/phases';
import type { CoordinateQuantity } from '../core/trace/names';
import type { RunOrder } from '../runs/runOrder';
import { lrSetAfter } from './lrSetAfter';
import { RunCursor } from './runCursor';
import type { UpdatePart } from './updateParts';

/** A variable as the protocol shows it. */
export interface ShownVariable {
  readonly name: string;
  readonly value: string;
  /** The expression that has this value. */
  readonly expression?: string;
  /** What it contains; absent for a number. */
  readonly contains?: Contents;
  /** What can be set; absent for a variable that is read only. */
  readonly target?: SetTarget;
}

export type SetTarget =
  | { readonly kind: 'lr' }
  | { readonly kind: 'coordinate'; readonly target: 'params' | RecordedState; readonly coordinate: number };

/** What a variable or a scope contains. */
export type Contents =
  | { readonly kind: 'step' }
  | { readonly kind: 'quantities' }
  | { readonly kind: 'updates' }
  | { readonly kind: 'vector'; readonly quantity: CoordinateQuantity }
  | { readonly kind: 'evaluation' }
  /** The parameters before the step. */
  | { readonly kind: 'before' }
  /** Why one coordinate moved as it did. */
  | { readonly kind: 'update'; readonly coordinate: number }
  /** Numbers of an expression, with the names of their places. */
  | {
      readonly kind: 'numbers';
      readonly values: Float64Array;
      readonly nameOf: (place: number) => string;
      readonly isBoolean: boolean;
    };

/** A number with all its digits: it reads back as the same bits. */
export function exactText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The states that a user can set. Others follow from them. */
const settable: ReadonlySet<string> = new Set(['params', 'm', 'v', 'vMax', 'u', 'momentum', 'gAvg', 'sum']);

/** The quantities in the order in which they are looked at. */
const order: readonly CoordinateQuantity[] = [
  'params',
  'grad',
  'm',
  'v',
  'mHat',
  'vHat',
  'effectiveLr',
  'update',
];

/** The variables of a place in a run. */
export class Variables {
  readonly #cursor: RunCursor;
  readonly #order: RunOrder | null;

  /** @param order  the order of the run; null for a stored run, which is read only */
  constructor(cursor: RunCursor, order: RunOrder | null) {
    this.#cursor = cursor;
    this.#order = order;
  }

  get #isReadOnly(): boolean {
    return this.#order === null;
  }

  /** The number of variables in some contents that have places instead of names; 0 if all have names. */
  places(contents: Contents): number {
    if (contents.kind === 'numbers') return contents.values.length;
    const { kind } = contents;
    return kind === 'vector' || kind === 'before' || kind === 'updates' ? this.#coordinates.length : 0;
  }

  get #coordinates(): readonly number[] {
    return this.#cursor.run.trace!.layout.coordinates;
  }

  /** The variables of a step: its number, its losses and norms, and its options. */
  step(): ShownVariable[] {
    const { values, t } = this.#cursor;
    const number = (name: string, value: number, more: Partial<ShownVariable> = {}): ShownVariable => ({
      name,
      value: exactText(value),
      expression: name,
      ...more,
    });
    if (t === 0) return [number('step', 0), this.#lr()];
    const names = this.#cursor.names.values.filter((each) => each !== 'step');
    return [
      number('step', t),
      ...names.map((name) => (name === 'lr' ? this.#lr() : number(name, values.scalar(name)))),
      ...this.#biasCorrections(t),
    ];
  }

  /** The learning rate of the step, or the one that the user has set for the next one. */
  get lrNow(): number {
    const { run, t, values } = this.#cursor;
    const set = run.record.fork?.at === t ? lrSetAfter(run, this.#order, t) : null;
    return set ?? values.scalar('lr');
  }

  #lr(): ShownVariable {
    return {
      name: 'lr',
      value: exactText(this.lrNow),
      expression: 'lr',
      ...(!this.#isReadOnly && { target: { kind: 'lr' } as const }),
    };
  }

  /** The evaluation of the loss that the step used. */
  evaluation(): ShownVariable[] {
    const { values } = this.#cursor;
    return [
      { name: 'loss', value: exactText(values.scalar('loss')), expression: 'loss' },
      { name: 'gradNorm', value: exactText(values.scalar('gradNorm')), expression: 'gradNorm' },
      { name: 'params before the step', value: '', contains: { kind: 'before' } },
      this.vector('grad'),
    ];
  }

  /** The parameters at which the loss was evaluated. */
  before(from = 0, count = this.#coordinates.length): ShownVariable[] {
    const { run, t } = this.#cursor;
    const earlier = new RunCursor(run);
    earlier.moveTo(earlier.before(t));
    // Between two rows of a recording, the parameters are not known.
    const isKnown = earlier.t === t - 1;
    return this.#coordinates.slice(from, from + count).map((coordinate) => ({
      name: run.nameOf(coordinate),
      value: isKnown ? exactText(earlier.values.at('params', coordinate)) : 'not recorded',
    }));
  }

  /** The numbers of an expression with their names: coordinates, if it has one number for each of them. */
  ofExpression(values: Float64Array, { type }: StepExpression): Contents {
    const { run } = this.#cursor;
    const coordinates = this.#coordinates;
    const nameOf = (place: number) =>
      values.length === coordinates.length ? run.nameOf(coordinates[place]!) : `[${place}]`;
    return { kind: 'numbers', values, nameOf, isBoolean: type === 'booleans' };
  }

  numbers(
    { values, nameOf, isBoolean }: Extract<Contents, { kind: 'numbers' }>,
    from = 0,
    count = values.length,
  ): ShownVariable[] {
    return [...values.subarray(from, from + count)].map((value, i) => ({
      name: nameOf(from + i),
      value: isBoolean ? String(value !== 0) : exactText(value),
    }));
  }

  summaryOf(values: Float64Array, isBoolean: boolean): string {
    const shown = [...values.subarray(0, 3)].map((value) =>
      isBoolean ? String(value !== 0) : formatNumber(value),
    );
    return `[${shown.join(', ')}${values.length > shown.length ? ', …' : ''}] (${values.length})`;
  }

  /** What an expression sets, if it is the name of one number that can be set. */
  targetOf(node: ExpressionNode): SetTarget | undefined {
    if (node.kind === 'scalar') return node.name === 'lr' ? { kind: 'lr' } : undefined;
    const isState = node.kind === 'coordinate' && settable.has(node.name);
    return isState
      ? { kind: 'coordinate', target: node.name as 'params' | RecordedState, coordinate: node.coordinate }
      : undefined;
  }

  /** 1 − beta^age of an optimizer that corrects its moments. */
  #biasCorrections(t: number): ShownVariable[] {
    const { run } = this.#cursor;
    const [{ definition, options }] = phasesOf(run.record.config);
    if (!definition.derived(options).vHat) return [];
    return (['beta1', 'beta2'] as const).flatMap((name) => {
      const beta = options[name];
      return typeof beta === 'number'
        ? [{ name: `1 - ${name}^t`, value: exactText(-Math.expm1(t * Math.log(beta))) }]
        : [];
    });
  }

  /** The vectors of a step. */
  quantities(): ShownVariable[] {
    const known = this.#cursor.t > 0 ? this.#cursor.names.quantities : (['params'] as const);
    const sorted = [
      ...order.filter((each) => known.includes(each)),
      ...known.filter((each) => !order.includes(each)),
    ];
    return sorted.map((quantity) => this.vector(quantity));
  }

  vector(quantity: CoordinateQuantity): ShownVariable {
    return {
      name: quantity,
      value: this.#summary(quantity),
      expression: quantity,
      contains: { kind: 'vector', quantity },
    };
  }

  /** The first numbers. */
  #summary(quantity: CoordinateQuantity): string {
    const coordinates = this.#coordinates;
    const shown = coordinates
      .slice(0, 3)
      .map((coordinate) => formatNumber(this.#cursor.values.at(quantity, coordinate)));
    const rest = coordinates.length > shown.length ? ', …' : '';
    return coordinates.length <= 3
      ? `[${shown.join(', ')}]`
      : `[${shown.join(', ')}${rest}] (${this.#cursor.run.dim})`;
  }

  /** The numbers of a vector, from a place on. */
  coordinates(quantity: CoordinateQuantity, from = 0, count = this.#coordinates.length): ShownVariable[] {
    const { run } = this.#cursor;
    return this.#coordinates.slice(from, from + count).map((coordinate) => ({
      name: run.nameOf(coordinate),
      value: exactText(this.#cursor.values.at(quantity, coordinate)),
      expression: `${quantity}[${coordinate}]`,
      ...(!this.#isReadOnly &&
        settable.has(quantity) && {
          target: { kind: 'coordinate', target: quantity as 'params' | RecordedState, coordinate } as const,
        }),
    }));
  }
}

/** The parts of an update, and their sum. */
export function partVariables(parts: readonly UpdatePart[]): ShownVariable[] {
  return parts.map(({ name, part }) => ({ name, value: exactText(part) }));
}
