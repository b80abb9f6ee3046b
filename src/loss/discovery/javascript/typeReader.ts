import type { SyntaxNode } from '@lezer/common';
import { childrenOf, isComment, isPunctuation, nameIn } from './syntaxTree';
import {
  type ObjectMember,
  type ObjectShape,
  type Signature,
  type TypeShape,
  unknownType,
} from './typeShape';

/** A declared type: its syntax and the text in which it stands. */
export interface TypeNode {
  readonly node: SyntaxNode;
  readonly text: string;
}

/** What a type can refer to. */
export interface TypeScope {
  /**
   * The structure of a type that the file declares or imports: an alias, interface, enum, class or JSDoc typedef;
   * null if there is none. Inside the type itself it is `unknown`.
   *
   * @param name  may be a member of an imported namespace, `types.Vector`
   */
  shapeNamed(name: string): TypeShape | null;
  /** The structure of a type that another module exports; null if it is not known. */
  shapeImported(specifier: string, name: string): TypeShape | null;
  /** The signature of a function type, from the node with its parameters. */
  signatureOf(of: TypeNode, scope: TypeScope): Signature;
}

/** Types that are nested more deeply than this are not read, so that no text exceeds the stack. */
const deepest = 100;
let depth = 0;

const primitives = new Set(
  'string boolean bigint symbol undefined null void never String Boolean BigInt Symbol'.split(' '),
);
const typedArrays = new Set(
  (
    'Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array ' +
    'BigUint64Array Float16Array Float32Array Float64Array'
  ).split(' '),
);
const lists = new Set(['Array', 'ReadonlyArray', 'ArrayLike', 'Iterable']);
/** Types whose structure is that of their argument. */
const transparent = new Set(['Readonly', 'Required', 'NonNullable', 'Partial']);

/** The structure of a type. Names of packages are `unknown`. */
export function typeShape({ node, text }: TypeNode, scope: TypeScope): TypeShape {
  return new TypeReader(text, scope).read(node);
}

/**
 * Reads each declared type once. A type that contains itself would otherwise be read without end, and types
 * that refer to each other exponentially often.
 *
 * @param declared  the declaration of a name; null if there is none
 */
export function readOnce(
  declared: (name: string) => TypeNode | null,
  scope: TypeScope,
): TypeScope['shapeNamed'] {
  const shapes = new Map<string, TypeShape>();
  return (name) => {
    const known = shapes.get(name);
    if (known) return known;
    const node = declared(name);
    if (!node) return null;
    shapes.set(name, unknownType);
    const shape = typeShape(node, scope);
    shapes.set(name, shape);
    return shape;
  };
}

class TypeReader {
  readonly #text: string;
  readonly #scope: TypeScope;

  constructor(text: string, scope: TypeScope) {
    this.#text = text;
    this.#scope = scope;
  }

  read(node: SyntaxNode): TypeShape {
    if (depth >= deepest) return unknownType;
    depth++;
    try {
      return this.#read(node);
    } finally {
      depth--;
    }
  }

