import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import resolver from 'enhanced-resolve';
import { nearest } from '../../../../core/config/nearest';
import type { Sources } from '../../../sources';
import { isAsset, withoutQuery } from './assets';
import { overlayFileSystem } from './overlayFileSystem';
import { realPath } from './packages/installedPackage';
import { noConfig, type ProjectConfig, ProjectConfigs } from './projectConfig';

export type RequestKind = 'import' | 'require';

export type Resolution =
  /** Resolved by Node itself: `node:fs`, `data:`. */
  | { readonly kind: 'native' }
  /** A file of the user, which is loaded from its source. */
  | { readonly kind: 'user'; readonly file: string }
  /** A file of an installed package, which is loaded unchanged. */
  | { readonly kind: 'package'; readonly file: string }
  /** A file that contains only type declarations and no code to run. */
  | { readonly kind: 'types'; readonly file: string }
  | { readonly kind: 'missing'; readonly message: string; readonly suggestion: string | null };

const typescriptExtensions = ['.ts', '.tsx', '.mts', '.cts'];
const scriptExtensions = ['.js', '.jsx', '.mjs', '.cjs'];
const extensions = [...typescriptExtensions, ...scriptExtensions, '.json'];
/** A specifier may name the output of the compiler (`.js`) although only the source file exists. */
const extensionAlias = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};
const loadable = /\.(?:[cm]?[jt]s|[jt]sx|json)$/i;
const insidePackage = /[\\/]node_modules[\\/]/;
const declarationFile = /\.d\.(?:[\w-]+\.)?[cm]?ts$/i;

/** Conditions that Node adds, where it can `require` ECMAScript modules. */
const nodeConditions =
  'require_module' in process.features ? ['node-addons', 'module-sync'] : ['node-addons'];

type Find = (folder: string, request: string) => string | null;

/**
 * Resolves specifiers to files as TypeScript does. If there is no file, the result says which files were
 * tried.
 */
export class ModuleResolver {
  readonly #sources: Sources;
  readonly #configs = new ProjectConfigs();
  readonly #finders = new Map<string, Find>();
  readonly #asNode = new Map<string, Resolution>();
  readonly #fileSystem: ReturnType<typeof overlayFileSystem>;
  /** [real prefix, prefix in the editor] if the workspace is opened through a symbolic link. */
  readonly #alias: readonly [string, string] | null;

  constructor(sources: Sources, entry: string) {
    this.#sources = sources;
    this.#fileSystem = overlayFileSystem(sources);
    this.#alias = linkedPrefix(entry);
  }

  get configs(): ProjectConfigs {
    return this.#configs;
  }

  resolve(specifier: string, from: string, kind: RequestKind): Resolution {
    if (isBuiltin(specifier) || /^(?:data|https?):/.test(specifier)) return { kind: 'native' };
    const request = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
    if (isPackageCode(from)) return this.#resolveAsNode(request, from, kind);
    const project = this.#configs.of(from);
    const found = this.#find(request, from, kind, project);
    if (found !== null) return this.#classify(withoutQuery(found), request, kind);
    const types = this.#findTypes(request, from);
    return types === null ? this.#missing(request, from) : { kind: 'types', file: types };
  }

