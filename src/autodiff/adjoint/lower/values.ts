import type { PlainFunction } from '../../syntax/nodes';
import type { Binding } from '../../syntax/scopes';
import type { LocalArray, Slot, Temp } from '../ir';
import type { ModuleScope } from './modules';

/**
 * The result of lowering an expression. Only scalars exist at run time; all other values are resolved during
 * lowering.
 */
export type Value =
  /** A number, or anything that does not depend on the parameters. */
  | { readonly type: 'scalar'; readonly temp: Temp }
  | { readonly type: 'array'; readonly array: LocalArray }
  /** An object literal or a literal list of lists in the loss; it is never changed. */
  | { readonly type: 'record'; readonly fields: ReadonlyMap<string, Value>; readonly isList: boolean }
  | { readonly type: 'function'; readonly node: PlainFunction; readonly frame: CallFrame }
  /** `import * as name`; `text` is null if the generated code cannot use the name. */
  | { readonly type: 'namespace'; readonly module: ModuleScope; readonly text: string | null }
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
