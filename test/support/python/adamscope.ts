import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { folderWith } from '../startRun';

const cli = path.join(import.meta.dirname, '../../../dist/cli.js');

/** Runs the command line with an interpreter in a folder with these files. @param python  the path of an interpreter */
export function adamscope(
  python: string,
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): { readonly stdout: string; readonly stderr: string; readonly status: number | null } {
  const cwd = folderWith(files);
  return spawnSync(process.execPath, [cli, ...args, '--python', python], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, JAX_PLATFORMS: 'cpu' },
  });
}
