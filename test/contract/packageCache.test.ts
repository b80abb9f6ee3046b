import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const dist = path.join(import.meta.dirname, '../../dist');
const checksumBytes = 32;
let folder: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-package-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cache = path.join(folder, 'kept');
  write({
    'loss.mjs': `import { cube } from 'cubes';
/** @loss @start [3, 4] @steps 5 */
export const loss = ([x, y]) => cube(x) + x * y;`,
    'node_modules/cubes/package.json': `{ "name": "cubes", "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
    'node_modules/cubes/index.js': 'export function cube(x) { const k = 1.25; return k * x * x * x; }',
  });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function run(env: Readonly<Record<string, string>> = { ADAMSCOPE_CACHE_DIR: cache }, cli = `${dist}/cli.js`) {
  const steps = path.join(folder, 'steps.ndjson');
  const args = [cli, 'run', 'loss.mjs#loss', '--json', '--no-verify', '--steps-out', steps];
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } } as const;
  const { stdout, stderr } = spawnSync(process.execPath, args, options);
  const { elapsedMs, ...printed } = JSON.parse(stdout);
  expect(elapsedMs).toBeGreaterThan(0);
  return { printed, stderr, steps: readFileSync(steps, 'utf8') };
}

const kept = () => readdirSync(cache).sort();

/** Changes the text of a kept entry, as only somebody could who also adapts the checksum. */
function changeKept(from: string, to: string): void {
  for (const name of kept()) {
    const file = path.join(cache, name);
    const content = readFileSync(file).subarray(checksumBytes).toString('latin1');
    if (!content.includes(from)) continue;
    const changed = Buffer.from(content.replace(from, to), 'latin1');
    writeFileSync(file, Buffer.concat([createHash('sha256').update(changed).digest(), changed]));
    return;
  }
  throw new Error(`no entry has the text ${from}`);
}

describe('a second run of a loss over a package', () => {
  it('gives the same bits as the first, and as one without a cache', () => {
    const without = run({ ADAMSCOPE_CACHE_DIR: '' });
    const first = run();
    const entries = kept();
    const second = run();
    expect(without.printed.gradientMode).toBe('exact');
    expect([first, second]).toEqual([without, without]);
    // The packages to rewrite, and their rewritten modules.
    expect(entries).toHaveLength(2);
    expect(kept()).toEqual(entries);
  });

  it('neither reads the package as code nor rewrites it: the texts are those that were kept', () => {
    run();
    changeKept('k = 1.25', 'k = 2.25');
    const { printed, stderr } = run();
    // The value guard sees that this is another program.
    expect(printed.gradientMode).toBe('finite-difference');
    expect(stderr).toContain('the program rewritten for exact gradients returned 72.75');
  });

  it('sees a changed file of the package', () => {
    run();
    write({
      'node_modules/cubes/index.js': 'export function cube(x) { const k = 1.75; return k * x * x * x; }',
    });
    const changed = run();
    expect(changed).toEqual(run({ ADAMSCOPE_CACHE_DIR: '' }));
    expect(changed.printed.gradientMode).toBe('exact');
  });

  it('sees that the loss calls another package', () => {
    run();
    write({
      'node_modules/squares/package.json': `{ "name": "squares", "main": "./index.js" }`,
      'node_modules/squares/index.js': 'exports.square = (x) => x * x;',
      'loss.mjs': `import { cube } from 'cubes'; import { square } from 'squares';
/** @loss @start [3, 4] @steps 5 */
export const loss = ([x, y]) => cube(x) + square(y);`,
    });
    expect(run()).toEqual(run({ ADAMSCOPE_CACHE_DIR: '' }));
    expect(run().printed.gradientMode).toBe('exact');
  });

  it('ignores damaged entries', () => {
    const first = run();
    for (const name of kept()) writeFileSync(path.join(cache, name), 'damaged');
    expect(run()).toEqual(first);
    expect(run()).toEqual(first);
  });

  it('ignores the entries of another build', () => {
    const first = run();
    const entries = kept();
    const other = path.join(folder, 'other');
    mkdirSync(other);
    for (const name of readdirSync(dist))
      if (/^(?:cli|jobProcess|worker|babel)\.js$/.test(name))
        cpSync(path.join(dist, name), path.join(other, name));
    writeFileSync(path.join(other, 'worker.js'), `${readFileSync(path.join(other, 'worker.js'), 'utf8')}\n`);
    expect(run(undefined, path.join(other, 'cli.js'))).toEqual(first);
    expect(kept()).toHaveLength(2 * entries.length);
  });

  it('works without a cache where its folder cannot be made, and writes nothing beside the loss', () => {
    const before = readdirSync(folder);
    const without = run({ ADAMSCOPE_CACHE_DIR: '' });
    expect(run({ ADAMSCOPE_CACHE_DIR: path.join(folder, 'loss.mjs') })).toEqual(without);
    expect(run({ ADAMSCOPE_CACHE_DIR: 'relative' })).toEqual(without);
    expect(readdirSync(folder).filter((name) => !before.includes(name))).toEqual(['steps.ndjson']);
  });
});
