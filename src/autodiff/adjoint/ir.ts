import type { OperationName } from '../rules';
import type { Site } from '../sites';

/**
 * The intermediate representation of a loss, with all calls inlined: temporaries that are assigned once,
 * slots for variables that are reassigned, arrays, branches and loops. Names of the module and literals
 * remain JavaScript text.
 */

/**
 * The static type of a value. 'int': an integer. 'num': a number, or a value that arithmetic converts to one
 * (undefined). 'bool': a boolean. 'any': nothing is known.
 */
export type TempKind = 'int' | 'num' | 'bool' | 'any';

export interface Temp {
  readonly id: number;
  readonly op: Op;
  readonly site: Site;
  /** The block in which it is defined; null for texts that are valid everywhere. */
  readonly block: Block | null;
  kind: TempKind;
  /** Whether it depends on the parameters in a way that has a derivative. */
  isActive: boolean;
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
  | { readonly type: 'load'; readonly array: LocalArray; readonly index: Temp }
  | { readonly type: 'length'; readonly array: LocalArray }
  | { readonly type: 'phi'; readonly yes: Temp; readonly no: Temp; readonly branch: Branch }
  | { readonly type: 'counter'; readonly loop: Loop }
  /** The counter's value after its loop. */
  | { readonly type: 'end'; readonly loop: Loop };

/** A variable that is assigned more than once. */
export interface Slot {
  readonly id: number;
  readonly block: Block;
  kind: TempKind;
  isActive: boolean;
}

/** An array that this evaluation made, or the parameters. */
export interface LocalArray {
  readonly id: number;
  readonly form: ArrayForm;
  readonly block: Block;
  readonly site: Site;
  kind: TempKind;
  isActive: boolean;
  /** Whether it may become longer after it was made. */
  grows: boolean;
}

export type ArrayForm =
  | { readonly type: 'parameters' }
  | { readonly type: 'typed'; readonly constructor: string; readonly length: Temp }
  | { readonly type: 'sized'; readonly length: Temp; readonly fill: Temp | null }
  | { readonly type: 'list'; readonly items: readonly Temp[] };

export type Statement =
  | { readonly type: 'define'; readonly temp: Temp }
  | { readonly type: 'slot'; readonly slot: Slot }
  | { readonly type: 'write'; readonly slot: Slot; readonly value: Temp }
  | { readonly type: 'array'; readonly array: LocalArray }
  | {
      readonly type: 'store';
      readonly array: LocalArray;
      readonly index: Temp;
      readonly value: Temp;
      /** `=` overwrites the element, the others add to it. */
      readonly operator: '=' | '+=' | '-=';
      readonly site: Site;
    }
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
  readonly parameters: LocalArray;
  readonly result: Temp;
  readonly usesRandom: boolean;
  /** Temporaries, slots and arrays in the order of their creation. */
  readonly temps: readonly Temp[];
  readonly slots: readonly Slot[];
  readonly arrays: readonly LocalArray[];
}

export function argumentsOf({ op }: Temp): readonly Temp[] {
  switch (op.type) {
    case 'plain':
    case 'rule':
      return op.args;
    case 'load':
      return [op.index];
    case 'phi':
      return [op.yes, op.no];
    case 'text':
    case 'read':
    case 'length':
    case 'counter':
    case 'end':
      return [];
  }
}

/** Whether `block` is `other` or is nested in it. */
export function isWithin(block: Block, other: Block): boolean {
  for (let at: Block | null = block; at; at = at.parent) if (at === other) return true;
  return false;
}
