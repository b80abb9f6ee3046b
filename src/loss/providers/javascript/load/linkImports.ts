import type {
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  ExportSpecifier,
  ImportDeclaration,
  Node,
  Program,
  StringLiteral,
} from '@babel/types';
import { nearest } from '../../../../core/config/nearest';
import type { ExportLookup } from './exportLookup';
import { importedNames, nameOf } from './exportTable';
import { type CodeNode, usesOf } from './moduleGraph';
import { endOf, type Pass, type PassContext, startOf } from './pass';
import { findOutsideComments, skipTrivia } from './trivia';

/**
 * The target of a specifier in the published program. Imports of JSON targets lose their import attributes.
 */
export interface Published {
  readonly specifier: string;
  readonly isJson: boolean;
  readonly isModule: boolean;
  /** The export that has the value of `* as x`; null if it is the namespace of the module. */
  readonly namespace: string | null;
}

/**
 * Changes the imports and exports of a module to refer to the published files. Removes names that are types,
 * as TypeScript does. Reports names that the other module does not export.
 */
export function linkImports(
  node: CodeNode,
  lookup: ExportLookup,
  published: (literal: StringLiteral) => Published | null,
): Pass {
  return (context) => new ImportLinker(context, node, lookup, published).run();
}

/** The maximum number of exported names that a message about a missing export lists. */
const namesShown = 12;

class ImportLinker {
  readonly #context: PassContext;
  readonly #node: CodeNode;
  readonly #lookup: ExportLookup;
  readonly #published: (literal: StringLiteral) => Published | null;
  readonly #imported: ReturnType<typeof importedNames>;
  /** The local names of `import type`. */
  readonly #typeImports: ReadonlySet<string>;

  constructor(
    context: PassContext,
    node: CodeNode,
    lookup: ExportLookup,
    published: (literal: StringLiteral) => Published | null,
  ) {
    this.#context = context;
    this.#node = node;
    this.#lookup = lookup;
    this.#published = published;
    this.#imported = importedNames(node.module.program);
    this.#typeImports = typeImportsOf(node.module.program);
  }

  run(): void {
    for (const statement of this.#node.module.program.body) {
      if (statement.type === 'ImportDeclaration') this.#import(statement);
      else if (statement.type === 'ExportNamedDeclaration') this.#export(statement);
      else if (statement.type === 'ExportDefaultDeclaration') this.#default(statement);
      else if (statement.type === 'ExportAllDeclaration') {
        if (statement.exportKind === 'type') continue;
        if (this.#leadsToTypes(statement.source)) this.#blankStatement(statement);
        else this.#point(statement, statement.source);
      }
    }
  }

  #import(node: ImportDeclaration): void {
    if (node.importKind === 'type' || node.importKind === 'typeof') return;
    const removed = new Set<Node>();
    for (const each of node.specifiers) if (!this.#isKept(each, node)) removed.add(each);
    if (removed.size > 0 && removed.size === node.specifiers.length) {
      this.#blankStatement(node);
      return;
    }
    this.#removeSpecifiers(node, removed);
    this.#point(node, node.source);
  }

  #isKept(each: ImportDeclaration['specifiers'][number], node: ImportDeclaration): boolean {
    const isTypeImport =
      each.type === 'ImportSpecifier' && (each.importKind === 'type' || each.importKind === 'typeof');
    if (isTypeImport) return false;
    const uses = usesOf(this.#node.names, each.local.name);
    if (this.#node.module.isTypeScript && uses.length === 0) return false;
    const name =
      each.type === 'ImportSpecifier'
        ? nameOf(each.imported)
        : each.type === 'ImportDefaultSpecifier'
          ? 'default'
          : null;
    const meaning = this.#lookup.meaning(this.#node, node.source.value, name);
    if (meaning === 'type' && this.#node.module.isTypeScript) return false;
    if (name !== null && (meaning === 'missing' || meaning === 'type'))
      this.#missing(each.type === 'ImportSpecifier' ? each.imported : each, name, node.source.value);
    return true;
  }

  #export(node: ExportNamedDeclaration): void {
    if (node.exportKind === 'type' || node.declaration) return;
    if (node.source && this.#leadsToTypes(node.source)) {
      this.#blankStatement(node);
      return;
    }
    const removed = new Set<Node>();
    for (const each of node.specifiers)
      if (each.type === 'ExportSpecifier' && this.#isTypeExport(each, node.source?.value ?? null))
        removed.add(each);
    if (removed.size > 0 && removed.size === node.specifiers.length && !node.source) {
      this.#blankStatement(node);
      return;
    }
    this.#removeSpecifiers(node, removed);
    if (node.source) this.#point(node, node.source);
  }

  #isTypeExport(specifier: ExportSpecifier, source: string | null): boolean {
    if (specifier.exportKind === 'type') return true;
    const local = nameOf(specifier.local);
    if (source !== null) {
      const meaning = this.#lookup.meaning(this.#node, source, local);
      if (meaning === 'missing') this.#missing(specifier.local, local, source);
      return meaning === 'type' && this.#node.module.isTypeScript;
    }
    return this.#isLocalType(local);
  }

  /** Whether a top-level name is a type, declared in the module or imported. */
  #isLocalType(name: string): boolean {
    const { names, module } = this.#node;
    if (!module.isTypeScript) return false;
    const origin = this.#imported.get(name);
    if (origin)
      return (
        this.#lookup.meaning(this.#node, origin.specifier, origin.name) === 'type' ||
        this.#typeImports.has(name)
      );
    return names.types.has(name) && !names.values.has(name);
  }

  #default(node: ExportDefaultDeclaration): void {
    if (node.declaration.type === 'Identifier' && this.#isLocalType(node.declaration.name))
      this.#blankStatement(node);
  }

  #leadsToTypes(source: StringLiteral): boolean {
    const request = this.#node.resolved.get(source);
    return request !== undefined && this.#node.resolutions.get(request)?.kind === 'types';
  }

