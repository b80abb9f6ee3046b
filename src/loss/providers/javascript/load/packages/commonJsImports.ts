import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExportNamedDeclaration, ImportDeclaration, StringLiteral } from '@babel/types';
import type { Sources } from '../../../../sources';
import type { ModuleMap } from '../edits';
import { nameOf } from '../exportTable';
import type { LinkedModule } from '../linkedModule';
import type { Published } from '../linkImports';
import { packageType } from '../moduleFormat';
import { type CodeNode, type ModuleGraph, usesOf } from '../moduleGraph';
import { startOf } from '../pass';
import type { Resolution } from '../resolve';

/** An imported or re-exported name, as its importer writes it. */
interface Asked {
  readonly name: string;
  /** The offset in the importer's text. */
  readonly at: number;
  /** Whether its value is certainly used, so that a missing export is an error. */
  readonly isNeeded: boolean;
}

/** The texts of published files and the sources of their modules, both by path. */
interface PublishedFiles {
  readonly texts: Map<string, string>;
  readonly modules: Map<string, LinkedModule>;
}

/**
 * Publishes a module for each import of names from a CommonJS file. Node finds the names of such a file in its text and
 * misses many (`import { sum } from 'lodash'`). The published module reads them from the value of `module.exports`, as bundlers do.
 */
export class CommonJsImports {
  readonly #directory: string;
  readonly #sources: Sources;
  readonly #graph: ModuleGraph;
  readonly #places: ReadonlyMap<string, string>;
  readonly #into: PublishedFiles;
  #count = 0;

  /**
   * @param places  maps the files of the user's modules and of chosen packages to their published files
   * @param into    receives the published modules
   */
  constructor(
    directory: string,
    sources: Sources,
    graph: ModuleGraph,
    places: ReadonlyMap<string, string>,
    into: PublishedFiles,
  ) {
    this.#into = into;
    this.#directory = directory;
    this.#sources = sources;
    this.#graph = graph;
    this.#places = places;
  }

  /** The published module for this specifier; null if the engine's own import gives the same. */
  published(node: CodeNode, literal: StringLiteral): Published | null {
    if (node.format !== 'esm') return null;
    const request = node.resolved.get(literal);
    const resolution = request && node.resolutions.get(request);
    if (!request || !resolution) return null;
    const { syntax } = request;
    if (syntax.type !== 'ImportDeclaration' && syntax.type !== 'ExportNamedDeclaration') return null;
    const file = this.#commonJsFile(resolution, syntax);
    if (file === null) return null;
    const name = `names-${this.#count++}.mjs`;
    const path = join(this.#directory, name);
    const asked = askedNames(node, syntax);
    this.#into.texts.set(path, textOf(literal.value, file, asked, followsNode(node.file, this.#sources)));
    const { fileText } = node.module.source;
    this.#into.modules.set(path, { file: node.file, text: fileText, map: mapOf(node, asked) });
    return { specifier: `./${name}`, isJson: false, isModule: true, namespace: 'namespace' };
  }

  /** The file to import from, if Node's own import would miss some of the names. */
  #commonJsFile(
    resolution: Resolution,
    { specifiers }: ImportDeclaration | ExportNamedDeclaration,
  ): string | null {
    if (specifiers.length === 0) return null;
    if (resolution.kind === 'package')
      return isCommonJs(resolution.file, this.#sources)
        ? (this.#places.get(resolution.file) ?? resolution.file)
        : null;
    if (resolution.kind !== 'user') return null;
    // Names that an importer of a user's module asks for are announced to Node. Only a namespace may ask for others.
    const target = this.#graph.nodes.get(resolution.file);
    const isOpen = target?.kind === 'code' && target.format === 'cjs' && target.exports.isOpen;
    const isNamespace = specifiers.some(({ type }) => type === 'ImportNamespaceSpecifier');
    return isOpen && isNamespace ? (this.#places.get(resolution.file) ?? null) : null;
  }
}

/** Whether Node loads a file of a package as CommonJS. */
function isCommonJs(file: string, sources: Sources): boolean {
  if (/\.cjs$/i.test(file)) return true;
  if (!/\.js$/i.test(file) || packageType(file, sources) === 'module') return false;
  // Node loads a file without a declared type as an ECMAScript module if its syntax requires one.
  return !/^\s*(?:import\b(?!\s*\()|export\b)/m.test(readFileSync(file, 'utf8'));
}

/**
 * Whether a default import means `module.exports`, as in Node, even if that has a property `default`.
 * Bundlers follow the same rule.
 */
function followsNode(importer: string, sources: Sources): boolean {
  return /\.m[jt]s$/i.test(importer) || packageType(importer, sources) === 'module';
}

function askedNames(node: CodeNode, { specifiers }: ImportDeclaration | ExportNamedDeclaration): Asked[] {
  const { isTypeScript } = node.module;
  const asked: Asked[] = [];
  for (const each of specifiers) {
    const at = startOf(each);
    if (each.type === 'ImportSpecifier') {
      const uses = usesOf(node.names, each.local.name);
      const isType = each.importKind === 'type' || each.importKind === 'typeof';
      const isNeeded = uses.some(({ mayBeType }) => !mayBeType);
      if (!isType && (!isTypeScript || uses.length > 0))
        asked.push({ name: nameOf(each.imported), at, isNeeded });
    } else if (each.type === 'ExportSpecifier' && each.exportKind !== 'type')
      asked.push({ name: nameOf(each.local), at, isNeeded: !isTypeScript });
  }
  return asked.filter(
    ({ name }, index) => name !== 'default' && asked.findIndex((each) => each.name === name) === index,
  );
}

/**
 * The text of the module. Each name has a line of its own, so that the source map relates the line to the
 * name.
 */
function textOf(specifier: string, file: string, asked: readonly Asked[], nodeDefault: boolean): string {
  const head =
    `import value from ${JSON.stringify(pathToFileURL(file).href)}; ` +
    'const isModule = value !== null && value !== undefined && value.__esModule === true; ' +
    "export const namespace = isModule || typeof value !== 'object' ? value : { ...value, default: value }; " +
    `export default ${nodeDefault ? 'value' : "isModule && 'default' in value ? value.default : value"};`;
  const lines = asked.map(({ name, isNeeded }, index) => {
    const key = JSON.stringify(name);
    const message = JSON.stringify(`"${specifier}" does not export ${name}`);
    const check = isNeeded ? `if (!(${key} in Object(value))) throw new SyntaxError(${message}); ` : '';
    return `${check}const v${index} = value[${key}]; export { v${index} as ${key} };`;
  });
  return `${[head, ...lines].join('\n')}\n`;
}

function mapOf({ file, module: { source } }: CodeNode, asked: readonly Asked[]): ModuleMap {
  const mappings = asked.map(({ at }) => {
    const { line, column } = source.location(at, at + 1);
    return [[0, 0, line - 1, column - 1] as [number, number, number, number]];
  });
  return { version: 3, sources: [file], names: [], mappings: [[], ...mappings] };
}
