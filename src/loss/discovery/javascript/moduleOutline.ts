import type { SyntaxNode, Tree } from '@lezer/common';
import { functionIn, hasBody } from './functionSyntax';
import { childrenOf, isComment, nameIn, unwrapped } from './syntaxTree';

/** A top-level name, a member of a top-level object, class or namespace, or an anonymous export. */
export interface OutlineEntry {
  /** With the names of the objects, classes or namespaces that contain it, `losses.a`; null for an anonymous default export. */
  readonly name: string | null;
  readonly nameNode: SyntaxNode | null;
  /** The function; null if its value is the result of an expression (`memoize(f)`) or not a function. */
  readonly functionNode: SyntaxNode | null;
  /** The overload signatures of the function, in order. */
  readonly overloads: readonly SyntaxNode[];
  /** The expression of the value; null if there is none. */
  readonly value: SyntaxNode | null;
  /** The declared type of the variable or property; null if there is none. */
  readonly typeNode: SyntaxNode | null;
  /** The nodes that the comment may directly precede, nearest first. */
  readonly anchors: readonly SyntaxNode[];
  /** The range of the whole declaration. */
  readonly from: number;
  readonly to: number;
  /** The addresses of its exports (`a`, `default`, `losses.a`); see docs/decisions/loading.md. */
  readonly exportNames: readonly string[];
}

interface Draft extends Omit<OutlineEntry, 'exportNames'> {
  readonly exportNames: string[];
}

/** A member of an object, a class or a namespace, whose export names follow from those of its container. */
interface Member {
  readonly container: Draft;
  /** The names from the container to the member, with dots. */
  readonly path: string;
}

type ValueParts = Pick<Draft, 'functionNode' | 'value'>;

/** The functions of a module that an export may reach, and the names under which they are exported. */
export function outlineOf(tree: Tree, text: string): OutlineEntry[] {
  return new Outline(text).read(tree.topNode);
}

/** A class that extends another one of the module, whose static members it inherits. */
interface Subclass extends Member {
  readonly base: string;
}

class Outline {
  readonly #entries: Draft[] = [];
  readonly #subclasses: Subclass[] = [];
  /** [local name, exported name]. Applied after all declarations have been read. */
  readonly #aliases: [string, string][] = [];
  readonly #members: (Member & { readonly draft: Draft })[] = [];
  /** Members that are a name: `{ a: f }`. */
  readonly #memberAliases: (Member & { readonly local: string })[] = [];

  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(top: SyntaxNode): OutlineEntry[] {
    for (const statement of childrenOf(top)) this.#statement(statement, statement, []);
    const named = new Map<string, Draft[]>();
    for (const entry of this.#entries)
      if (entry.name !== null) {
        const same = named.get(entry.name);
        if (same) same.push(entry);
        else named.set(entry.name, [entry]);
      }
    const exported = (local: string, names: readonly string[]) => {
      for (const entry of named.get(local) ?? []) entry.exportNames.push(...names);
    };
    for (const [local, name] of this.#aliases) exported(local, [name]);
    const below = ({ container, path }: Member) => container.exportNames.map((name) => `${name}.${path}`);
    for (const subclass of this.#subclasses) this.#inherit(subclass, named);
    for (const member of this.#members) member.draft.exportNames.push(...below(member));
    for (const member of this.#memberAliases) exported(member.local, below(member));
    return this.#withoutOverloads();
  }

  /** Gives a class the static members of its base, except those that it declares itself. */
  #inherit(subclass: Subclass, named: ReadonlyMap<string, readonly Draft[]>): void {
    const { container, path, base } = subclass;
    // The members of a base are complete before those of its subclasses, because it must be declared before them.
    const inherited = this.#members.filter((member) => member.container === named.get(base)?.[0]);
    const own = new Set(
      this.#members.flatMap((member) => (member.container === container ? member.path : [])),
    );
    for (const { path: name, draft } of inherited) {
      const address = `${path}${name}`;
      if (own.has(address)) continue;
      const copy = { ...draft, name: `${container.name ?? 'default'}.${address}`, exportNames: [] };
      this.#entries.push(copy);
      this.#members.push({ container, path: address, draft: copy });
    }
  }

  #statement(node: SyntaxNode, statement: SyntaxNode, exported: readonly ('named' | 'default')[]): void {
    switch (node.name) {
      case 'ExportDeclaration':
        this.#export(node);
        return;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'NamespaceDeclaration':
        this.#declaration(node, statement, exported);
        return;
      case 'VariableDeclaration':
        this.#variables(node, statement, exported.includes('named'));
        return;
      case 'ExpressionStatement': {
        const expression = node.firstChild;
        if (expression?.name === 'AssignmentExpression') this.#assignment(expression, node);
        return;
      }
    }
  }

  #export(node: SyntaxNode): void {
    const children = childrenOf(node).filter((child) => !isComment(child));
    const isDefault = children.some((child) => child.name === 'default' || child.name === 'Equals');
    const group = children.find((child) => child.name === 'ExportGroup');
    if (group) {
      if (!children.some((child) => child.name === 'from')) this.#group(group);
      return;
    }
    const inner = children.find(
      (child) =>
        !['export', 'default', 'Equals', ';', 'abstract'].includes(child.name) && !child.type.isError,
    );
    if (!inner) return;
    if (declarations.has(inner.name)) this.#statement(inner, node, [isDefault ? 'default' : 'named']);
    else if (children.some((child) => child.name === 'Equals')) this.#assigned(null, inner, node);
    else if (isDefault) this.#value(inner, node, 'default');
  }

  /** `{ f, f as g, f as default }` */
  #group(group: SyntaxNode): void {
    for (const [local, exported] of exportPairs(group, this.#text)) this.#aliases.push([local, exported]);
  }

  #declaration(node: SyntaxNode, statement: SyntaxNode, exported: readonly ('named' | 'default')[]): void {
    const definition = node.getChild('VariableDefinition');
    const nameNode = definition && definition.to > definition.from ? definition : null;
    const name = nameNode ? this.#slice(nameNode) : null;
    if (name === null && !exported.includes('default')) return;
    const draft = this.#push({
      name,
      nameNode,
      functionNode: node.name === 'FunctionDeclaration' ? node : null,
      value: null,
      anchors: [statement],
      from: statement.from,
      to: statement.to,
      exportNames: exported.flatMap((kind) =>
        kind === 'default' ? ['default'] : name === null ? [] : [name],
      ),
    });
    if (node.name === 'ClassDeclaration') this.#statics(node, draft, '');
    if (node.name === 'NamespaceDeclaration') this.#exportsOf(node, draft, '');
  }

