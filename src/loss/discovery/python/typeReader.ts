import type { SyntaxNode } from '@lezer/common';
import { type DictType, otherType, type PythonType, unknownType } from './pythonType';
import { itemsOf, lastNameIn, parsePython, partsOf, stringIn, unwrapped } from './syntaxTree';

/** A node with the text that it belongs to: an annotation may be a string. */
export interface Written {
  readonly node: SyntaxNode;
  readonly text: string;
}

/** The types that a module defines, by name. */
export interface NamedTypes {
  /** The value of an alias: `Vector = np.ndarray`. */
  alias(name: string): SyntaxNode | null;
  classNamed(name: string): SyntaxNode | null;
}

const words = (text: string) => new Set(text.split(' '));
const numbers = words(
  'float floating float16 float32 float64 float_ double longdouble number Number Real SupportsFloat Scalar ScalarLike',
);
const integers = words(
  'int integer int8 int16 int32 int64 int_ intp uint8 uint16 uint32 uint64 SupportsInt SupportsIndex Integral',
);
const tensors = words(
  'ndarray NDArray ArrayLike Array array Tensor tensor FloatTensor DoubleTensor HalfTensor Parameter DeviceArray TensorLike',
);
/** The types of jaxtyping: `Float[Array, "n"]`. */
const shaped = words('Float Float16 Float32 Float64 BFloat16 Real Num Inexact Shaped');
const lists = words('list List Sequence MutableSequence Iterable Collection');
const tuples = words('tuple Tuple');
const dicts = words('dict Dict Mapping MutableMapping OrderedDict defaultdict DefaultDict');
const wrappers = words('Optional Annotated Final ClassVar Required NotRequired ReadOnly');
const others = words(
  'None str bytes bool bool_ complex complex64 complex128 set Set frozenset FrozenSet Callable Literal type Type LongTensor IntTensor ShortTensor BoolTensor ByteTensor Int Int32 Int64 UInt Bool',
);
/** The numbers of an array that are no floats. */
const discrete = /\b(?:u?int\w*|bool_?|str_?|complex\w*|object_?|datetime64)\b/;

/** Types refer to each other, and may refer to themselves. */
const deepest = 12;

/** Reads annotated types. Never throws. */
export class TypeReader {
  readonly #text: string;
  readonly #named: NamedTypes;

  /** @param text  of the module, which contains the types that it defines */
  constructor(text: string, named: NamedTypes) {
    this.#text = text;
    this.#named = named;
  }

  read(written: Written): PythonType {
    return this.#read(written, 0);
  }

  /** @param text  the type alone, from a string or a comment */
  readText(text: string): PythonType {
    return this.#readText(text, 0);
  }