  #read(node: SyntaxNode): TypeShape {
    switch (node.name) {
      case 'TypeAnnotation':
      case 'ParenthesizedType':
      case 'ReadonlyType': {
        const inner = operands(node).find(({ name }) => name !== 'readonly');
        return inner ? this.read(inner) : unknownType;
      }
      case 'TypeName':
        return this.#named(this.#slice(node), []);
      case 'ParameterizedType': {
        const [name, list] = operands(node);
        return name?.name === 'TypeName'
          ? this.#named(this.#slice(name), list ? operands(list) : [])
          : unknownType;
      }
      case 'IndexedType':
        return this.#member(node);
      case 'ArrayType': {
        const [element] = operands(node);
        return { kind: 'array', element: element ? this.read(element) : unknownType, labels: null };
      }
      case 'TupleType':
        return this.#tuple(node);
      case 'ObjectType':
        return this.#object(node);
      case 'FunctionSignature':
      case 'NewSignature':
        return {
          kind: 'function',
          signature: this.#scope.signatureOf({ node, text: this.#text }, this.#scope),
        };
      case 'UnionType':
        return this.#union(node);
      case 'IntersectionType':
        return this.#intersection(node);
      case 'LiteralType':
      case 'TemplateType':
      case 'NullType':
      case 'VoidType':
        return { kind: 'primitive' };
      case 'TypeAliasDeclaration': {
        const alias = operands(node).findLast((child) => child.name !== 'TypeDefinition');
        return alias && alias.name !== 'type' ? this.read(alias) : unknownType;
      }
      case 'InterfaceDeclaration':
        return this.#interface(node);
      case 'EnumDeclaration':
        return { kind: 'primitive' };
      default:
        return unknownType;
    }
  }

  #named(name: string, args: readonly SyntaxNode[]): TypeShape {
    const first = () => (args[0] ? this.read(args[0]) : unknownType);
    if (name === 'number' || name === 'Number') return { kind: 'number' };
    if (primitives.has(name)) return { kind: 'primitive' };
    if (name === 'any' || name === 'unknown') return unknownType;
    if (name === 'object' || name === 'Object')
      return args.length === 2
        ? this.#record(args)
        : { kind: 'object', members: new Map(), others: unknownType };
    if (name === 'Function') return { kind: 'function', signature: null };
    const declared = this.#scope.shapeNamed(name);
    if (declared) return declared;
    if (typedArrays.has(name)) return { kind: 'typedArray', name };
    if (lists.has(name)) return { kind: 'array', element: first(), labels: null };
    if (name === 'Promise') return { kind: 'promise', of: first() };
    if (name === 'Record') return this.#record(args);
    if (transparent.has(name)) {
      const inner = first();
      return name === 'Partial' && inner.kind === 'object' ? partial(inner) : inner;
    }
    return unknownType;
  }

  /** `import('./types').Vector`, or `types.Vector` of an imported namespace */
  #member(node: SyntaxNode): TypeShape {
    const [of, name] = operands(node);
    if (name?.name !== 'TypeName' || !this.#slice(node).includes('.')) return unknownType;
    const key = this.#slice(name);
    if (of?.name === 'TypeName') return this.#scope.shapeNamed(`${this.#slice(of)}.${key}`) ?? unknownType;
    const specifier = of?.name === 'ImportType' ? of.getChild('String') : null;
    return (specifier && this.#scope.shapeImported(nameIn(this.#slice(specifier)), key)) ?? unknownType;
  }

  /** `Record<'a' | 'b', number>`, `Record<string, number>` */
  #record([keys, value]: readonly SyntaxNode[]): TypeShape {
    const type = value ? this.read(value) : unknownType;
    const names = keys ? this.#literals(keys) : null;
    return {
      kind: 'object',
      members: new Map((names ?? []).map((name) => [name, { type, isOptional: false }])),
      others: names ? null : type,
    };
  }

  /** The strings of a union of string literals; null if it contains anything else. */
  #literals(node: SyntaxNode): string[] | null {
    if (node.name === 'LiteralType' && node.firstChild?.name === 'String')
      return [nameIn(this.#slice(node.firstChild))];
    if (node.name !== 'UnionType') return null;
    const parts = operands(node)
      .filter(({ name }) => name !== 'LogicOp')
      .map((part) => this.#literals(part));
    return parts.every((part) => part !== null) ? parts.flat() : null;
  }

  #tuple(node: SyntaxNode): TypeShape {
    const elements: TypeShape[] = [];
    const labels: (string | null)[] = [];
    let label: string | null = null;
    let isOpen = false;
    for (const child of childrenOf(node)) {
      if (child.name === 'Spread') isOpen = true;
      else if (child.name === 'Label') label = this.#slice(child).replace(/\?$/, '').trim() || null;
      else if (!isPunctuation(child) && !isComment(child) && !child.type.isError) {
        const type = this.read(child);
        elements.push(isOpen && type.kind === 'array' ? type.element : type);
        labels.push(label);
        label = null;
      }
    }
    const [first] = elements;
    const element: TypeShape =
      elements.length <= 1 ? (first ?? unknownType) : { kind: 'union', members: elements };
    // An element of another type than number must not be hidden among the numbers.
    const odd = elements.find(({ kind }) => kind !== 'number' && kind !== 'unknown' && kind !== 'union');
    return { kind: 'array', element: odd ?? element, labels: isOpen ? null : labels };
  }

  #object(node: SyntaxNode): ObjectShape {
    const members = new Map<string, ObjectMember>();
    let others: TypeShape | null = null;
    for (const child of childrenOf(node)) {
      if (child.name === 'IndexSignature') {
        const value = child.getChildren('TypeAnnotation').at(-1);
        others = value ? this.read(value) : unknownType;
      }
      if (child.name !== 'PropertyType' && child.name !== 'MethodType') continue;
      const key =
        child.getChild('PropertyDefinition') ?? child.getChild('String') ?? child.getChild('Number');
      if (!key) continue;
      const annotation = child.getChild('TypeAnnotation');
      const type: TypeShape =
        child.name === 'MethodType'
          ? { kind: 'function', signature: null }
          : annotation
            ? this.read(annotation)
            : unknownType;
      members.set(nameIn(this.#slice(key)), { type, isOptional: child.getChild('Optional') !== null });
    }
    return { kind: 'object', members, others };
  }

  #union(node: SyntaxNode): TypeShape {
    const members = operands(node)
      .filter(({ name }) => name !== 'LogicOp')
      .map((child) => this.read(child))
      .flatMap((member) => (member.kind === 'union' ? member.members : [member]));
    return members.length === 1 ? members[0]! : { kind: 'union', members };
  }

  #intersection(node: SyntaxNode): TypeShape {
    const parts = operands(node)
      .filter(({ name }) => name !== 'LogicOp')
      .map((child) => this.read(child));
    const objects = parts.filter((part) => part.kind === 'object');
    if (objects.length === parts.length) return merged(objects);
    // A branded type: `number[] & { readonly brand: unique symbol }`.
    return parts.find((part) => part.kind !== 'object') ?? unknownType;
  }

  #interface(node: SyntaxNode): TypeShape {
    const own = node.getChild('ObjectType');
    const bases = operands(node)
      .filter(({ name }) => name === 'TypeName' || name === 'ParameterizedType')
      .map((base) => this.read(base));
    const list = bases.find(({ kind }) => kind === 'array' || kind === 'typedArray');
    if (list) return list;
    if (bases.some(({ kind }) => kind !== 'object')) return unknownType;
    return merged([...(bases as ObjectShape[]), ...(own ? [this.#object(own)] : [])]);
  }

  #slice({ from, to }: SyntaxNode): string {
    return this.#text.slice(from, to);
  }
}

function merged(objects: readonly ObjectShape[]): ObjectShape {
  return {
    kind: 'object',
    members: new Map(objects.flatMap(({ members }) => [...members])),
    others: objects.find(({ others }) => others !== null)?.others ?? null,
  };
}

function partial({ members, others }: ObjectShape): ObjectShape {
  return {
    kind: 'object',
    members: new Map([...members].map(([name, { type }]) => [name, { type, isOptional: true }])),
    others,
  };
}

/** The children that are types or names. */
function operands(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter(
    (child) => !isComment(child) && !child.type.isError && !isPunctuation(child),
  );
}
