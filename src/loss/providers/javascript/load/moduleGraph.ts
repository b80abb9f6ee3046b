import type { StringLiteral } from '@babel/types';
import type { Reference } from '../../../../autodiff/syntax/scopes';
import { LineMap } from '../../../places/lineMap';
import type { SourceProblem } from '../../../problem';
import type { Sources } from '../../../sources';
import { isAsset } from './assets';
import { commonExports, type ExportTable, moduleExports } from './exportTable';
import { jsonErrorOffset } from './jsonError';
import { lowerSyntax } from './lowering/lowerSyntax';
import { needsLowering } from './lowering/needsLowering';
import { formatOf, hasTopLevelAwait, type ModuleFormat } from './moduleFormat';
import { type ModuleNames, namesOf } from './moduleNames';
import type { ModuleText } from './moduleText';
import { isStackOverflow, nestingProblem } from './nesting';
import { type Parsed, type ParsedModule, parseModule } from './parseModule';
import { noConfig } from './projectConfig';
import { type ModuleRequest, type Requests, requestsOf } from './requests';
import { isPackageCode, ModuleResolver, type Resolution } from './resolve';

/** A parsed module of the user with the results of its analysis, before it is rewritten. */
export interface CodeNode {
  readonly kind: 'code';
  readonly file: string;
  readonly module: ParsedModule;
  readonly format: ModuleFormat;
  readonly names: ModuleNames;
  readonly requests: Requests;
  readonly exports: ExportTable;
  readonly resolutions: ReadonlyMap<ModuleRequest, Resolution>;
  /** The keys of `resolutions` by their literals. */
  readonly resolved: ReadonlyMap<StringLiteral, ModuleRequest>;
  /** The resolutions of imports and re-exports by specifier. */
  readonly imports: ReadonlyMap<string, Resolution>;
  readonly awaits: boolean;
  readonly uninitializedFields: 'define' | 'drop';
}

/** A module without code: JSON, or an asset, which is loaded as an empty object. */
export interface JsonNode {
  readonly kind: 'json';
  readonly file: string;
  readonly text: string;
  readonly keys: readonly string[];
  readonly isAsset: boolean;
}

export type GraphNode = CodeNode | JsonNode;

export interface ModuleGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly problems: readonly SourceProblem[];
  readonly resolver: ModuleResolver;
}

/** Reads the entry and all user modules that it imports, directly or indirectly. */
export async function readGraph(entry: string, sources: Sources): Promise<ModuleGraph> {
  const resolver = new ModuleResolver(sources, entry);
  return readFrom([entry], sources, resolver, ({ kind }) => kind === 'user');
}

/** Reads modules of packages, and those that they import, as far as `isFollowed` allows. */
export function readPackageGraph(
  entries: readonly string[],
  sources: Sources,
  isFollowed: (resolution: Resolution) => boolean,
): Promise<ModuleGraph> {
  return readFrom(entries, sources, new ModuleResolver(sources, entries[0]!), isFollowed);
}

async function readFrom(
  entries: readonly string[],
  sources: Sources,
  resolver: ModuleResolver,
  isFollowed: (resolution: Resolution) => boolean,
): Promise<ModuleGraph> {
  const nodes = new Map<string, GraphNode>();
  const problems: SourceProblem[] = [];
  const waiting = [...entries];
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (isAsset(file)) {
      nodes.set(file, { kind: 'json', file, text: '{}', keys: [], isAsset: true });
      continue;
    }
    const text = sources.read(file);
    if (text === undefined) {
      const location = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
      problems.push({ code: 'unreadable', severity: 'error', message: `${file} cannot be read`, location });
      continue;
    }
    const node = /\.json$/i.test(file)
      ? readJson(file, text, problems)
      : await parseCode(file, text, sources, resolver, problems);
    if (!node) continue;
    nodes.set(file, node);
    if (node.kind === 'json') continue;
    for (const resolution of node.resolutions.values()) {
      if (!isFollowed(resolution) || !('file' in resolution) || seen.has(resolution.file)) continue;
      seen.add(resolution.file);
      waiting.push(resolution.file);
    }
  }
  return { nodes, problems: [...problems, ...resolver.configs.problems], resolver };
}

async function parseCode(
  file: string,
  text: string,
  sources: Sources,
  resolver: ModuleResolver,
  problems: SourceProblem[],
): Promise<CodeNode | null> {
  const parsed = parseModule(text, file);
  problems.push(...parsed.problems);
  if (!parsed.module) return null;
  try {
    const format = formatOf(parsed.module, namesOf(parsed.module.program), sources);
    const exports = exportsOf(parsed.module, format);
    const lowered = await loweredModule(parsed, resolver, problems);
    return lowered === null
      ? readCode(parsed.module, format, exports, resolver, problems)
      : readCode(lowered, format, withTypesOf(exports, exportsOf(lowered, format)), resolver, problems);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    problems.push(nestingProblem(parsed.module, 'too-deep'));
    return null;
  }
}

