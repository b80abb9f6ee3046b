import type { SyntaxNode, Tree } from '@lezer/common';
import { type FunctionShape, functionIn, shapeOf } from './functionShape';
import { childrenOf, isComment, unwrapped } from './syntaxTree';

/** A top-level name or anonymous export that is, or may be, a function. */
export interface OutlineEntry {
  /** null for an anonymous default export. */
  readonly name: string | null;
  readonly nameNode: SyntaxNode | null;
  /** The function; null if its value is the result of an expression (`memoize(f)`). */
  readonly shape: FunctionShape | null;
  /** The expression of the value; null if there is none. */
  readonly value: SyntaxNode | null;
  /** The nodes that the comment may directly precede, nearest first. */
  readonly anchors: readonly SyntaxNode[];
  /** The range of the whole declaration. */
  readonly from: number;
  readonly to: number;
  readonly exportNames: readonly string[];
}

interface Draft extends Omit<OutlineEntry, 'exportNames'> {
  readonly exportNames: string[];
}

/** The top-level functions of a module and the names under which they are exported. */
export function outlineOf(tree: Tree, text: string): OutlineEntry[] {
  return new Outline(text).read(tree.topNode);
}

class Outline {
  readonly #entries: Draft[] = [];
  /** [local name, exported name]. Applied after all declarations have been read. */
  readonly #aliases: [string, string][] = [];

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
    for (const [local, exported] of this.#aliases)
      for (const entry of named.get(local) ?? []) entry.exportNames.push(exported);
    return this.#withoutOverloads();
  }

