import type { PlainFunction } from '../../syntax/nodes';
import type { Binding } from '../../syntax/scopes';
import type { LocalArray, Slot, Temp } from '../ir';
import type { ModuleScope } from './modules';

/** What an expression comes to while the loss is read. Only scalars exist while it runs; the rest is carried out here. */
export type Value =
  /** A number, or anything that does not depend on the parameters. */
  | { readonly type: 'scalar'; readonly temp: Temp }
  | { readonly type: 'array'; readonly array: LocalArray }
  /** An object or a list of lists that the loss wrote down; never changed. */
  | { readonly type: 'record'; readonly fields: ReadonlyMap<string, Value>; readonly isList: boolean }
  | { readonly type: 'function'; readonly node: PlainFunction; readonly frame: CallFrame }
  /** The second argument of the loss. */
  | { readonly type: 'context' }
  | { readonly type: 'random' }
  /** `Math` and its like. */
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
