// A spike of a recorded training is made again with the loss of its script, on the command line.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullPython, fullVariables } from '../../.ci/pythonEnvironments.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const scripts = path.join(root, 'test/fixtures/training');
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-spike-'));
let python = '';
let recording = '';

beforeAll(async () => {
  python = await fullPython();
  for (const name of ['meets_broken_batch.py', 'common.py'])
    writeFileSync(path.join(folder, name), readFileSync(path.join(scripts, name)));
  execFileSync(python, ['-B', '-m', 'adamscope', 'run', '--every', '3', 'meets_broken_batch.py'], {
    cwd: folder,
    env: { ...process.env, ...fullVariables, PYTHONPATH: path.join(root, 'src/python') },
    stdio: 'ignore',
  });
  recording = readdirSync(folder).find((name) => name.endsWith('.adamscope'))!;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

function tried(loss: string, ...more: string[]) {
  const args = [
    path.join(root, 'dist/cli.js'),
    'inspect',
    recording,
    '--try',
    loss,
    '--python',
    python,
    ...more,
  ];
  return spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...fullVariables },
  });
}

/** The script with an edit, as another file. */
function variant(name: string, edit: (text: string) => string): string {
  writeFileSync(
    path.join(folder, name),
    edit(readFileSync(path.join(folder, 'meets_broken_batch.py'), 'utf8')),
  );
  return `${name}#error`;
}

interface Tried {
  readonly label: string;
  readonly helps: boolean;
  readonly outcome: string;
}

describe('adamscope inspect --try', () => {
  it('makes the spike again, and finds what removes it', () => {
    const { status, stdout, stderr } = tried('meets_broken_batch.py#error', '--json');
    expect(stderr).toBe('');
    // The finding is a warning.
    expect(status).toBe(1);
    const [{ replay }] = JSON.parse(stdout);
    expect(replay.summary).toMatch(
      /^Steps \d+ to \d+ were made again with the loss error, from the recorded state\. \d of 5 changes/,
    );
    // The broken batch is that of step 150, whose loss no optimizer makes small.
    expect(replay.unchanged).toMatch(/^\d+ steps above \S+, at most 5\d{3}, then /);
    const [best, ...others]: Tried[] = replay.tried;
    expect(best).toMatchObject({ label: 'without the batch of step 150', helps: true });
    const helps = new Map(others.map((each) => [each.label.split(' ')[0], each.helps]));
    expect(helps.get('clip')).toBe(true);
    expect(others.find(({ label }) => label === 'without the batch of step 149')?.helps).toBe(false);
  });

  it('tries nothing with other data, and shows both losses', () => {
    const loss = variant('other_data.py', (text) =>
      text.replace('manual_seed(step)', 'manual_seed(step + 1)'),
    );
    const { stdout } = tried(loss);
    expect(stdout).toMatch(
      /Nothing was tried: with the recorded parameters of step \d+, error is \S+, but the training had \S+\./,
    );
    expect(stdout).not.toContain('unchanged');
  });

  it('tries nothing if the spike does not come', () => {
    const loss = variant('mended.py', (text) => text.replace('(100 if step == 150 else 1)', '1'));
    expect(tried(loss).stdout).toMatch(
      /the spike did not come\. At step \d+ the loss was \S+, and is now \S+\./,
    );
  });

  it('says which parameters differ', () => {
    const loss = variant('wider.py', (text) =>
      text
        .replace('module=mlp', 'module=wide')
        .replace('def make_batch', 'def wide():\n    return mlp(17)\n\n\ndef make_batch'),
    );
    const { status, stderr } = tried(loss);
    expect(status).toBe(2);
    expect(stderr).toContain(
      'error does not have the parameters of the recording: it has 0.weight[0..16][0..5], which the recording does not have',
    );
  });

  it('says that a recording has no spike', () => {
    const args = [
      path.join(root, 'dist/cli.js'),
      'inspect',
      path.join(root, 'test/fixtures/recordings/characters.adamscope'),
    ];
    const { status, stderr } = spawnSync(
      process.execPath,
      [...args, '--try', 'meets_broken_batch.py#error'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('has no spike of the loss that could be tried');
  });
});
