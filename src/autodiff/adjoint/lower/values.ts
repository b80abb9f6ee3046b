import type { InlinedFunction } from '../../syntax/nodes';
import type { Binding } from '../../syntax/scopes';
import type { Slot, Temp } from '../ir';
import type { ClassPlace, ModuleScope } from './modules';

/**
 * The result of lowering an expression. Only scalars and objects exist at run time; all other values are
 * resolved during lowering.
 */
export type Value =
  /** A number, or anything that does not depend on the parameters. */
  | { readonly type: 'scalar'; readonly temp: Temp }
  /** A list or record that the loss makes, or its parameters. */
  | { readonly type: 'object'; readonly temp: Temp }
  /** An object literal with functions, or a list that is taken apart immediately; it is never changed. */
  | { readonly type: 'record'; readonly fields: ReadonlyMap<string, Value>; readonly isList: boolean }
  | {
      readonly type: 'function';
      readonly node: InlinedFunction;
      readonly frame: CallFrame;
      readonly self?: Value;
    }
  /** `import * as name`; `text` is null if the generated code cannot use the name. */
  | { readonly type: 'namespace'; readonly module: ModuleScope; readonly text: string | null }
  | { readonly type: 'class'; readonly place: ClassPlace; readonly text: string | null }
  /** `this` in a constructor that only sets fields. */
  | { readonly type: 'instance'; readonly fields: Map<string, Value> }
  /** The second argument of the loss. */
  | { readonly type: 'context' }
  | { readonly type: 'random' }
  /** A global object, such as `Math`. */
  | { readonly type: 'global'; readonly name: string }
  | { readonly type: 'method'; readonly object: string; readonly name: string };

/** The value of a declared name. */
export type Cell =
  | { readonly type: 'value'; readonly value: Value }
  | { readonly type: 'slot'; readonly slot: Slot }
  /** Its declaration was refused. */
  | { readonly type: 'refused' };

/** The names of one call of a function. */
export interface CallFrame {
  readonly module: ModuleScope;
  readonly parent: CallFrame | null;
  readonly cells: Map<Binding, Cell>;
  /** `this`; null if it is not known. An arrow function has that of its parent. */
  readonly self?: Value | null | undefined;
  /** The class whose method or constructor this is, for `super`. */
  readonly classPlace?: ClassPlace | undefined;
}

export function topFrame(module: ModuleScope): CallFrame {
  return { module, parent: null, cells: new Map() };
}

export function selfOf(frame: CallFrame): Value | null {
  for (let at: CallFrame | null = frame; at; at = at.parent) if (at.self !== undefined) return at.self;
  return null;
}

export function findCell(frame: CallFrame, binding: Binding): Cell | null {
  for (let at: CallFrame | null = frame; at; at = at.parent) {
    const cell = at.cells.get(binding);
    if (cell) return cell;
  }
  return null;
}

export function scalarOf(temp: Temp): Value {
  return { type: 'scalar', temp };
}

export function classPlaceOf(frame: CallFrame): ClassPlace | null {
  for (let at: CallFrame | null = frame; at; at = at.parent) if (at.classPlace) return at.classPlace;
  return null;
}

/** A value that exists at run time. */
export function runtimeValue(temp: Temp): Value {
  return temp.shape ? { type: 'object', temp } : { type: 'scalar', temp };
}