  /** For the modules of installed packages, which are not written for a compiler. */
  #resolveAsNode(request: string, from: string, kind: RequestKind): Resolution {
    const folder = dirname(from);
    const key = `${kind} ${folder} ${request}`;
    const known = this.#asNode.get(key);
    if (known) return known;
    const found = fileAt(request, folder, kind) ?? this.#finder(kind, 'published', noConfig)(folder, request);
    const resolution = found === null ? this.#missing(request, from) : this.#classify(found, request, kind);
    this.#asNode.set(key, resolution);
    return resolution;
  }

  #find(request: string, from: string, kind: RequestKind, project: ProjectConfig): string | null {
    const folder = dirname(from);
    const isPath = isRelative(request) || isAbsolute(request);
    const find = this.#finder(kind, 'source', project);
    if (!isPath) {
      for (const mapped of project.mapped(request)) {
        const found = find(folder, mapped);
        if (found !== null) return found;
      }
    }
    const found = find(folder, request);
    if (found !== null && insidePackage.test(realPath(found)) && isTypeScript(found) && !isPath)
      return this.#finder(kind, 'published', project)(folder, request) ?? found;
    if (found !== null || isPath) return found;
    return this.#finder(kind, 'unbuilt', project)(folder, request) ?? this.#findSource(request, folder, find);
  }

  /**
   * The source of the same name in a workspace package whose exports refer to build output that does not
   * exist.
   */
  #findSource(request: string, folder: string, find: Find): string | null {
    const installed = installedFolder(request, folder);
    if (installed === null) return null;
    const real = realPath(installed);
    if (insidePackage.test(real)) return null;
    const inner = request.slice(packageName(request).length + 1) || 'index';
    return find(real, `./src/${inner}`) ?? find(real, `./${inner}`);
  }

  /**
   * @param view  `source` resolves to source files; `published` resolves an installed package as Node does;
   *   `unbuilt` resolves a workspace package without build output by its `types` and `source` entries
   */
  #finder(kind: RequestKind, view: 'source' | 'published' | 'unbuilt', project: ProjectConfig): Find {
    const conditions = [
      'node',
      kind,
      ...nodeConditions,
      ...(view === 'unbuilt' ? ['types', 'source'] : []),
      ...project.conditions,
    ];
    const key = [view, ...conditions].join(' ');
    const known = this.#finders.get(key);
    if (known) return known;
    const resolveSync = resolver.ResolverFactory.createResolver({
      fileSystem: this.#fileSystem as unknown as NonNullable<
        Parameters<typeof resolver.ResolverFactory.createResolver>[0]['fileSystem']
      >,
      useSyncFileSystemCalls: true,
      symlinks: false,
      conditionNames: conditions,
      extensions: view === 'published' ? [...scriptExtensions, '.json'] : extensions,
      extensionAlias: view === 'published' ? {} : extensionAlias,
      extensionAliasForExports: view !== 'published',
      mainFields: view === 'unbuilt' ? ['source', 'module', 'types', 'typings', 'main'] : ['main'],
      mainFiles: view === 'unbuilt' ? ['index', 'src/index'] : ['index'],
      pnpApi: null,
    });
    const find: Find = (folder, request) => {
      try {
        const found = resolveSync.resolveSync({}, folder, request);
        return found === false ? null : found.replace(/\0/g, '');
      } catch {
        return null;
      }
    };
    this.#finders.set(key, find);
    return find;
  }

  #classify(found: string, request: string, kind: RequestKind): Resolution {
    if (declarationFile.test(found)) return { kind: 'types', file: found };
    const isInPackage = insidePackage.test(found);
    const real = isInPackage ? realPath(found) : found;
    const isUser = !isInPackage || !insidePackage.test(real) || isTypeScript(real);
    if (/\.json$/i.test(found) || isAsset(found)) return { kind: 'user', file: this.#asOpened(real) };
    if (extname(real) === '.node' && kind === 'import')
      return {
        kind: 'missing',
        message: `"${request}" is a native addon, which an import cannot load; load it with require`,
        suggestion: null,
      };
    if (!isUser) return { kind: 'package', file: real };
    if (loadable.test(real)) return { kind: 'user', file: this.#asOpened(real) };
    if (extname(real) === '.node') return { kind: 'package', file: real };
    const message = `"${request}" is a ${extname(real) || 'file without an extension'}: only TypeScript, JavaScript and JSON can be loaded`;
    return { kind: 'missing', message, suggestion: null };
  }

  #findTypes(request: string, from: string): string | null {
    if (!isRelative(request)) return null;
    const base = resolve(dirname(from), request).replace(/\.[cm]?jsx?$/i, '');
    const candidates = [`${base}.d.ts`, join(base, 'index.d.ts'), declarationFile.test(request) ? base : ''];
    return candidates.find((file) => file !== '' && this.#sources.read(file) !== undefined) ?? null;
  }

  #missing(request: string, from: string): Resolution {
    if (!isRelative(request) && !isAbsolute(request)) {
      const name = packageName(request);
      const why = request.startsWith('#')
        ? 'no entry under "imports" of package.json leads to a file'
        : installedFolder(request, dirname(from)) === null
          ? `no package ${name} is installed here, and no path mapping matches`
          : `the package ${name} is installed, but does not export a file of that name`;
      return { kind: 'missing', message: `cannot find "${request}": ${why}`, suggestion: null };
    }
    const wanted = resolve(dirname(from), request);
    const folder = dirname(wanted);
    const near = nearest(stem(wanted), namesIn(folder));
    const suggestion = near === undefined ? null : spelled(request, near);
    const where = relative(dirname(from), folder) || '.';
    const tried = loadable.test(request)
      ? basename(wanted)
      : `${basename(wanted)}.ts, .tsx, .js, .json or ${basename(wanted)}/index.ts`;
    const hint = suggestion === null ? '' : `; did you mean "${suggestion}"?`;
    const message = `cannot find "${request}": looked for ${tried} in ${where.split(sep).join('/')}/${hint}`;
    return { kind: 'missing', message, suggestion };
  }

  /** The path in the editor of a file that was found by its real path. */
  #asOpened(file: string): string {
    if (!this.#alias) return file;
    const [real, opened] = this.#alias;
    return file === real || file.startsWith(real + sep) ? opened + file.slice(real.length) : file;
  }
}

