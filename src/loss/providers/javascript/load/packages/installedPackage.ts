import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** An installed package. Two versions of one package are two packages. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** The real path of its folder. */
  readonly folder: string;
  /** The packages that it names in its `dependencies`, `peerDependencies` and `optionalDependencies`. */
  readonly dependencies: readonly string[];
}

const manifests = new Map<string, InstalledPackage | null>();

/**
 * The package to which a file belongs: the nearest folder with a named package.json, below `node_modules`.
 * null for a file that is not part of an installed package.
 *
 * @param file  a real path
 */
export function installedPackageOf(file: string): InstalledPackage | null {
  const modules = `${sep}node_modules${sep}`;
  for (let folder = dirname(file); folder.includes(modules); folder = dirname(folder)) {
    const found = packageIn(folder);
    if (found) return found;
  }
  return null;
}

/** The package in a folder; null if the folder has no named package.json. */
export function packageIn(folder: string): InstalledPackage | null {
  const known = manifests.get(folder);
  if (known !== undefined) return known;
  const read = readManifest(folder);
  manifests.set(folder, read);
  return read;
}

function readManifest(folder: string): InstalledPackage | null {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const { name, version } = manifest;
    if (typeof name !== 'string') return null;
    const dependencies = ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) =>
      Object.keys((manifest[key] ?? {}) as object),
    );
    return { name, version: typeof version === 'string' ? version : '', folder, dependencies };
  } catch {
    return null;
  }
}

/** The path without symbolic links; the path itself if there is no such file. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
