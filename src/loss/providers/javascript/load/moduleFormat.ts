import { dirname, join } from 'node:path';
import { walkAll } from '../../../../autodiff/syntax/nodes';
import type { Sources } from '../../../sources';
import type { ModuleNames } from './moduleNames';
import type { ParsedModule } from './parseModule';
import { isPackageCode } from './resolve';

export type ModuleFormat = 'esm' | 'cjs';

/**
 * The module system of a file. It is determined by the extension, or else by the syntax, or else by the
 * nearest package.json, which comes before the syntax for a module of an installed package. A TypeScript file for which none of these decides is an ECMAScript module.
 */
export function formatOf(module: ParsedModule, names: ModuleNames, sources: Sources): ModuleFormat {
  const { file, program, isTypeScript } = module;
  if (/\.m[jt]s$/i.test(file)) return 'esm';
  if (/\.cjs$/i.test(file)) return 'cjs';
  const declared = isPackageCode(file) ? packageType(file, sources) : null;
  if (declared === 'module') return 'esm';
  if (declared === 'commonjs') return 'cjs';
  let sawModule = false;
  let sawAssignment = false;
  for (const statement of program.body) {
    if (/^(?:Import|Export)(?:Named|Default|All)?Declaration$/.test(statement.type)) sawModule = true;
    if (statement.type === 'TSExportAssignment') sawAssignment = true;
    if (statement.type === 'TSImportEqualsDeclaration' && statement.isExport) sawModule = true;
  }
  if (sawModule) return 'esm';
  if (sawAssignment || /\.cts$/i.test(file)) return 'cjs';
  if (hasTopLevelAwait(module) || usesImportMeta(module)) return 'esm';
  const free = (name: string) => names.references.has(name) && !names.values.has(name);
  if (['module', 'exports', 'require'].some(free)) return 'cjs';
  if (program.body.some((statement) => statement.type === 'TSImportEqualsDeclaration')) return 'cjs';
  const type = packageType(file, sources);
  return type === 'module' || (type === null && isTypeScript) ? 'esm' : 'cjs';
}

/** A walk over the whole tree takes longer than a search in the text. */
export function hasTopLevelAwait({ program, text }: ParsedModule): boolean {
  if (!/\bawait\b/.test(text)) return false;
  let found = false;
  walkAll(program, (node) => {
    if (/Function|Method|ClassProperty|ClassPrivateProperty|StaticBlock/.test(node.type)) return false;
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) found = true;
    return !found;
  });
  return found;
}

function usesImportMeta({ program, text }: ParsedModule): boolean {
  if (!/\bmeta\b/.test(text)) return false;
  let found = false;
  walkAll(program, (node) => {
    if (node.type === 'MetaProperty' && node.meta.name === 'import') found = true;
    return !found;
  });
  return found;
}

/** The `type` of the nearest package.json; null if there is none. */
export function packageType(file: string, sources: Sources): string | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const text = sources.read(join(folder, 'package.json'));
    if (text !== undefined) return typeIn(text);
    if (dirname(folder) === folder) return null;
  }
}

/** Most modules of a package have the same package.json. */
let last: { readonly text: string; readonly type: string | null } = { text: '', type: null };

function typeIn(text: string): string | null {
  if (last.text !== text) last = { text, type: readType(text) };
  return last.type;
}

function readType(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined;
    return typeof type === 'string' ? type : null;
  } catch {
    return null;
  }
}
