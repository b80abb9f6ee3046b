import type { InlinedFunction } from '../syntax/nodes';
import type { ClassPlace, ModuleScope } from './lower/modules';

/**
 * The static type of a value. 'int': an integer. 'num': a number, or a value that arithmetic converts to one
 * (undefined). 'bool': a boolean. 'any': nothing is known.
 */
export type TempKind = 'int' | 'num' | 'bool' | 'any';

/** The key of the elements of a list. No field has this name. */
export const elements = '[]';

/** What the elements of a list, or one field of a record, hold. */
export interface Cell {
  /** null: not yet known; 'scalar': numbers and plain data; otherwise objects of a shape. */
  content: Shape | 'scalar' | null;
  /** Whether it may change after its object was completed. */
  isStored: boolean;
  kind: TempKind;
  isActive: boolean;
}

/**
 * The static type of objects that may be the same: lists, and records with fields. Where objects meet (in a
 * variable, an element, a field), their shapes are united, as in Steensgaard's points-to analysis (POPL 1996).
 */
export interface Shape {
  united: Shape | null;
  form: 'list' | 'record' | null;
  /** The constructor of a typed array; null for a plain array. */
  typed: string | null;
  isParameters: boolean;
  /** Whether some of its objects are data that outlive the evaluation. */
  isAdopted: boolean;
  /** Whether some of its objects are copies of records that exist only while the loss is lowered. */
  isCopied: boolean;
  classPlace: ClassPlace | null;
  /** Functions that its objects hold. */
  readonly methods: Map<string, SharedFunction>;
  readonly cells: Map<string, Cell>;
  /** The places in the source that make its objects. */
  readonly origins: Set<Origin>;
}

/** What makes objects or holds them: syntax or a name, or a text for a place. The same in every lowering. */
export type Origin = object | string;

/** A function without variables of its own, or one of a global object. */
export type SharedFunction =
  | { readonly type: 'function'; readonly node: InlinedFunction; readonly module: ModuleScope }
  | { readonly type: 'method'; readonly object: string; readonly name: string };

export function newShape(origin: Origin, form: Shape['form'] = null): Shape {
  return {
    united: null,
    form,
    typed: null,
    isParameters: false,
    isAdopted: false,
    isCopied: false,
    classPlace: null,
    methods: new Map(),
    cells: new Map(),
    origins: new Set([origin]),
  };
}

export function rootOf(shape: Shape): Shape {
  let root = shape;
  while (root.united) root = root.united;
  if (shape.united && shape.united !== root) shape.united = root;
  return root;
}

export function cellOf(shape: Shape, key: string): Cell {
  const { cells } = rootOf(shape);
  const known = cells.get(key);
  if (known) return known;
  const cell: Cell = { content: null, isStored: false, kind: 'int', isActive: false };
  cells.set(key, cell);
  return cell;
}

export type Conflict =
  /** A cell holds an object here and a plain value there. */
  | { readonly type: 'content'; readonly origins: readonly Origin[]; readonly key: string }
  | { readonly type: 'kind'; readonly message: string };

/** Unites two shapes. Returns the first conflict; null if there is none. */
export function unite(first: Shape, second: Shape): Conflict | null {
  const a = rootOf(first);
  const b = rootOf(second);
  if (a === b) return null;
  const conflict = conflictOf(a, b);
  if (conflict) return { type: 'kind', message: conflict };
  b.united = a;
  a.form ??= b.form;
  a.typed ??= b.typed;
  a.isParameters ||= b.isParameters;
  a.isAdopted ||= b.isAdopted;
  a.isCopied ||= b.isCopied;
  a.classPlace ??= b.classPlace;
  for (const origin of b.origins) a.origins.add(origin);
  for (const [name, method] of b.methods) a.methods.set(name, method);
  for (const [key, cell] of b.cells) {
    const own = rootOf(a).cells.get(key);
    if (!own) {
      rootOf(a).cells.set(key, cell);
      continue;
    }
    own.isStored ||= cell.isStored;
    const found = uniteContents(own, cell, rootOf(a), key);
    if (found) return found;
  }
  return null;
}

function conflictOf(a: Shape, b: Shape): string | null {
  if (a.form && b.form && a.form !== b.form) return 'one variable holds a list and an object';
  if (a.form === 'list' && b.form === 'list' && a.typed !== b.typed)
    return 'one variable holds arrays of different types';
  if (a.form && b.form && a.classPlace?.node !== b.classPlace?.node)
    return 'one variable holds objects of different classes';
  for (const [name, value] of b.methods)
    if (a.methods.has(name) && !isSameFunction(a.methods.get(name)!, value))
      return `${name} is another function from object to object`;
  if (
    a.form &&
    b.form &&
    (a.methods.size !== b.methods.size || [...a.methods.keys()].some((name) => !b.methods.has(name)))
  )
    return 'one variable holds objects with different functions';
  return null;
}

function isSameFunction(a: SharedFunction, b: SharedFunction): boolean {
  if (a.type === 'function' && b.type === 'function') return a.node === b.node;
  return a.type === 'method' && b.type === 'method' && a.object === b.object && a.name === b.name;
}

function uniteContents(own: Cell, cell: Cell, { origins }: Shape, key: string): Conflict | null {
  if (own.content === null) own.content = cell.content;
  else if (cell.content === null || own.content === cell.content) return null;
  else if (own.content === 'scalar' || cell.content === 'scalar')
    return { type: 'content', origins: [...origins], key };
  else return unite(own.content, cell.content);
  return null;
}

/** Whether objects of a shape need adjoints or tangents. */
export function hasShadow(shape: Shape, within: ReadonlySet<Shape> = new Set()): boolean {
  const root = rootOf(shape);
  if (root.isParameters) return true;
  if (within.has(root)) return false;
  const inner = new Set([...within, root]);
  return [...root.cells.values()].some((cell) => isShadowed(cell, inner));
}

export function isShadowed(cell: Cell, within: ReadonlySet<Shape> = new Set()): boolean {
  if (cell.content === null || cell.content === 'scalar') return cell.isActive;
  return hasShadow(cell.content, within);
}