  #variables(node: SyntaxNode, statement: SyntaxNode, exported: boolean): void {
    const declarators: SyntaxNode[][] = [[]];
    for (const child of childrenOf(node)) {
      if (child.name === ',') declarators.push([]);
      else if (!isComment(child) && child.name !== ';') declarators.at(-1)!.push(child);
    }
    declarators.forEach((children, index) => {
      const nameNode = children.find((child) => child.name === 'VariableDefinition');
      const equals = children.findIndex((child) => child.name === 'Equals');
      const value = equals < 0 ? undefined : children[equals + 1];
      if (!nameNode || !value) return;
      const name = this.#slice(nameNode);
      const single = declarators.length === 1;
      const draft = this.#push({
        name,
        nameNode,
        ...this.#valueParts(value),
        typeNode: children.find((child) => child.name === 'TypeAnnotation') ?? null,
        anchors: index === 0 ? [nameNode, statement] : [nameNode],
        from: index === 0 ? statement.from : nameNode.from,
        to: single ? statement.to : (children.at(-1)?.to ?? value.to),
        exportNames: exported ? [name] : [],
      });
      this.#inside(value, draft, '');
    });
  }

  /** `module.exports = …`, `exports.f = …`, and chained assignments of these. */
  #assignment(node: SyntaxNode, statement: SyntaxNode): void {
    const names: (string | null)[] = [];
    let value: SyntaxNode = node;
    while (value.name === 'AssignmentExpression') {
      const [target, , right] = childrenOf(value).filter((child) => !isComment(child));
      if (!target || !right) return;
      const name = exportedBy(this.#slice(target));
      if (name !== undefined) names.push(name);
      value = right;
    }
    if (names.length === 0) return;
    for (const name of new Set(names)) this.#assigned(name, value, statement);
  }

  #assigned(name: string | null, value: SyntaxNode, statement: SyntaxNode): void {
    const inner = unwrapped(value, this.#text);
    if (name === null && inner.name === 'ObjectExpression') this.#exportedObject(inner);
    else this.#value(value, statement, name ?? 'default');
  }

  /** The object that a module exports as a whole: each property is an export. */
  #exportedObject(node: SyntaxNode): void {
    this.#properties(node, {
      alias: (local, name) => this.#aliases.push([local, name]),
      push: (name, nameNode, parts, whole) =>
        this.#push({
          ...parts,
          name,
          nameNode,
          anchors: [whole],
          from: whole.from,
          to: whole.to,
          exportNames: [name],
        }),
      inside: (value, draft) => this.#inside(value, draft, ''),
    });
  }

  /** The members of an object or class expression. `path` leads from the container to it, with a dot at its end. */
  #inside(value: SyntaxNode, container: Draft, path: string): void {
    const inner = unfrozen(unwrapped(value, this.#text), this.#text);
    if (inner.name === 'ClassExpression') this.#statics(inner, container, path);
    if (inner.name !== 'ObjectExpression') return;
    this.#properties(inner, {
      alias: (local, name) => this.#memberAliases.push({ container, path: `${path}${name}`, local }),
      push: (name, nameNode, parts, whole) =>
        this.#member(container, `${path}${name}`, nameNode, parts, whole),
      inside: (nested, _draft, name) => this.#inside(nested, container, `${path}${name}.`),
    });
  }

  #properties(
    node: SyntaxNode,
    to: {
      readonly alias: (local: string, name: string) => void;
      readonly push: (name: string, nameNode: SyntaxNode, parts: ValueParts, whole: SyntaxNode) => Draft;
      readonly inside: (value: SyntaxNode, draft: Draft, name: string) => void;
    },
  ): void {
    for (const property of node.getChildren('Property')) {
      const [first, colon, value] = childrenOf(property).filter((child) => !isComment(child));
      if (!first) continue;
      if (!colon && first.name === 'PropertyDefinition') {
        to.alias(this.#slice(first), this.#slice(first));
        continue;
      }
      const key = property.getChild('PropertyDefinition') ?? property.getChild('String');
      if (!key || isAccessor(property)) continue;
      const name = nameIn(this.#slice(key));
      if (property.getChild('ParamList'))
        to.push(name, key, { functionNode: property, value: null }, property);
      else if (colon?.name === ':' && value?.name === 'VariableName') to.alias(this.#slice(value), name);
      else if (colon?.name === ':' && value) {
        const draft = to.push(name, key, this.#valueParts(value), property);
        to.inside(value, draft, name);
      }
    }
  }

  /** The static methods and properties of a class. */
  #statics(node: SyntaxNode, container: Draft, path: string): void {
    const base = node.getChild('extends')?.nextSibling;
    if (base?.name === 'VariableName') this.#subclasses.push({ container, path, base: this.#slice(base) });
    for (const member of node.getChild('ClassBody')?.getChildren('MethodDeclaration') ?? []) {
      const key = member.getChild('PropertyDefinition') ?? member.getChild('String');
      if (!key || !member.getChild('static') || isAccessor(member)) continue;
      const name = nameIn(this.#slice(key));
      this.#member(container, `${path}${name}`, key, { functionNode: member, value: null }, member);
    }
    for (const member of node.getChild('ClassBody')?.getChildren('PropertyDeclaration') ?? []) {
      const key = member.getChild('PropertyDefinition') ?? member.getChild('String');
      const value = member.getChild('Equals')?.nextSibling;
      if (!key || !value || !member.getChild('static')) continue;
      const name = nameIn(this.#slice(key));
      const typeNode = member.getChild('TypeAnnotation');
      this.#member(container, `${path}${name}`, key, this.#valueParts(value), member, typeNode);
    }
  }

  /** The functions and variables that a namespace exports. */
  #exportsOf(node: SyntaxNode, container: Draft, path: string): void {
    for (const statement of node.getChild('Block')?.getChildren('ExportDeclaration') ?? []) {
      const inner = childrenOf(statement).find(({ name }) => declarations.has(name));
      const nameNode = inner?.getChild('VariableDefinition');
      if (!inner || !nameNode) continue;
      const inside = `${path}${this.#slice(nameNode)}`;
      const value = inner.getChild('Equals')?.nextSibling;
      if (inner.name === 'FunctionDeclaration')
        this.#member(container, inside, nameNode, { functionNode: inner, value: null }, statement);
      else if (inner.name === 'NamespaceDeclaration') this.#exportsOf(inner, container, `${inside}.`);
      else if (inner.name === 'ClassDeclaration') this.#statics(inner, container, `${inside}.`);
      else if (value)
        this.#member(
          container,
          inside,
          nameNode,
          this.#valueParts(value),
          statement,
          inner.getChild('TypeAnnotation'),
        );
    }
  }

  #member(
    container: Draft,
    path: string,
    nameNode: SyntaxNode,
    parts: ValueParts,
    whole: SyntaxNode,
    typeNode: SyntaxNode | null = null,
  ): Draft {
    const draft = this.#push({
      ...parts,
      name: `${container.name ?? 'default'}.${path}`,
      nameNode,
      typeNode,
      anchors: [whole],
      from: whole.from,
      to: whole.to,
      exportNames: [],
    });
    this.#members.push({ container, path, draft });
    return draft;
  }

  #push(parts: Omit<Draft, 'overloads' | 'typeNode'> & { typeNode?: SyntaxNode | null }): Draft {
    const draft = { overloads: [], typeNode: null, ...parts };
    this.#entries.push(draft);
    return draft;
  }

  /** An exported value: a function, a name, or the result of another expression. */
  #value(value: SyntaxNode, statement: SyntaxNode, exportName: string): void {
    if (value.name === 'VariableName') {
      this.#aliases.push([this.#slice(value), exportName]);
      return;
    }
    const inner = functionIn(value, this.#text) ?? classIn(value, this.#text);
    const own = inner?.getChild('VariableDefinition') ?? null;
    const name = exportName !== 'default' ? exportName : own ? this.#slice(own) : null;
    const draft = this.#push({
      name,
      nameNode: own,
      ...this.#valueParts(value),
      anchors: [statement],
      from: statement.from,
      to: statement.to,
      exportNames: [exportName],
    });
    this.#inside(value, draft, '');
  }

  #valueParts(value: SyntaxNode): ValueParts {
    return { functionNode: functionIn(value, this.#text), value };
  }

  /** Merges overload signatures into the function that follows them, which gets their types and comments. */
  #withoutOverloads(): OutlineEntry[] {
    const kept: Draft[] = [];
    let signatures: Draft[] = [];
    for (const [index, entry] of this.#entries.entries()) {
      const next = this.#entries[index + 1];
      const isSignature =
        entry.functionNode !== null &&
        !hasBody(entry.functionNode) &&
        entry.name !== null &&
        next?.name === entry.name;
      if (isSignature && next.functionNode) {
        signatures.push(entry);
        continue;
      }
      kept.push(signatures.length === 0 ? entry : withSignatures(entry, signatures));
      signatures = [];
    }
    return kept;
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}

