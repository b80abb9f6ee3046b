import type { OperationName } from '../rules';
import type { Site } from '../sites';
import { elements, type Shape, type TempKind } from './shapes';

/**
 * The intermediate representation of a loss, with all calls inlined: temporaries that are assigned once,
 * slots for variables that are reassigned, objects (lists and records), branches and loops. Names of the
 * module and literals remain JavaScript text.
 */

export interface Temp {
  readonly id: number;
  readonly op: Op;
  readonly site: Site;
  /** The block in which it is defined; null for texts that are valid everywhere. */
  readonly block: Block | null;
  kind: TempKind;
  /** Whether it depends on the parameters in a way that has a derivative. Never true for an object. */
  isActive: boolean;
  /** The shape of an object; null for a number or plain data. */
  readonly shape: Shape | null;
}

export type Op =
  /** A literal or a name of the module: text that is the same everywhere. */
  | { readonly type: 'text'; readonly text: string }
  /** JavaScript around its arguments: `parts[0] args[0] parts[1] …`. */
  | {
      readonly type: 'plain';
      readonly parts: readonly string[];
      readonly args: readonly Temp[];
      /** Whether it may be evaluated again, with the same result. */
      readonly isPure: boolean;
      /**
       * The treatment of arguments that depend on the parameters: the result does not depend on them, or the
       * call is refused.
       */
      readonly onActive: 'inactive' | 'refuse';
    }
  | { readonly type: 'rule'; readonly name: OperationName; readonly args: readonly Temp[] }
  | { readonly type: 'read'; readonly slot: Slot }
  /** An element of a list, or a field of a record (`index` is null). */
  | { readonly type: 'load'; readonly object: Temp; readonly key: string; readonly index: Temp | null }
  | { readonly type: 'length'; readonly object: Temp }
  | { readonly type: 'make'; readonly form: ObjectForm }
  /** Data that are used like an object that the loss makes. They are not changed. */
  | { readonly type: 'adopt'; readonly data: Temp }
  | { readonly type: 'phi'; readonly yes: Temp; readonly no: Temp; readonly branch: Branch }
  | { readonly type: 'counter'; readonly loop: Loop }
  /** The counter's value after its loop. */
  | { readonly type: 'end'; readonly loop: Loop };

/** A variable that is assigned more than once. */
export interface Slot {
  readonly id: number;
  readonly block: Block;
  /** The binding or syntax that it belongs to. */
  readonly owner: object;
  readonly shape: Shape | null;
  kind: TempKind;
  isActive: boolean;
}

/** An object that this evaluation makes, or the parameters. */
export type ObjectForm =
  | { readonly type: 'parameters' }
  | { readonly type: 'typed'; readonly constructor: string; readonly length: Temp }
  | { readonly type: 'sized'; readonly length: Temp; readonly fill: Temp | null }
  | { readonly type: 'list'; readonly items: readonly Temp[] }
  /** `spread`: data whose fields are copied first. */
  | { readonly type: 'record'; readonly fields: ReadonlyMap<string, Temp>; readonly spread: Temp | null };

export interface Store {
  readonly type: 'store';
  readonly object: Temp;
  readonly key: string;
  readonly index: Temp | null;
  readonly value: Temp;
  /** `=` overwrites, the others add. */
  readonly operator: '=' | '+=' | '-=';
  /** Whether the object is not complete yet: nothing has read it. */
  readonly isInitial: boolean;
  readonly site: Site;
}

export type Statement =
  | { readonly type: 'define'; readonly temp: Temp }
  | { readonly type: 'slot'; readonly slot: Slot }
  | { readonly type: 'write'; readonly slot: Slot; readonly value: Temp }
  | Store
  | { readonly type: 'branch'; readonly branch: Branch }
  | { readonly type: 'loop'; readonly loop: Loop }
  | { readonly type: 'throw'; readonly value: Temp };

export interface Block {
  readonly parent: Block | null;
  /** The loop whose body or test it is in; null outside of loops. */
  readonly loop: Loop | null;
  readonly statements: Statement[];
}

export interface Branch {
  readonly condition: Temp;
  readonly yes: Block;
  readonly no: Block;
  readonly phis: Temp[];
}

/**
 * `for (let counter = start; ; counter += step) { test; if (!condition) break; body; if (exit) leave }`. `end
 * - step` is the counter of the last iteration, also if `exit` ended the loop.
 */
export interface Loop {
  readonly id: number;
  readonly start: Temp;
  readonly step: number;
  readonly outer: Block;
  counter: Temp;
  test: Block;
  condition: Temp;
  body: Block;
  exit: Slot | null;
  end: Temp;
}

export interface Program {
  readonly body: Block;
  readonly result: Temp;
  readonly usesRandom: boolean;
  /** Temporaries and slots in the order of their creation. */
  readonly temps: readonly Temp[];
  readonly slots: readonly Slot[];
}

export function argumentsOf({ op }: Temp): readonly Temp[] {
  switch (op.type) {
    case 'plain':
    case 'rule':
      return op.args;
    case 'load':
      return op.index ? [op.object, op.index] : [op.object];
    case 'length':
      return [op.object];
    case 'make':
      return partsOf(op.form);
    case 'adopt':
      return [op.data];
    case 'phi':
      return [op.yes, op.no];
    case 'text':
    case 'read':
    case 'counter':
    case 'end':
      return [];
  }
}

/** The values that make an object. */
export function partsOf(form: ObjectForm): readonly Temp[] {
  switch (form.type) {
    case 'parameters':
      return [];
    case 'typed':
      return [form.length];
    case 'sized':
      return form.fill ? [form.length, form.fill] : [form.length];
    case 'list':
      return form.items;
    case 'record':
      return form.spread ? [form.spread, ...form.fields.values()] : [...form.fields.values()];
  }
}

/** The contents that an object is made with, and the keys of their cells. */
export function contentsOf(form: ObjectForm): readonly { readonly key: string; readonly value: Temp }[] {
  switch (form.type) {
    case 'list':
      return form.items.map((value) => ({ key: elements, value }));
    case 'sized':
      return form.fill ? [{ key: elements, value: form.fill }] : [];
    case 'record':
      return [...form.fields].map(([key, value]) => ({ key, value }));
    default:
      return [];
  }
}

/** Whether a value is written as `null` or `undefined`. */
export function isNothing({ op }: Temp): boolean {
  return op.type === 'text' && (op.text === '(void 0)' || op.text === 'null');
}

/** Whether `block` is `other` or is nested in it. */
export function isWithin(block: Block, other: Block): boolean {
  for (let at: Block | null = block; at; at = at.parent) if (at === other) return true;
  return false;
}
