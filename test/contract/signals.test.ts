// The behaviour of the command when it gets a signal, and when the disk is full.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { jobFoldersOf, processesOf } from '../support/leftovers';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

/** The text of a loss that writes the file `under-way` after some steps. Each call takes 2 ms. */
const slow = (body = '') => `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).unref();
let calls = 0;
/** @loss
 * @start [3, 4]
 * @steps 1000000
 * @expect loss<1e-300 */
export function loss([x, y]) {
  if (++calls === 200) writeFileSync('under-way', '');
  ${body}
  for (const until = performance.now() + 2; performance.now() < until; );
  return x * x + y * y;
}
`;
const stuck = slow('if (calls === 200) for (;;);');

/**
 * Starts the command, sends the signal when the loss has written its file, and returns the output and how the
 * command ended.
 */
async function signalled(text: string, signal: NodeJS.Signals, args: readonly string[]) {
  const folder = folderWith({ 'slow.mjs': text });
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<{ code: number | null; by: string | null }>((resolve) =>
    child.once('close', (code, by) => resolve({ code, by })),
  );
  while (!existsSync(path.join(folder, 'under-way'))) await sleep(5);
  const from = performance.now();
  child.kill(signal);
  const end = await ended;
  const elapsedMs = performance.now() - from;
  return { ...end, stdout, stderr, elapsedMs, pid: child.pid! };
}

const run = ['run', 'slow.mjs#loss', '--set', 'gradientMode="finite-difference"'];

function expectNothingLeft(pid: number): void {
  expect(processesOf(pid) ?? []).toEqual([]);
  expect(jobFoldersOf(pid)).toEqual([]);
}

describe.skipIf(process.platform === 'win32')('the command', () => {
  it('prints the results so far at Ctrl-C, and exits with 130', async () => {
    const { code, stdout, stderr, pid } = await signalled(slow(), 'SIGINT', run);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^[1-9]\d* steps, stopped: user$/m);
    expect(stdout).toMatch(/^final {2}loss \d/m);
    expect(stderr).toBe('');
    expectNothingLeft(pid);
  });

  it('prints the results so far within 2 s at Ctrl-C during an evaluation that does not return', async () => {
    const { code, stdout, elapsedMs, pid } = await signalled(stuck, 'SIGINT', run);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^[1-9]\d* steps, stopped: user$/m);
    expect(stdout).toMatch(/^final {2}not evaluated, at \[/m);
    expect(stdout).toMatch(/^best {3}loss \d/m);
    expect(elapsedMs).toBeLessThan(2000);
    expectNothingLeft(pid);
  });

  it.each<[string, string[], RegExp]>([
    ['check', ['check', 'slow.mjs'], /the check was stopped during the run of loss/],
    ['compare', ['compare', 'slow.mjs#loss'], /the analysis was stopped before it had a result/],
    ['grad', ['grad', 'slow.mjs#loss', '--at', '1,2'], /loss was stopped before it returned/],
  ])('reports at Ctrl-C that it did not finish: %s', async (_, args, message) => {
    const { code, stderr, pid } = await signalled(
      slow("if (calls === 1) writeFileSync('under-way', ''); if (process.argv) for (;;);"),
      'SIGINT',
      args,
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expectNothingLeft(pid);
  });

  it.each<[NodeJS.Signals, number]>([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('ends its jobs and removes their folders at %s', async (signal, expected) => {
    const { code, stdout, stderr, elapsedMs, pid } = await signalled(stuck, signal, run);
    expect([code, stdout, stderr]).toEqual([expected, '', '']);
    expect(elapsedMs).toBeLessThan(1500);
    expectNothingLeft(pid);
  });

  it('leaves no process or folder if it is killed, because the jobs end and remove their folder', async () => {
    const { by, pid } = await signalled(stuck, 'SIGKILL', run);
    expect(by).toBe('SIGKILL');
    const left = () => [...jobFoldersOf(pid), ...(processesOf(pid) ?? [])];
    await expect.poll(left, { timeout: 5000 }).toEqual([]);
  });

  it.runIf(existsSync('/dev/full'))('reports in one sentence that the steps cannot be written', async () => {
    const folder = folderWith({
      'bowl.mjs': '/** @start [1, 2]\n * @steps 3000 */\nexport const loss = ([x, y]) => x * x + y * y;\n',
    });
    const child = spawn(process.execPath, [cli, 'run', 'bowl.mjs#loss', '--steps-out', '/dev/full'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [code, stdout, stderr] = await Promise.all([
      new Promise((resolve) => child.once('close', resolve)),
      child.stdout.toArray().then(String),
      child.stderr.toArray().then(String),
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^adamscope: --steps-out: \/dev\/full cannot be written after step \d+: ENOSPC: no space left on device, write\n$/,
    );
  });

  it('writes all steps so far to --steps-out at Ctrl-C', async () => {
    const out = path.join(folderWith({}), 'steps.ndjson');
    const { code, stdout } = await signalled(slow(), 'SIGINT', [...run, '--steps-out', out, '--json']);
    expect(code).toBe(130);
    const { steps } = JSON.parse(stdout) as { steps: number };
    expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(steps);
  });
});
