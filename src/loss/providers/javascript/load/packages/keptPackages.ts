import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import type { SiteTable } from '../../../../../autodiff/instrument/siteTable';
import type { Cache } from '../../../../disk/diskCache';
import type { ModuleGraph } from '../moduleGraph';
import type { ProgramFacts } from '../morePasses';
import { isPackageCode, ModuleResolver, type RequestKind, type Resolution } from '../resolve';
import type { ChosenPackages } from './chosenPackages';
import { installedPackageOf } from './installedPackage';
import { isEngineIntact } from './intactEngine';
import { PackageFiles } from './packageFiles';

/** The published modules of packages in one folder. */
export interface PublishedPackages {
  /** The path of the published file, by that of the source. */
  readonly places: ReadonlyMap<string, string>;
  /** The texts of the published files, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The files with functions that have built-in derivative rules. */
  readonly ruled: readonly string[];
  readonly facts: ProgramFacts;
}

/** All that determines the published modules before any file is read. */
interface PackageOrder {
  /** The files of packages that the user's modules import. */
  readonly entries: readonly string[];
  readonly chosen: ChosenPackages;
  /** Of the user's modules. */
  readonly facts: ProgramFacts;
}

/** Whether two reads of the disk give the same modules: what was read, and where the specifiers led. */
interface Inputs {
  /** The hash of each file; null if there was none. */
  readonly files: readonly (readonly [file: string, hash: string | null])[];
  readonly requests: readonly (readonly [
    specifier: string,
    from: string,
    kind: RequestKind,
    target: string,
  ])[];
}

interface Kept extends Inputs {
  readonly ruled: readonly string[];
  readonly facts: ProgramFacts;
  /** Names of files in the folder of the published modules. */
  readonly places: readonly (readonly [file: string, name: string])[];
  readonly texts: readonly (readonly [name: string, text: string])[];
  readonly siteFiles: readonly string[];
  /** Three numbers for each place: the index of its file, its start and its end. */
  readonly sites: Int32Array;
}

/**
 * The modules of packages as an earlier run rewrote them; null if there is no such run, or if any of the files that it read
 * is another one now. Adds the places of their operations to the table.
 *
 * @param directory  for the published files
 */
export function keptPackages(
  cache: Cache,
  order: PackageOrder,
  directory: string,
  table: SiteTable,
): PublishedPackages | null {
  const bytes = cache.read(keyOf(order));
  if (!bytes || table.sites.length > 0) return null;
  const kept = deserialize(bytes) as Kept;
  if (!areUnchanged(kept)) return null;
  const { facts, ruled, sites, siteFiles } = kept;
  for (let i = 0; i < sites.length; i += 3) table.add(siteFiles[sites[i]!]!, sites[i + 1]!, sites[i + 2]!);
  return {
    facts,
    ruled,
    places: new Map(kept.places.map(([file, name]) => [file, join(directory, name)])),
    texts: new Map(kept.texts.map(([name, text]) => [join(directory, name), text])),
  };
}

/**
 * Keeps the rewritten modules of packages for later runs, if their texts depend on nothing else than the files that were read.
 *
 * @param read   all files that were read, and their texts
 * @param table  contains the places of these modules and no others
 */
export function keepPackages(
  cache: Cache,
  order: PackageOrder,
  directory: string,
  graph: ModuleGraph,
  { places, texts, ruled, facts }: PublishedPackages,
  read: ReadonlyMap<string, string | undefined>,
  table: SiteTable,
): void {
  // TypeScript in a package depends on configuration files.
  const isPlain = [...graph.nodes.values()].every(({ kind, file }) => kind === 'json' || isPackageCode(file));
  const own = [JSON.stringify(directory).slice(1, -1), pathToFileURL(directory).href];
  const isMovable = [...texts.values()].every((text) => !own.some((path) => text.includes(path)));
  if (!isPlain || !isMovable || !isEngineIntact()) return;
  const siteFiles = [...new Set(table.sites.map(({ file }) => file))];
  const indexes = new Map(siteFiles.map((file, i) => [file, i]));
  const kept: Kept = {
    ...inputsOf(graph, read),
    facts,
    ruled,
    places: [...places].map(([file, place]) => [file, basename(place)]),
    texts: [...texts].map(([place, text]) => [basename(place), text]),
    siteFiles,
    sites: Int32Array.from(table.sites.flatMap(({ file, from, to }) => [indexes.get(file)!, from, to])),
  };
  cache.write(keyOf(order), serialize(kept));
}

function keyOf({ entries, chosen, facts }: PackageOrder): string {
  return JSON.stringify([
    'packages',
    entries,
    chosen.packages.map(({ folder }) => folder),
    [facts.lengthsAreCounts, facts.mayCallForeign, facts.hasCallRules, facts.hasOwnCallRules],
  ]);
}

function inputsOf(graph: ModuleGraph, read: ReadonlyMap<string, string | undefined>): Inputs {
  const files = new Map([...read].map(([file, text]) => [file, hashOf(text)]));
  const requests = new Map<string, Inputs['requests'][number]>();
  const manifests = new PackageFiles((file, text) => files.set(file, hashOf(text)));
  const folders = new Set<string>();
  for (const node of graph.nodes.values()) {
    readManifests(node.file, manifests, folders);
    if (node.kind === 'json') continue;
    for (const [{ literal, kind }, resolution] of node.resolutions) {
      if ('file' in resolution) readManifests(resolution.file, manifests, folders);
      const key = JSON.stringify([literal.value, dirname(node.file), kind]);
      if (!requests.has(key)) requests.set(key, [literal.value, node.file, kind, targetOf(resolution)]);
    }
  }
  return { files: [...files], requests: [...requests.values()] };
}

/** Reads each package.json that may decide to which package a file belongs. */
function readManifests(file: string, manifests: PackageFiles, seen: Set<string>): void {
  const root = installedPackageOf(file)?.folder;
  if (root === undefined) return;
  for (let folder = dirname(file); !seen.has(folder); folder = dirname(folder)) {
    seen.add(folder);
    manifests.read(join(folder, 'package.json'));
    if (folder === root) return;
  }
}

function areUnchanged({ files, requests }: Inputs): boolean {
  const sources = new PackageFiles();
  if (!files.every(([file, hash]) => hashOf(sources.read(file)) === hash)) return false;
  const resolver = new ModuleResolver(sources, files[0]?.[0] ?? '');
  return requests.every(([specifier, from, kind, target]) => {
    return targetOf(resolver.resolve(specifier, from, kind)) === target;
  });
}

function targetOf(resolution: Resolution): string {
  return 'file' in resolution ? `${resolution.kind} ${resolution.file}` : resolution.kind;
}

function hashOf(text: string | undefined): string | null {
  return text === undefined ? null : createHash('sha256').update(text).digest('base64');
}
