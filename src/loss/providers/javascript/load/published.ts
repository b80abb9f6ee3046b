import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StringLiteral } from '@babel/types';
import type { Published } from './linkImports';
import type { CodeNode, GraphNode, JsonNode, ModuleGraph } from './moduleGraph';

/**
 * The path of each published module: one flat folder, numbered names. JSON has a second file, see
 * `publishJson`.
 */
export function publishedPlaces(graph: ModuleGraph, directory: string): Map<string, string> {
  const places = new Map<string, string>();
  for (const node of graph.nodes.values()) {
    const stem = basename(node.file, extname(node.file)).replace(/[^\w.-]/g, '_');
    places.set(node.file, join(directory, `${places.size}-${stem}${extensionOf(node)}`));
  }
  return places;
}

function extensionOf(node: GraphNode): string {
  return node.kind === 'json' || node.format === 'cjs' ? '.cjs' : '.mjs';
}

/** The target that replaces a literal specifier; null if the specifier is not changed. */
export function publishedTarget(
  node: CodeNode,
  literal: StringLiteral,
  graph: ModuleGraph,
  places: ReadonlyMap<string, string>,
): Published | null {
  const request = node.resolved.get(literal);
  const resolution = request && node.resolutions.get(request);
  if (!request || !resolution) return null;
  // In an ECMAScript module, `import x = require('y')` becomes an import.
  const isImport =
    request.kind === 'import' ||
    (request.syntax.type === 'TSImportEqualsDeclaration' && node.format === 'esm');
  const target = 'file' in resolution ? graph.nodes.get(resolution.file) : undefined;
  if (resolution.kind === 'package' && !target) {
    // A module of a chosen package is published too; any other is loaded as it is.
    const file = places.get(resolution.file) ?? resolution.file;
    const specifier = isImport ? pathToFileURL(file).href : file;
    return { specifier, isJson: false, isModule: false, namespace: null };
  }
  if (resolution.kind !== 'user' && resolution.kind !== 'package') return null;
  const place = places.get(resolution.file);
  if (!target || place === undefined) return null;
  const file = isImport && target.kind === 'json' ? jsonModulePlace(place) : place;
  // In an ECMAScript module, `require` is a function of the runtime, which resolves from the folder of the
  // source file.
  const specifier = isImport || node.format === 'cjs' ? `./${basename(file)}` : file;
  return {
    specifier,
    isJson: target.kind === 'json',
    isModule: target.kind === 'code' && target.format === 'esm',
    namespace: null,
  };
}

function jsonModulePlace(place: string): string {
  return place.replace(/\.cjs$/, '.mjs');
}

/**
 * Publishes JSON as two modules with the same value: one for `require`, and one for `import` with an export
 * per key.
 */
export function publishJson(
  node: JsonNode,
  place: string,
  asked: Iterable<string>,
  texts: Map<string, string>,
): void {
  texts.set(place, `module.exports = JSON.parse(${JSON.stringify(node.text)});\n`);
  // An asset has no names of its own, so each name that is imported from it is undefined.
  const keys = node.isAsset ? [...asked] : node.keys;
  const named = keys.filter((key) => key !== 'default' && !/\p{Surrogate}/u.test(key));
  const lines = named.map((key, index) => {
    const name = JSON.stringify(key);
    return `const v${index} = value[${name}]; export { v${index} as ${name} };`;
  });
  const head = `import value from ${JSON.stringify(`./${basename(place)}`)};\nexport default value;`;
  texts.set(jsonModulePlace(place), `${[head, ...lines].join('\n')}\n`);
}

/**
 * A statement that is never executed and declares the exported names of a CommonJS module. Node finds these
 * names by reading the text, and misses those in `{ g: h() }`. Names that other modules import are declared
 * too.
 *
 * @param own    the names that the module is known to export
 * @param asked  the names that other modules import from it
 */
export function namesForLexer(own: readonly string[], asked: Iterable<string>): string {
  const names = [...new Set([...own, ...asked])].filter((name) => name !== 'default');
  if (names.length === 0) return '';
  return `\n0 && (${names.map((name) => `exports[${JSON.stringify(name)}] = 0`).join(', ')});\n`;
}
