import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { HostileCase } from './cases';

const cli = path.join(import.meta.dirname, '../../../dist/cli.js');
const marker = 'ADAMSCOPE_HOSTILE_CASE';
/** A run that has not ended by then is killed, and the test fails. */
const patienceMs = 60_000;
/** A process that was killed remains in the process list for a moment. */
const listedMs = 1000;

/** The result of a case. */
export interface CaseResult {
  readonly exit: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
  /** The time from the signal to the end, if a signal was sent. */
  readonly afterSignalMs: number | null;
  /** The command lines of the remaining processes. */
  readonly processes: readonly string[];
  /** The remaining files in the temporary folder. */
  readonly leftFiles: readonly string[];
}

/**
 * Runs cases one after the other on the command line, each in its own folder, and records what each leaves
 * behind.
 */
export async function runCases(...cases: readonly HostileCase[]): Promise<CaseResult[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hostile-'));
  const temporary = path.join(folder, 'tmp');
  const id = randomUUID();
  const results: CaseResult[] = [];
  try {
    mkdirSync(temporary);
    for (const [index, each] of cases.entries())
      results.push(await runCase(each, path.join(folder, String(index)), temporary, id));
    return results;
  } finally {
    endAll(id);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runCase(
  { expected, file, files }: HostileCase,
  work: string,
  temporary: string,
  id: string,
): Promise<CaseResult> {
  const { timeout, memory, args = [], loss = 'loss', target = `${file}#${loss}` } = expected;
  mkdirSync(work);
  for (const [name, content] of Object.entries(files())) {
    if (content === null) execFileSync('mkfifo', [path.join(work, name)]);
    else writeFileSync(path.join(work, name), content);
  }
  const limits = [
    ...(timeout === undefined ? [] : ['--timeout', String(timeout)]),
    ...(memory === undefined ? [] : ['--memory-limit', String(memory)]),
  ];
  const ended = await command(['run', target, '--json', ...limits, ...args], {
    cwd: work,
    env: { ...process.env, TMPDIR: temporary, [marker]: id },
    signal: expected.signal ?? null,
    stdout: expected.stdout ?? null,
  });
  return { ...ended, processes: await processesOf(id), leftFiles: readdirSync(temporary) };
}

interface Setting {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string | null;
}

function command(
  args: readonly string[],
  { cwd, env, signal, stdout: stdoutFile }: Setting,
): Promise<Omit<CaseResult, 'processes' | 'leftFiles'>> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const out = stdoutFile === null ? 'pipe' : openSync(stdoutFile, 'w');
    const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ['ignore', out, 'pipe'] });
    const stdout: string[] = [];
    const stderr: string[] = [];
    let signalledAt: number | null = null;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr.push(text);
      if (signal === null || signalledAt !== null || !text.includes('started')) return;
      signalledAt = performance.now();
      child.kill(signal);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.once('error', reject);
    child.once('exit', (code, endSignal) => {
      clearTimeout(timer);
      const now = performance.now();
      // A process that holds the pipes open must not block the test.
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr!.destroy();
        resolve({
          exit: endSignal ?? code,
          stdout: stdout.join(''),
          stderr: stderr.join(''),
          elapsedMs: now - start,
          afterSignalMs: signalledAt === null ? null : now - signalledAt,
        });
      }, 50);
    });
  });
}

async function processesOf(id: string): Promise<string[]> {
  const until = performance.now() + listedMs;
  for (;;) {
    const found = pidsOf(id).map(commandLineOf);
    if (found.length === 0 || performance.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The processes with the id of the case in their environment; on Linux only. */
function pidsOf(id: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`${marker}=${id}`);
    } catch {
      return false;
    }
  });
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '(ended)';
  }
}

function endAll(id: string): void {
  for (const pid of pidsOf(id))
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // The process has already ended.
    }
}