const declarations = new Set([
  'FunctionDeclaration',
  'ClassDeclaration',
  'NamespaceDeclaration',
  'VariableDeclaration',
]);

/** The object in `Object.freeze({ … })`. */
function unfrozen(node: SyntaxNode, text: string): SyntaxNode {
  if (
    node.name !== 'CallExpression' ||
    !/^Object\s*\.\s*freeze\s*\(/.test(text.slice(node.from, node.from + 40))
  )
    return node;
  const first = childrenOf(node.getChild('ArgList') ?? node).find(({ name }) => name === 'ObjectExpression');
  return first ?? node;
}

/** The pairs of an export group: `{ f, g as h }` gives [f, f] and [g, h]. */
export function exportPairs(group: SyntaxNode, text: string): [local: string, exported: string][] {
  const pairs: [string, string][] = [];
  let local: string | null = null;
  let exported: string | null = null;
  for (const child of childrenOf(group)) {
    if (child.name === ',' || child.name === '}') {
      if (local !== null) pairs.push([local, exported ?? local]);
      local = null;
      exported = null;
    } else if (['VariableName', 'VariableDefinition', 'default', 'String'].includes(child.name)) {
      const name = nameIn(text.slice(child.from, child.to));
      if (local === null) local = name;
      else exported = name;
    }
  }
  return pairs;
}

/** A function with the signatures of its overloads and the comments of all, nearest first. */
function withSignatures(entry: Draft, signatures: readonly Draft[]): Draft {
  return {
    ...entry,
    overloads: signatures.flatMap(({ functionNode }) => functionNode ?? []),
    anchors: [entry, ...signatures.toReversed()].flatMap(({ anchors }) => anchors),
    from: signatures[0]!.from,
  };
}

function isAccessor(member: SyntaxNode): boolean {
  return member.getChild('get') !== null || member.getChild('set') !== null;
}

function classIn(node: SyntaxNode, text: string): SyntaxNode | null {
  const inner = unwrapped(node, text);
  return inner.name === 'ClassExpression' ? inner : null;
}

/**
 * The name that an assignment to this target exports: null for `module.exports` as a whole, undefined if
 * none.
 */
function exportedBy(target: string): string | null | undefined {
  const compact = target.replace(/\s+/g, '');
  if (compact === 'module.exports' || compact === 'exports') return null;
  const match = /^(?:module\.)?exports(?:\.([\w$]+)|\[(['"])(.*)\2\])$/.exec(compact);
  return match ? (match[1] ?? match[3]) : undefined;
}