function isRelative(request: string): boolean {
  return /^\.{1,2}(?:[\\/]|$)/.test(request);
}

/** The package name `@scope/name` or `name` at the start of a specifier. */
function packageName(request: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(request)?.[0] ?? request;
}

/**
 * The folder of the package in a bare specifier, found in `node_modules` as Node does; null if not installed.
 */
function installedFolder(request: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', packageName(request));
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

/** The file that a relative request names, with at most an extension missing; null if it needs a search. */
function fileAt(request: string, folder: string, kind: RequestKind): string | null {
  if (!isRelative(request)) return null;
  const path = resolve(folder, request);
  for (const ending of kind === 'require' ? ['', '.js', '.json'] : [''])
    if (statSync(path + ending, { throwIfNoEntry: false })?.isFile()) return path + ending;
  return null;
}

/** Whether a module belongs to an installed package and is loaded as Node loads it. */
export function isPackageCode(file: string): boolean {
  return insidePackage.test(file) && !isTypeScript(file);
}

function isTypeScript(file: string): boolean {
  return typescriptExtensions.includes(extname(file).toLowerCase());
}

function stem(file: string): string {
  return basename(file).replace(/\.(?:[cm]?[jt]sx?|json)$/i, '');
}

function namesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith('.') && !declarationFile.test(name));
    return [...new Set(names.map((name) => (loadable.test(name) ? stem(name) : name)))];
  } catch {
    return [];
  }
}

/** The specifier with another file name and the same extension. */
function spelled(request: string, name: string): string {
  const slash = request.lastIndexOf('/');
  const extension = /\.(?:[cm]?[jt]sx?|json)$/i.exec(request)?.[0] ?? '';
  return request.slice(0, slash + 1) + name + extension;
}

/**
 * The prefixes that remain of the real and the opened path without their common end; null if the paths are
 * equal.
 */
function linkedPrefix(entry: string): readonly [string, string] | null {
  let real: string;
  try {
    real = realpathSync(entry);
  } catch {
    return null;
  }
  if (real === entry) return null;
  const a = real.split(sep);
  const b = entry.split(sep);
  while (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  return [a.join(sep), b.join(sep)];
}
