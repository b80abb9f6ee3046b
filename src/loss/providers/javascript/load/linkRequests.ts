import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Identifier, MetaProperty, Node, StringLiteral, TSImportEqualsDeclaration } from '@babel/types';
import { walkAll } from '../../../../autodiff/syntax/nodes';
import type { Reference } from '../../../../autodiff/syntax/scopes';
import type { Published } from './linkImports';
import type { CodeNode } from './moduleGraph';
import { endOf, type Pass, type PassContext, startOf } from './pass';

/** The name under which an ECMAScript module imports the published runtime; see `runtimeText`. */
const runtimeBinding = '__adamscopeRuntime';

/** The file of the published runtime, in each folder of published modules. */
export const runtimeFile = 'runtime.cjs';

/**
 * Rewrites the expressions by which a module loads other modules at run time or determines its own location:
 * `require`, `import()`, `import.meta`, `__filename`, `__dirname`. They must refer to the original file, not
 * to the published one. Also rewrites `import x = require()` and `export =`.
 */
export function linkRequests(
  node: CodeNode,
  published: (literal: StringLiteral) => Published | null,
  runtimeFile: string,
): Pass {
  return (context) => {
    const linker = new RequestLinker(context, node, published, runtimeFile);
    linker.run();
  };
}

class RequestLinker {
  readonly #context: PassContext;
  readonly #node: CodeNode;
  readonly #published: (literal: StringLiteral) => Published | null;
  readonly #runtimeFile: string;
  #needsRuntime = false;

  constructor(
    context: PassContext,
    node: CodeNode,
    published: (literal: StringLiteral) => Published | null,
    runtimeFile: string,
  ) {
    this.#context = context;
    this.#node = node;
    this.#published = published;
    this.#runtimeFile = runtimeFile;
  }

  run(): void {
    const { requests, names, file } = this.#node;
    for (const { literal, syntax } of requests.literal) {
      if (syntax.type === 'ImportExpression') this.#dynamicImport(syntax, literal);
      else if (syntax.type === 'CallExpression') this.#require(syntax.callee, literal);
    }
    for (const request of requests.open) {
      if (request.kind === 'require') this.#replaceName(request.node, `${this.#runtime()}.require`);
      else {
        const { source } = request.node;
        this.#context.edits.wrap(startOf(source), endOf(source), `${this.#runtime()}.url(`, ')');
      }
    }
    for (const [name, value] of [
      ['__filename', file],
      ['__dirname', dirname(file)],
    ] as const)
      if (!names.values.has(name))
        for (const reference of names.references.get(name) ?? [])
          this.#literal(reference, JSON.stringify(value));
    this.#statements();
    this.#importMeta();
    if (this.#needsRuntime && this.#node.format === 'esm')
      this.#context.edits.append(`\nimport ${runtimeBinding} from ${JSON.stringify(this.#runtimeFile)};`);
  }

  #dynamicImport(node: Node & { type: 'ImportExpression' }, literal: StringLiteral): void {
    const target = this.#published(literal);
    if (!target) return;
    this.#context.edits.replace(startOf(literal), endOf(literal), JSON.stringify(target.specifier));
    if (target.isJson && node.options) this.#context.edits.blank(endOf(literal), endOf(node.options));
  }

  #require(callee: Node, literal: StringLiteral): void {
    const target = this.#published(literal);
    if (target)
      this.#context.edits.replace(startOf(literal), endOf(literal), JSON.stringify(target.specifier));
    if (this.#node.format === 'esm') this.#replaceName(callee, `${this.#runtime()}.require`);
  }