/** null if the module needs no lowering, or cannot be lowered; then its other problems are still collected. */
async function loweredModule(
  { module, problems: found }: Parsed,
  resolver: ModuleResolver,
  problems: SourceProblem[],
): Promise<ParsedModule | null> {
  // The syntax tree of a text with errors may be incomplete, and Node runs the syntax of packages.
  if (!module || isPackageCode(module.file) || found.length > 0 || !needsLowering(module.program))
    return null;
  const lowered = await lowerSyntax(module, resolver.configs.of(module.file));
  problems.push(...lowered.problems);
  return lowered.module;
}

function exportsOf({ program }: ParsedModule, format: ModuleFormat): ExportTable {
  const names = namesOf(program);
  return format === 'esm' ? moduleExports(program, names) : commonExports(program, names);
}

/** The exports of a lowered module, and the types that only the text of its file declares. */
function withTypesOf(written: ExportTable, lowered: ExportTable): ExportTable {
  const types = [...written.entries].filter(([, { kind }]) => kind === 'type');
  return { ...lowered, entries: new Map([...types, ...lowered.entries]) };
}

function readCode(
  module: ParsedModule,
  format: ModuleFormat,
  exports: ExportTable,
  resolver: ModuleResolver,
  problems: SourceProblem[],
): CodeNode {
  const { file } = module;
  const names = namesOf(module.program);
  const requests = requestsOf(module, names);
  const resolutions = new Map<ModuleRequest, Resolution>();
  const resolved = new Map<StringLiteral, ModuleRequest>();
  const imports = new Map<string, Resolution>();
  for (const request of requests.literal) {
    if (!isLive(request, module, names)) continue;
    const resolution = resolver.resolve(request.literal.value, file, request.kind);
    resolutions.set(request, resolution);
    resolved.set(request.literal, request);
    const { value } = request.literal;
    if (request.kind === 'import' && !imports.has(value)) imports.set(value, resolution);
    const isOnlyTypes =
      resolution.kind === 'types' && (isReexport(request) || hasOnlyTypeUses(request, names));
    if (resolution.kind === 'missing' || (resolution.kind === 'types' && !isOnlyTypes))
      problems.push(unresolved(request, resolution, module.source));
  }
  const awaits = format === 'esm' && hasTopLevelAwait(module);
  const { uninitializedFields } = isPackageCode(file) ? noConfig : resolver.configs.of(file);
  return {
    kind: 'code',
    file,
    module,
    format,
    names,
    requests,
    exports,
    resolutions,
    resolved,
    imports,
    awaits,
    uninitializedFields,
  };
}

function readJson(file: string, text: string, problems: SourceProblem[]): JsonNode | null {
  const plain = text.replace(/^\ufeff/, '');
  try {
    const value: unknown = JSON.parse(plain);
    const keys =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
    return { kind: 'json', file, text: plain, keys, isAsset: false };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = jsonErrorOffset(plain);
    const location = new LineMap(file, plain).location(at, at + 1);
    problems.push({ code: 'json', severity: 'error', message: `not valid JSON: ${message}`, location });
    return null;
  }
}

/** The uses of an imported name as a value. */
export function usesOf(names: ModuleNames, local: string): readonly Reference[] {
  return names.references.get(local) ?? [];
}

/**
 * Whether a request remains in the output: TypeScript removes an import whose names are used only as types.
 */
function isLive({ syntax }: ModuleRequest, module: ParsedModule, names: ModuleNames): boolean {
  if (!module.isTypeScript) return true;
  if (syntax.type === 'TSImportEqualsDeclaration')
    return syntax.isExport || usesOf(names, syntax.id.name).length > 0;
  if (syntax.type === 'ExportNamedDeclaration')
    return syntax.specifiers.some((each) => each.type !== 'ExportSpecifier' || each.exportKind !== 'type');
  if (syntax.type !== 'ImportDeclaration' || syntax.specifiers.length === 0) return true;
  return syntax.specifiers.some((each) => {
    if (each.type === 'ImportSpecifier' && (each.importKind === 'type' || each.importKind === 'typeof'))
      return false;
    return usesOf(names, each.local.name).length > 0;
  });
}

/** Whether a request is `export … from`, which may re-export only types. */
function isReexport({ syntax }: ModuleRequest): boolean {
  return syntax.type === 'ExportNamedDeclaration' || syntax.type === 'ExportAllDeclaration';
}

function hasOnlyTypeUses({ syntax }: ModuleRequest, names: ModuleNames): boolean {
  if (syntax.type !== 'ImportDeclaration') return false;
  return syntax.specifiers.every((each) =>
    usesOf(names, each.local.name).every(({ mayBeType }) => mayBeType),
  );
}

function unresolved(
  { literal, isOptional }: ModuleRequest,
  resolution: Resolution & { kind: 'missing' | 'types' },
  source: ModuleText,
): SourceProblem {
  const message =
    resolution.kind === 'missing'
      ? resolution.message
      : `"${literal.value}" has only declarations (.d.ts), and no code that can be run`;
  const replacement =
    resolution.kind === 'missing' && resolution.suggestion !== null
      ? { replacement: resolution.suggestion }
      : {};
  return {
    code: 'unresolved-import',
    severity: isOptional ? 'warning' : 'error',
    message,
    location: source.location(literal.start! + 1, literal.end! - 1),
    ...replacement,
  };
}