  #statement(node: SyntaxNode, statement: SyntaxNode, exported: readonly ('named' | 'default')[]): void {
    switch (node.name) {
      case 'ExportDeclaration':
        this.#export(node);
        return;
      case 'FunctionDeclaration':
        this.#function(node, statement, exported);
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
      (child) => !['export', 'default', 'Equals', ';'].includes(child.name) && !child.type.isError,
    );
    if (!inner) return;
    if (inner.name === 'FunctionDeclaration' || inner.name === 'VariableDeclaration')
      this.#statement(inner, node, [isDefault ? 'default' : 'named']);
    else if (children.some((child) => child.name === 'Equals')) this.#assigned(null, inner, node);
    else if (isDefault) this.#value(inner, node, 'default');
  }

  /** `{ f, f as g, f as default }` */
  #group(group: SyntaxNode): void {
    let local: string | null = null;
    let exported: string | null = null;
    const flush = () => {
      if (local !== null) this.#aliases.push([local, exported ?? local]);
      local = null;
      exported = null;
    };
    for (const child of childrenOf(group)) {
      if (child.name === ',' || child.name === '}') flush();
      else if (['VariableName', 'default', 'String'].includes(child.name)) {
        const name = nameIn(this.#slice(child));
        if (local === null) local = name;
        else exported = name;
      }
    }
    flush();
  }

  #function(node: SyntaxNode, statement: SyntaxNode, exported: readonly ('named' | 'default')[]): void {
    const nameNode = node.getChild('VariableDefinition');
    const name = nameNode ? this.#slice(nameNode) : null;
    if (name === null && !exported.includes('default')) return;
    const exportNames = exported.flatMap((kind) =>
      kind === 'default' ? ['default'] : name === null ? [] : [name],
    );
    this.#entries.push({
      name,
      nameNode,
      shape: shapeOf(node, this.#text),
      value: null,
      anchors: [statement],
      from: statement.from,
      to: statement.to,
      exportNames,
    });
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
      this.#entries.push({
        name,
        nameNode,
        ...this.#valueParts(value),
        anchors: index === 0 ? [nameNode, statement] : [nameNode],
        from: index === 0 ? statement.from : nameNode.from,
        to: single ? statement.to : (children.at(-1)?.to ?? value.to),
        exportNames: exported ? [name] : [],
      });
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
    if (name === null && inner.name === 'ObjectExpression') this.#object(inner);
    else this.#value(value, statement, name ?? 'default');
  }

  #object(node: SyntaxNode): void {
    for (const property of node.getChildren('Property')) {
      const [first, colon, value] = childrenOf(property).filter((child) => !isComment(child));
      if (!first) continue;
      if (!colon && first.name === 'PropertyDefinition') {
        this.#aliases.push([this.#slice(first), this.#slice(first)]);
        continue;
      }
      const key = property.getChild('PropertyDefinition') ?? property.getChild('String');
      if (!key) continue;
      const name = nameIn(this.#slice(key));
      if (property.getChild('ParamList'))
        this.#push(name, key, { shape: shapeOf(property, this.#text) }, property);
      else if (colon?.name === ':' && value?.name === 'VariableName')
        this.#aliases.push([this.#slice(value), name]);
      else if (colon?.name === ':' && value) this.#push(name, key, this.#valueParts(value), property);
    }
  }

  #push(
    name: string,
    nameNode: SyntaxNode,
    parts: { shape: FunctionShape | null; value?: SyntaxNode | null },
    whole: SyntaxNode,
  ): void {
    const { from, to } = whole;
    this.#entries.push({
      name,
      nameNode,
      value: null,
      ...parts,
      anchors: [whole],
      from,
      to,
      exportNames: [name],
    });
  }

  /** An exported value: a function, a name, or the result of another expression. */
  #value(value: SyntaxNode, statement: SyntaxNode, exportName: string): void {
    if (value.name === 'VariableName') {
      this.#aliases.push([this.#slice(value), exportName]);
      return;
    }
    const inner = functionIn(value, this.#text);
    const own = inner?.getChild('VariableDefinition') ?? null;
    const name = exportName !== 'default' ? exportName : own ? this.#slice(own) : null;
    this.#entries.push({
      name,
      nameNode: own,
      ...this.#valueParts(value),
      anchors: [statement],
      from: statement.from,
      to: statement.to,
      exportNames: [exportName],
    });
  }

  #valueParts(value: SyntaxNode): { shape: FunctionShape | null; value: SyntaxNode } {
    const inner = functionIn(value, this.#text);
    return { shape: inner ? shapeOf(inner, this.#text) : null, value };
  }

  /** Merges overload signatures into the function that follows them, which gets their types and comments. */
  #withoutOverloads(): OutlineEntry[] {
    const kept: Draft[] = [];
    let signatures: Draft[] = [];
    for (const [index, entry] of this.#entries.entries()) {
      const next = this.#entries[index + 1];
      const isSignature = entry.shape?.hasBody === false && entry.name !== null && next?.name === entry.name;
      if (isSignature && next.shape) {
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

/**
 * A function with the types of the first overload that declares them, and the comments of all, nearest first.
 */
function withSignatures(entry: Draft, signatures: readonly Draft[]): Draft {
  const written = (type: 'parameterType' | 'returnType') =>
    signatures.find(({ shape }) => shape?.[type] != null)?.shape?.[type] ?? entry.shape?.[type] ?? null;
  return {
    ...entry,
    shape: entry.shape && {
      ...entry.shape,
      parameterType: written('parameterType'),
      returnType: written('returnType'),
    },
    anchors: [entry, ...signatures.toReversed()].flatMap(({ anchors }) => anchors),
    from: signatures[0]!.from,
  };
}

/** A name, or the value of a string literal. */
function nameIn(written: string): string {
  const [, , inner] = /^(['"])(.*)\1$/s.exec(written) ?? [];
  if (inner === undefined) return written;
  return inner.replace(
    /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|(.))/gi,
    (all, inBraces?: string, unicode?: string, hexadecimal?: string, plain?: string) => {
      if (plain !== undefined) return plainEscapes[plain] ?? plain;
      const code = Number.parseInt(inBraces ?? unicode ?? hexadecimal ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

const plainEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};

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
