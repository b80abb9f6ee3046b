import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StringLiteral } from '@babel/types';
import type { Published } from './linkImports';
import type { CodeNode, GraphNode, JsonNode, ModuleGraph } from './moduleGraph';

/** Where each module goes: one flat folder, numbered, named after the source. JSON has a second file, see below. */
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

/** What a literal specifier becomes; null if it stays as it is. */
export function publishedTarget(
  node: CodeNode,
  literal: StringLiteral,
  graph: ModuleGraph,
  places: ReadonlyMap<string, string>,
): Published | null {
  for (const [request, resolution] of node.resolutions) {
    if (request.literal !== literal) continue;
    // `import x = require('y')` in an ECMAScript module becomes an import.
    const isImport =
      request.kind === 'import' ||
      (request.syntax.type === 'TSImportEqualsDeclaration' && node.format === 'esm');
    if (resolution.kind === 'package')
      return {
        specifier: isImport ? pathToFileURL(resolution.file).href : resolution.file,
        isJson: false,
        isModule: false,
      };
    if (resolution.kind !== 'user') return null;
    const target = graph.nodes.get(resolution.file);
    const place = places.get(resolution.file);
    if (!target || place === undefined) return null;
    const file = isImport && target.kind === 'json' ? jsonModulePlace(place) : place;
    // Out of an ECMAScript module, `require` goes through the runtime, which knows no published folder.
    const specifier = isImport || node.format === 'cjs' ? `./${basename(file)}` : file;
    return {
      specifier,
      isJson: target.kind === 'json',
      isModule: target.kind === 'code' && target.format === 'esm',
    };
  }
  return null;
}

function jsonModulePlace(place: string): string {
  return place.replace(/\.cjs$/, '.mjs');
}

/** JSON as two modules over one value: for `require`, and with a name for every key for `import`. */
export function publishJson(node: JsonNode, place: string, texts: Map<string, string>): void {
  texts.set(place, `module.exports = JSON.parse(${JSON.stringify(node.text)});\n`);
  const named = node.keys.filter((key) => key !== 'default' && !/\p{Surrogate}/u.test(key));
  const lines = named.map((key, index) => {
    const name = JSON.stringify(key);
    return `const v${index} = value[${name}]; export { v${index} as ${name} };`;
  });
  const head = `import value from ${JSON.stringify(`./${basename(place)}`)};\nexport default value;`;
  texts.set(jsonModulePlace(place), `${[head, ...lines].join('\n')}\n`);
}

/**
 * A line that never runs and tells node which names a CommonJS module exports: node reads them off the text, and
 * misses those of `{ g: h() }`. Names that importers ask for are told too, where the module may have them.
 */
export function namesForLexer(own: readonly string[], asked: Iterable<string>): string {
  const names = [...new Set([...own, ...asked])].filter((name) => name !== 'default');
  if (names.length === 0) return '';
  return `\n0 && (${names.map((name) => `exports[${JSON.stringify(name)}] = 0`).join(', ')});\n`;
}
