import type { SyntaxNode, Tree } from '@lezer/common';
import { type JsdocTag, jsdocTags } from './jsdoc';
import { importsIn, type Reexport, reexportsOf } from './reexports';
import { signatureOf } from './signature';
import { childrenOf, parseTolerantly } from './syntaxTree';
import { readOnce, type TypeNode, type TypeScope, typeShape } from './typeReader';
import { type TypeShape, unknownType } from './typeShape';

/** The types of other modules. */
interface OtherTypes {
  /** The structure of a type that a module exports; null if it is not known. */
  shapeOf(specifier: string, name: string, from: string): TypeShape | null;
}

const declarations = new Set([
  'TypeAliasDeclaration',
  'InterfaceDeclaration',
  'EnumDeclaration',
  'ClassDeclaration',
]);

/** A longer text in a comment is no type, and the parser would need quadratic time for it. */
const longestType = 5000;

/** The types that a module declares at its top level or in `@typedef` comments, and those that it imports. */
export class ModuleTypes implements TypeScope {
  readonly #tree: Tree;
  readonly #text: string;
  #declared: Map<string, TypeNode> | undefined;
  readonly #file: string;
  readonly #others: OtherTypes;
  readonly #written = new Map<string, TypeNode | null>();
  #imports: ReturnType<typeof importsIn> | undefined;
  #reexports: readonly Reexport[] | undefined;

  readonly signatureOf = signatureOf;

  constructor(tree: Tree, text: string, file: string, others: OtherTypes) {
    this.#tree = tree;
    this.#text = text;
    this.#file = file;
    this.#others = others;
  }

  readonly #ownShape = readOnce((name) => {
    this.#declared ??= this.#read();
    return this.#declared.get(name) ?? null;
  }, this);

  shapeNamed(name: string): TypeShape | null {
    const own = this.#ownShape(name);
    if (own) return own;
    const [first = '', member] = name.split('.');
    this.#imports ??= importsIn(this.#tree.topNode, this.#text);
    const origin = this.#imports.get(first);
    const imported = origin?.imported ?? member;
    return origin && imported ? this.shapeImported(origin.specifier, imported) : null;
  }

  shapeImported(specifier: string, name: string): TypeShape | null {
    return this.#others.shapeOf(specifier, name, this.#file);
  }

  /** The structure of a type that the module exports; null if it is not known. */
  exported(name: string): TypeShape | null {
    const own = this.#ownShape(name);
    if (own) return own;
    this.#reexports ??= reexportsOf(this.#tree.topNode, this.#text);
    for (const { exported, imported, specifier } of this.#reexports) {
      if (exported !== null && exported !== name) continue;
      const shape = this.shapeImported(specifier, exported === null ? name : (imported ?? ''));
      if (shape) return shape;
    }
    return null;
  }

  /** The structure of a type in the text of the module. */
  shapeOf(node: SyntaxNode): TypeShape {
    return typeShape({ node, text: this.#text }, this);
  }

  /** The structure of a type that stands in a comment. */
  readonly shapeOfText = (type: string): TypeShape => {
    const node = this.#typeIn(type);
    return node ? typeShape(node, this) : unknownType;
  };

  #read(): Map<string, TypeNode> {
    const found = new Map<string, TypeNode>();
    for (const statement of childrenOf(this.#tree.topNode)) {
      const node =
        statement.name === 'ExportDeclaration'
          ? childrenOf(statement).find(({ name }) => declarations.has(name))
          : statement;
      if (!node || !declarations.has(node.name)) continue;
      const name = node.getChild('TypeDefinition') ?? node.getChild('VariableDefinition');
      if (name) found.set(this.#text.slice(name.from, name.to), { node, text: this.#text });
    }
    if (this.#text.includes('@typedef'))
      for (const comment of docComments(this.#text)) this.#typedefs(comment, found);
    return found;
  }

  /** `@typedef {{ a: number }} Name`, or `@typedef {Object} Name` with a `@property` for each member. */
  #typedefs(comment: string, found: Map<string, TypeNode>): void {
    const tags = jsdocTags(comment);
    tags.forEach((tag, index) => {
      if (tag.tag !== 'typedef' || tag.name === '') return;
      const properties = tags.slice(index + 1).filter((each) => each.tag === 'property');
      const node = this.#typeIn(properties.length > 0 ? objectType(properties) : tag.type);
      if (node) found.set(tag.name, node);
    });
  }

  #typeIn(type: string): TypeNode | null {
    const known = this.#written.get(type);
    if (known !== undefined) return known;
    if (type.length > longestType) return null;
    const text = `type T = ${type};`;
    const declared = parseTolerantly(text, 'type.ts').topNode.getChild('TypeAliasDeclaration');
    const node = declared && { node: declared, text };
    this.#written.set(type, node);
    return node;
  }
}

/** A regular expression would need quadratic time for comments that are not closed. */
function* docComments(text: string): Generator<string> {
  for (let from = text.indexOf('/**'); from >= 0; ) {
    const end = text.indexOf('*/', from + 3);
    if (end < 0) return;
    yield text.slice(from, end + 2);
    from = text.indexOf('/**', end + 2);
  }
}

function objectType(properties: readonly JsdocTag[]): string {
  const members = properties.map(
    ({ name, type, isOptional }) => `${JSON.stringify(name)}${isOptional ? '?' : ''}: ${type || 'any'}`,
  );
  return `{ ${members.join('; ')} }`;
}
