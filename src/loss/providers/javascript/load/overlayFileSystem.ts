import * as fs from 'node:fs';
import type { Sources } from '../../../sources';

/** The functions of a file system that module resolution calls. */
export interface ResolverFileSystem {
  statSync(path: string): fs.Stats;
  lstatSync(path: string): fs.Stats;
  readFileSync(path: string, encoding?: string): string | Buffer;
  readlinkSync(path: string): string;
  readdirSync(path: string): string[];
  realpathSync(path: string): string;
}

/**
 * A file system that combines the disk with the texts of the editor, so that a buffer that was never saved is
 * a file. The kind of a path comes from the disk, or else from the sources. The content comes from the
 * sources, or else from the disk.
 */
export function overlayFileSystem(sources: Sources): ResolverFileSystem {
  const stat = (path: string, real: (path: string) => fs.Stats): fs.Stats => {
    try {
      return real(path);
    } catch (error) {
      if (!isFileName(path) || sources.read(path) === undefined) throw error;
      return unsavedFile;
    }
  };
  return {
    statSync: (path) => stat(path, (each) => fs.statSync(each)),
    lstatSync: (path) => stat(path, (each) => fs.lstatSync(each)),
    readFileSync(path, encoding) {
      const text = sources.read(path);
      const bytes = text === undefined ? fs.readFileSync(path) : Buffer.from(text);
      return encoding ? bytes.toString('utf8') : bytes;
    },
    readlinkSync: (path) => fs.readlinkSync(path),
    readdirSync: (path) => fs.readdirSync(path),
    realpathSync: (path) => fs.realpathSync(path),
  };
}

/**
 * Only a path with the extension of a module can be an unsaved buffer. To look up every folder would be slow.
 */
function isFileName(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx|json)$/i.test(path);
}

const unsavedFile = {
  isFile: () => true,
  isDirectory: () => false,
  isSymbolicLink: () => false,
} as fs.Stats;
