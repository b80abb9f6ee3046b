import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { JobFolders, ownerOf, sweepLeftovers } from '../../../src/runner/jobFolders';

function ownTemporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-test-'));
  vi.spyOn(os, 'tmpdir').mockReturnValue(folder);
  onTestFinished(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  return folder;
}

it('gives each job an empty folder, and deletes it', async () => {
  const temporary = ownTemporaryFolder();
  const folders = new JobFolders(null);
  const [first, second] = [folders.next(), folders.next()];
  expect(first).not.toBe(second);
  writeFileSync(path.join(first, 'a.mjs'), '');
  await folders.remove(first);
  expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
  folders.dispose();
  expect(existsSync(path.dirname(second))).toBe(false);
  expect(existsSync(temporary)).toBe(true);
});

it('deletes the folders of hosts that no longer run, and no others', () => {
  const temporary = ownTemporaryFolder();
  const folders = new JobFolders(null);
  const own = path.dirname(folders.next());
  const name = path.basename(own);
  const since = ownerOf(name)!.since;
  const { pid: gone } = spawnSync('true');
  const make = (folder: string) => {
    mkdirSync(path.join(temporary, folder, '0'), { recursive: true });
    return path.join(temporary, folder);
  };
  const dead = make(`adamscope-jobs-${gone}-${since}-abcdef`);
  const elsewhere = make(`adamscope-jobs-${gone}-1x5-abcdef`);
  const other = make('adamscope-something');
  sweepLeftovers();
  expect([own, dead, elsewhere, other].map(existsSync)).toEqual([true, false, true, true]);
});

it.runIf(process.platform === 'linux')(
  'distinguishes a later process with the same id from the owner',
  () => {
    const temporary = ownTemporaryFolder();
    const { since } = ownerOf(path.basename(path.dirname(new JobFolders(null).next())))!;
    const earlier = path.join(temporary, `adamscope-jobs-${process.pid}-${since.split('x')[0]}x1-abcdef`);
    mkdirSync(earlier);
    sweepLeftovers();
    expect(existsSync(earlier)).toBe(false);
  },
);
