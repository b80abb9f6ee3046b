/**
 * Measures how long the command line takes to find the losses in a large workspace: 20,000 source files, 200
 * of them with a loss.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { generateTree } from '../support/generatedTree';
import { median, report } from './report';

const root = path.join(__dirname, '../../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-'));
const count = 20_000;

function listed(): number {
  const start = performance.now();
  const { status, stdout } = spawnSync(
    process.execPath,
    [path.join(root, 'dist/cli.js'), 'list', folder, '--json'],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const elapsed = performance.now() - start;
  if (status !== 0 || JSON.parse(stdout).length !== tree.losses) throw new Error('the listing went wrong');
  return elapsed;
}

const tree = generateTree(folder, count, root);
try {
  listed();
  const times = [listed(), listed(), listed()];
  report('list, 20,000 files', median(times) / 1000, 's', { atMost: 3 });
} finally {
  rmSync(folder, { recursive: true });
}
