import type { SyntaxNode } from '@lezer/common';
import { languageOf } from '../../language';
import { exportPairs } from './moduleOutline';
import { childrenOf, isComment, nameIn, parseTolerantly } from './syntaxTree';

/** An export that is declared in another module. */
export interface Reexport {
  /** null for `export * from`. */
  readonly exported: string | null;
  /** The name in the other module; null for its namespace, or for `export * from`. */
  readonly imported: string | null;
  readonly specifier: string;
}

/** The exports of a text that other modules declare: `export … from`, and imported names that are exported. */
export function reexportsIn(text: string, file: string): Reexport[] {
  if (languageOf(file) !== 'javascript' || !mayReexport(text)) return [];
  return new Reexports(text).read(parseTolerantly(text, file).topNode);
}

/** The same for a text that has been parsed. */
export function reexportsOf(top: SyntaxNode, text: string): Reexport[] {
  return mayReexport(text) ? new Reexports(text).read(top) : [];
}

function mayReexport(text: string): boolean {
  return (/\bexport\b/.test(text) && /\bfrom\b/.test(text)) || /\bexports\b[^;]*\brequire\b/.test(text);
}

/** The imported names of a module by their local names. */
export function importsIn(top: SyntaxNode, text: string): ReadonlyMap<string, Omit<Reexport, 'exported'>> {
  return new Reexports(text).imports(top);
}

const required =
  /^(?:module\s*\.\s*)?exports(?:\s*\.\s*(?<exported>[\w$]+))?\s*=\s*require\s*\(\s*(["'])(?<specifier>[^"'\\]+)\2\s*\)(?:\s*\.\s*(?<imported>[\w$]+))?\s*;?$/;

class Reexports {
  /** The imported names by their local names. */
  readonly #imports = new Map<string, Omit<Reexport, 'exported'>>();
  readonly #found: Reexport[] = [];
  /** [local name, exported name]. Applied at the end, because imports may follow. */
  readonly #local: [string, string][] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The imported names by their local names. */
  imports(top: SyntaxNode): ReadonlyMap<string, Omit<Reexport, 'exported'>> {
    this.read(top);
    return this.#imports;
  }

  read(top: SyntaxNode): Reexport[] {
    for (const statement of childrenOf(top)) {
      const children = childrenOf(statement).filter((child) => !isComment(child));
      const source = children.find(({ name }, i) => name === 'String' && children[i - 1]?.name === 'from');
      const specifier = source ? nameIn(this.#slice(source)) : null;
      if (statement.name === 'ImportDeclaration' && specifier !== null) this.#import(children, specifier);
      else if (statement.name === 'ExportDeclaration') this.#export(children, specifier);
      else if (statement.name === 'ExpressionStatement') this.#required(statement);
    }
    for (const [local, exported] of this.#local) {
      const origin = this.#imports.get(local);
      if (origin) this.#found.push({ ...origin, exported });
    }
    return this.#found;
  }

  #import(children: readonly SyntaxNode[], specifier: string): void {
    const whole = children.find(({ name }) => name === 'VariableDefinition');
    if (whole) {
      const imported = children.some(({ name }) => name === 'Star') ? null : 'default';
      this.#imports.set(this.#slice(whole), { imported, specifier });
    }
    const group = children.find(({ name }) => name === 'ImportGroup');
    for (const [imported, local] of group ? exportPairs(group, this.#text) : [])
      this.#imports.set(local, { imported, specifier });
  }

  /** `module.exports = require('./x')`, `exports.f = require('./x').f`, `exports.x = require('./x')` */
  #required(statement: SyntaxNode): void {
    const found = required.exec(this.#slice(statement));
    if (!found) return;
    const { exported, specifier, imported } = found.groups!;
    if (exported === undefined && imported !== undefined) return;
    this.#found.push({ exported: exported ?? null, imported: imported ?? null, specifier: specifier! });
  }

  #export(children: readonly SyntaxNode[], specifier: string | null): void {
    const group = children.find(({ name }) => name === 'ExportGroup');
    if (group) {
      for (const [local, exported] of exportPairs(group, this.#text))
        if (specifier === null) this.#local.push([local, exported]);
        else this.#found.push({ exported, imported: local, specifier });
      return;
    }
    const name = children.find((child) => child.name === 'VariableName');
    if (specifier !== null)
      this.#found.push({ exported: name ? this.#slice(name) : null, imported: null, specifier });
    else if (name && children.some((child) => child.name === 'default'))
      this.#local.push([this.#slice(name), 'default']);
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}