  #removeSpecifiers(node: ImportDeclaration | ExportNamedDeclaration, removed: ReadonlySet<Node>): void {
    const { edits, module } = this.#context;
    const hasNamespace = node.specifiers.some(
      (other) => other.type === 'ImportNamespaceSpecifier' && removed.has(other),
    );
    for (const each of removed) {
      if (each.type === 'ImportNamespaceSpecifier') {
        // `import x, * as y`: also remove the comma before the namespace.
        const before = node.specifiers[0];
        edits.blank(before && before !== each ? endOf(before) : startOf(each), endOf(each));
        continue;
      }
      const comma = skipTrivia(module.text, endOf(each));
      edits.blank(startOf(each), module.text[comma] === ',' && !hasNamespace ? comma + 1 : endOf(each));
    }
  }

  #point(node: Extract<Node, { source?: StringLiteral | null }>, source: StringLiteral): void {
    const target = this.#published(source);
    if (!target) return;
    const { edits, module } = this.#context;
    edits.replace(startOf(source), endOf(source), JSON.stringify(target.specifier));
    if (target.namespace !== null && node.type === 'ImportDeclaration')
      for (const each of node.specifiers)
        if (each.type === 'ImportNamespaceSpecifier')
          edits.replace(startOf(each), endOf(each), `{ ${target.namespace} as ${each.local.name} }`);
    const attributes = 'attributes' in node ? (node.attributes ?? []) : [];
    const last = attributes.at(-1);
    if (!target.isJson || !last) return;
    const close = findOutsideComments(module.text, '}', endOf(last), endOf(node));
    edits.blank(endOf(source), close + 1);
  }

  #blankStatement(node: Node): void {
    this.#context.edits.blank(startOf(node), endOf(node), ';');
  }

  #missing(at: Node, name: string, specifier: string): void {
    const target = this.#lookup.target(this.#node, specifier);
    const known = target ? this.#lookup.valueNames(target) : [];
    const near = name === 'default' ? undefined : nearest(name, known);
    const hint = near
      ? `; did you mean ${near}?`
      : known.length > 0
        ? `; it exports ${known.slice(0, namesShown).join(', ')}${known.length > namesShown ? ` and ${known.length - namesShown} more` : ''}`
        : '';
    const what = name === 'default' ? 'has no default export' : `does not export ${name}`;
    this.#context.problems.push({
      code: 'missing-export',
      severity: 'error',
      message: `"${specifier}" ${what}${hint}`,
      location: this.#context.module.source.location(startOf(at), endOf(at)),
      ...(near ? { replacement: near } : {}),
    });
  }
}

function typeImportsOf(program: Program): Set<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const each of statement.specifiers)
      if (statement.importKind === 'type' || (each.type === 'ImportSpecifier' && each.importKind === 'type'))
        names.add(each.local.name);
  }
  return names;
}