  #statements(): void {
    const { edits } = this.#context;
    for (const statement of this.#node.module.program.body) {
      if (statement.type === 'TSExportAssignment')
        edits.replace(
          startOf(statement),
          startOf(statement.expression),
          this.#node.format === 'esm' ? 'export default ' : 'module.exports = ',
        );
      else if (statement.type === 'TSImportEqualsDeclaration') this.#importEquals(statement);
    }
  }

  /** `import x = require('y')`, `import x = a.b` */
  #importEquals(node: TSImportEqualsDeclaration): void {
    const { edits, module } = this.#context;
    if (node.importKind === 'type') return;
    const isUsed = node.isExport || (this.#node.names.references.get(node.id.name) ?? []).length > 0;
    if (!isUsed) {
      edits.blank(startOf(node), endOf(node), ';');
      return;
    }
    const { moduleReference } = node;
    const keyword = module.text.indexOf('import', startOf(node));
    if (moduleReference.type !== 'TSExternalModuleReference' || this.#node.format === 'cjs') {
      edits.replace(keyword, keyword + 'import'.length, 'const');
      if (moduleReference.type !== 'TSExternalModuleReference') return;
      const target = this.#published(moduleReference.expression);
      if (target)
        edits.replace(
          startOf(moduleReference.expression),
          endOf(moduleReference.expression),
          JSON.stringify(target.specifier),
        );
      return;
    }
    const target = this.#published(moduleReference.expression);
    const specifier = JSON.stringify(target?.specifier ?? moduleReference.expression.value);
    const binding = target?.isModule ? `* as ${node.id.name}` : node.id.name;
    const exported = node.isExport ? ` export { ${node.id.name} };` : '';
    edits.replace(startOf(node), endOf(node), `import ${binding} from ${specifier};${exported}`);
  }

  #importMeta(): void {
    const { edits } = this.#context;
    const { file } = this.#node;
    if (!/\bmeta\b/.test(this.#node.module.text)) return;
    const url = pathToFileURL(file).href;
    const places: Readonly<Record<string, string>> = { url, filename: file, dirname: dirname(file) };
    walkAll(this.#node.module.program, (node, parent) => {
      if (node.type !== 'MetaProperty' || node.meta.name !== 'import') return true;
      const name = memberName(node, parent);
      if (parent && name !== null) {
        if (Object.hasOwn(places, name))
          edits.replace(startOf(parent), endOf(parent), JSON.stringify(places[name]));
        else if (name === 'resolve') edits.replace(startOf(parent), endOf(parent), `${this.#runtime()}.url`);
        return false;
      }
      edits.replace(startOf(node), endOf(node), `({ ...import.meta, ...${JSON.stringify(places)} })`);
      return false;
    });
  }

  #literal({ node, parent }: Reference, value: string): void {
    const isShorthand = parent.type === 'ObjectProperty' && parent.shorthand;
    this.#context.edits.replace(startOf(node), endOf(node), isShorthand ? `${node.name}: ${value}` : value);
  }

  #replaceName(node: Node | Identifier, text: string): void {
    this.#context.edits.replace(startOf(node), endOf(node), text);
  }

  #runtime(): string {
    this.#needsRuntime = true;
    const file = JSON.stringify(this.#node.file);
    return this.#node.format === 'esm'
      ? `${runtimeBinding}(${file})`
      : `require(${JSON.stringify(this.#runtimeFile)})(${file})`;
  }
}

/** The name of the property of `import.meta` that is read; null if `import.meta` is used in another way. */
function memberName(node: MetaProperty, parent: Node | null): string | null {
  if (parent?.type !== 'MemberExpression' || parent.object !== node || parent.computed) return null;
  return parent.property.type === 'Identifier' ? parent.property.name : null;
}

/**
 * The text of the module that resolves specifiers at run time, relative to an original file. A specifier
 * resolves to the published file if the module was linked, and otherwise as Node resolves it from the
 * original file.
 *
 * @param published  maps original paths to published paths
 */
export function runtimeText(published: ReadonlyMap<string, string>): string {
  return `'use strict';
const { createRequire } = require('node:module');
const { dirname, resolve } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const published = new Map(${JSON.stringify([...published])});
const endings = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json', '/index.ts', '/index.tsx', '/index.js'];
module.exports = (file) => {
  const original = createRequire(file);
  const own = (specifier) => {
    if (!/^(?:\\.{1,2}(?:[\\\\/]|$)|[\\\\/]|file:|[A-Za-z]:[\\\\/])/.test(specifier)) return undefined;
    const path = resolve(dirname(file), specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier);
    const bare = path.replace(/\\.([cm]?)js(x?)$/, '.$1ts$2');
    for (const base of [path, bare]) for (const ending of endings) if (published.has(base + ending)) return published.get(base + ending);
    return undefined;
  };
  const load = (specifier) => {
    const linked = own(String(specifier));
    return linked === undefined ? original(specifier) : require(linked);
  };
  return {
    require: Object.assign(load, { resolve: original.resolve, cache: original.cache, main: original.main }),
    url: (specifier) => {
      const text = String(specifier);
      const linked = own(text);
      if (linked !== undefined) return pathToFileURL(linked).href;
      if (/^(?:node|data|https?|file):/.test(text)) return text;
      if (/^\\.{0,2}[\\\\/]/.test(text)) return new URL(text, pathToFileURL(file)).href;
      const found = original.resolve(text);
      return found === text ? text : pathToFileURL(found).href;
    },
  };
};
`;
}