  #readText(text: string, depth: number): PythonType {
    const module = `(${text})`;
    const statement = parsePython(module).topNode.firstChild;
    const expression = statement?.name === 'ExpressionStatement' ? statement.firstChild : null;
    return expression ? this.#read({ node: expression, text: module }, depth) : unknownType;
  }

  #read({ node: outer, text }: Written, depth: number): PythonType {
    if (depth > deepest) return unknownType;
    const node = unwrapped(outer);
    const inner = (each: SyntaxNode) => this.#read({ node: each, text }, depth + 1);
    switch (node.name) {
      case 'None':
        return otherType;
      case 'String': {
        const content = stringIn(node, text);
        return content === null ? unknownType : this.#readText(content, depth + 1);
      }
      case 'BinaryExpression': {
        const [left, operator, right] = partsOf(node);
        if (!left || !right || operator?.name !== 'BitOp') return unknownType;
        return union([inner(left), inner(right)]);
      }
      case 'VariableName':
        return this.#nameless(text.slice(node.from, node.to), depth) ?? this.#defined(node, text, depth);
      case 'MemberExpression': {
        const name = lastNameIn(node, text);
        if (name !== null) return this.#nameless(name, depth) ?? unknownType;
        const [base, open, ...rest] = partsOf(node);
        const generic = base && open?.name === '[' ? lastNameIn(base, text) : null;
        if (generic === null) return unknownType;
        const args = itemsOf(rest).flatMap(([argument]) => (argument ? [{ node: argument, text }] : []));
        return this.#generic(generic, args, depth + 1);
      }
      default:
        return unknownType;
    }
  }

  /** A type that is known by its last name, from whatever package it is imported; null for another. */
  #nameless(name: string, depth: number): PythonType | null {
    // A module may give the name another meaning: `Scalar = Union[float, np.ndarray]`.
    const alias = depth === 0 ? this.#named.alias(name) : null;
    if (alias) return null;
    if (numbers.has(name)) return { kind: 'number' };
    if (integers.has(name)) return { kind: 'integer' };
    if (tensors.has(name)) return { kind: 'tensor' };
    if (lists.has(name) || tuples.has(name)) return { kind: 'list', ofNumbers: false, arity: null };
    if (dicts.has(name)) return { kind: 'dict', names: [], optional: [], isOpen: true };
    return others.has(name) ? otherType : null;
  }

  #defined(node: SyntaxNode, text: string, depth: number): PythonType {
    const name = text.slice(node.from, node.to);
    const alias = this.#named.alias(name);
    if (alias) return this.#alias(alias, depth + 1);
    const definition = this.#named.classNamed(name);
    return (definition && this.#typedDict(definition, depth + 1)) ?? unknownType;
  }

  #alias(value: SyntaxNode, depth: number): PythonType {
    // `NewType('Vector', np.ndarray)`
    const [callee, args] = value.name === 'CallExpression' ? partsOf(value) : [];
    if (!callee || !args) return this.#read({ node: value, text: this.#text }, depth);
    const base = itemsOf(partsOf(args))[1]?.[0];
    if (lastNameIn(callee, this.#text) !== 'NewType' || !base) return unknownType;
    return this.#read({ node: base, text: this.#text }, depth);
  }

  #generic(name: string, args: readonly Written[], depth: number): PythonType {
    const [first] = args;
    if (!first) return unknownType;
    const read = (written: Written) => this.#read(written, depth);
    if (wrappers.has(name)) return read(first);
    if (name === 'Union') return union(args.map(read));
    if (tensors.has(name)) {
      const isDiscrete = args.some(({ node, text }) => discrete.test(text.slice(node.from, node.to)));
      return isDiscrete ? otherType : { kind: 'tensor' };
    }
    if (shaped.has(name)) return read(first);
    if (lists.has(name)) return listOf(read(first), null);
    if (tuples.has(name)) {
      const elements = args.filter(({ node }) => node.name !== 'Ellipsis');
      const arity = elements.length < args.length ? null : args.length;
      const types = elements.map(read);
      return listOf(types.find(({ kind }) => kind !== 'number') ?? { kind: 'number' }, arity);
    }
    if (dicts.has(name)) {
      const value = args[1] ? read(args[1]) : unknownType;
      const fits = value.kind === 'number' || value.kind === 'tensor' || value.kind === 'unknown';
      return fits ? { kind: 'dict', names: [], optional: [], isOpen: true } : otherType;
    }
    return others.has(name) ? otherType : unknownType;
  }

  /** The keys of `class P(TypedDict)`; null for another class. */
  #typedDict(definition: SyntaxNode, depth: number): DictType | null {
    if (depth > deepest) return null;
    const args = definition.getChild('ArgList');
    const bases = args ? itemsOf(partsOf(args)) : [];
    const isPartial = bases.some((base) => this.#isTotalFalse(base));
    let isTyped = false;
    const names: string[] = [];
    const optional: string[] = [];
    for (const [base, ...more] of bases) {
      const name = base && more.length === 0 ? lastNameIn(base, this.#text) : null;
      if (name === null) continue;
      if (name === 'TypedDict') isTyped = true;
      const parent = this.#named.classNamed(name);
      const inherited = parent && parent !== definition ? this.#typedDict(parent, depth + 1) : null;
      if (!inherited) continue;
      isTyped = true;
      names.push(...inherited.names);
      optional.push(...inherited.optional);
    }
    if (!isTyped) return null;
    for (const statement of definition.getChild('Body')?.getChildren('AssignStatement') ?? []) {
      const [key, type] = partsOf(statement);
      if (key?.name !== 'VariableName' || type?.name !== 'TypeDef') continue;
      const name = this.#text.slice(key.from, key.to);
      names.push(name);
      const written = this.#text.slice(type.from, type.to);
      if (/\bNotRequired\b/.test(written) || (isPartial && !/\bRequired\b/.test(written)))
        optional.push(name);
    }
    return { kind: 'dict', names, optional, isOpen: names.length === 0 };
  }

  #isTotalFalse([key, , value]: readonly SyntaxNode[]): boolean {
    return (
      key !== undefined &&
      value !== undefined &&
      this.#text.slice(key.from, key.to) === 'total' &&
      this.#text.slice(value.from, value.to) === 'False'
    );
  }
}

function listOf(element: PythonType, arity: number | null): PythonType {
  if (element.kind === 'integer' || element.kind === 'other') return otherType;
  return { kind: 'list', ofNumbers: element.kind === 'number', arity };
}

/** The member that can be a vector, or a number. None is left out. */
function union(members: readonly PythonType[]): PythonType {
  const kinds = ['unknown', 'tensor', 'list', 'dict', 'number', 'integer'] as const;
  for (const kind of kinds) {
    const found = members.find((member) => member.kind === kind);
    if (found) return found;
  }
  return otherType;
}
