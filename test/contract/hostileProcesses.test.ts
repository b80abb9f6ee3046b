// Losses that attack the process that runs them. The host is not affected, the message is clear, and nothing
// is left.
import { describe, expect, it } from 'vitest';
import type { LossProblem } from '../../src/loss/problem';
import { jobFoldersOf, processesOf } from '../support/leftovers';
import { type StartOptions, startRun } from '../support/startRun';

const onPosix = process.platform !== 'win32';
const short = { evaluationTimeoutMs: 600, memoryLimitMb: 2048 };
const patient = { evaluationTimeoutMs: 30_000, memoryLimitMb: 8192 };
const differences = { gradientMode: 'finite-difference' } as const;

/** The text of a loss whose name is in line 4 and whose body is line 5. */
const lossOf = (body: string, imports = '', isAsync = false) => `${imports}
/** @loss
 * @start [1, 2] */
export ${isAsync ? 'async ' : ''}function loss([x, y]) {
${body}
}
`;
const bowl = 'return x * x + y * y;';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly code: LossProblem['code'];
  readonly message: RegExp;
  readonly line?: number;
  readonly limits?: StartOptions['limits'];
  /** The maximum time of the job in milliseconds. */
  readonly within?: number;
  readonly isOff?: boolean;
}

const cases: readonly Case[] = [
  {
    name: 'makes an array larger than the engine allows',
    text: lossOf('const all = []; for (;;) all.push(0.5);'),
    code: 'out-of-memory',
    message: /^loss (needed more memory than the JavaScript engine can provide|used more than)/,
    limits: patient,
    within: 30_000,
  },
  {
    name: 'waits in a native call for another process',
    text: lossOf("execSync('sleep 25'); return x;", "import { execSync } from 'node:child_process';"),
    code: 'timeout',
    message: /^loss did not return within 0.6 s/,
    limits: short,
    isOff: !onPosix,
  },
  {
    name: 'reads a FIFO that nobody writes',
    text: lossOf(
      "execSync('mkfifo ' + pipe); readFileSync(pipe); return x;",
      "import { execSync } from 'node:child_process'; import { readFileSync } from 'node:fs'; const pipe = new URL('pipe', import.meta.url).pathname;",
    ),
    code: 'timeout',
    message: /^loss did not return within 0.6 s/,
    limits: short,
    isOff: !onPosix,
  },
  {
    name: 'stops its process',
    text: lossOf("execSync('kill -STOP $PPID'); return x;", "import { execSync } from 'node:child_process';"),
    code: 'worker-crashed',
    message: /^the process that runs loss ended: it does not answer$/,
    limits: short,
    within: 8000,
    isOff: !onPosix,
  },
  {
    name: 'has its process killed by another process',
    text: lossOf("execSync('kill -9 $PPID'); return x;", "import { execSync } from 'node:child_process';"),
    code: 'out-of-memory',
    message: /^the process of loss was ended by the system, likely because/,
    isOff: !onPosix,
  },
  {
    name: 'ends its process from a worker thread',
    text: lossOf(
      'await new Promise(() => {});',
      "import { Worker } from 'node:worker_threads'; new Worker('process.kill(process.pid)', { eval: true });",
      true,
    ),
    code: 'worker-crashed',
    message: /^the process that runs loss ended: signal SIGTERM$/,
    isOff: !onPosix,
  },
  {
    name: 'writes into the pipe to the host',
    text: lossOf("writeSync(3, 'x'.repeat(100)); return x;", "import { writeSync } from 'node:fs';"),
    code: 'worker-crashed',
    message: /messages cannot be read: the bytes are no frame$/,
    isOff: !onPosix,
  },
  {
    name: 'closes the pipe to the host',
    text: lossOf('closeSync(3); for (;;);', "import { closeSync } from 'node:fs';"),
    code: 'worker-crashed',
    message: /^the process that runs loss ended: (exit code 1|it closed its connection)$/,
    isOff: !onPosix,
  },
  {
    name: 'rejects a promise that nobody waits for',
    text: lossOf(`Promise.reject(new Error('lost')); ${bowl}`),
    code: 'loss-threw',
    message: /^loss failed: Error: lost$/,
    line: 5,
  },
  {
    name: 'throws in a timer that is due when the last step is done',
    text: lossOf(`setTimeout(() => { throw new Error('timer'); }, 0); ${bowl}`),
    code: 'loss-threw',
    message: /^loss failed: Error: timer$/,
    line: 5,
  },
  {
    name: 'rejects a promise while it loads',
    text: lossOf(bowl, "Promise.reject(new Error('early'));"),
    code: 'loss-threw',
    message: /^loss failed: Error: early$/,
    line: 1,
  },
  {
    name: 'throws a circular object',
    text: lossOf('const all = {}; all.all = all; throw all;'),
    code: 'loss-threw',
    message: /^loss failed at step 1: threw \[object Object\]$/,
  },
  {
    name: 'throws a message of 50 MB',
    text: lossOf("throw new Error('m'.repeat(50e6));"),
    code: 'loss-threw',
    message: /^loss failed at step 1: Error: m{1900,2000}…$/,
    line: 5,
  },
  {
    name: 'throws a message with terminal control sequences',
    text: lossOf("throw new Error('\\u001b[2J\\u202egone');"),
    code: 'loss-threw',
    message: /^loss failed at step 1: Error: \\x1b\[2J\\u202egone$/,
    line: 5,
  },
  {
    name: 'throws a Proxy whose traps throw',
    text: lossOf(
      'throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; }, has() { throw 3; } });',
    ),
    code: 'loss-threw',
    message: /^loss failed at step 1: threw /,
  },
  {
    name: 'throws an error whose getters throw',
    text: lossOf(
      "throw Object.defineProperties(new Error('x'), { message: { get() { throw 1; } }, stack: { get() { throw 2; } } });",
    ),
    code: 'loss-threw',
    message: /^loss failed at step 1: threw /,
  },
  {
    name: 'replaces the timer functions',
    text: lossOf(
      `${bowl}`,
      "globalThis.setTimeout = () => 0; globalThis.setImmediate = () => 0; Promise.reject(new Error('early'));",
    ),
    code: 'loss-threw',
    message: /Error: early$/,
    line: 1,
  },
];

async function timedRun(text: string, options: StartOptions) {
  const startedAt = performance.now();
  const { problems, outcome } = await startRun(text, { file: 'loss.mjs', ...options }).ended;
  const elapsedMs = performance.now() - startedAt;
  return { problems, outcome, elapsedMs };
}

function expectNothingLeft(): void {
  expect(processesOf(process.pid) ?? []).toEqual([]);
  expect(jobFoldersOf(process.pid)).toEqual([]);
}

describe('a loss that', () => {
  it.each(cases.filter(({ isOff }) => !isOff))(
    '$name ends with one message at its place and leaves nothing, and the next run is correct',
    async ({ text, code, message, line = 4, limits, within = 10_000 }) => {
      const { problems, elapsedMs } = await timedRun(text, {
        patch: { steps: 20, ...differences },
        ...(limits ? { limits } : {}),
      });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ code, severity: 'error', location: { line } });
      expect(problems[0]!.message).toMatch(message);
      expect(problems[0]!.message.length).toBeLessThan(2100);
      expect(elapsedMs).toBeLessThan(within);
      expectNothingLeft();
      const next = await timedRun(lossOf(bowl), { patch: { steps: 3 } });
      expect(next.problems).toEqual([]);
      expect(next.outcome).toMatchObject({ steps: 3, stopped: 'steps' });
    },
    60_000,
  );
});

describe('the code of a loss starts', () => {
  const spawning = (options: string) =>
    `import { spawn } from 'node:child_process'; spawn('sleep', ['300'], ${options}).unref();`;

  it.runIf(onPosix).each([
    ['a process', spawning('{}')],
    ['a process that inherits its output', spawning("{ stdio: 'inherit' }")],
    ['a process that left the group', spawning("{ detached: true, stdio: 'ignore' }")],
    [
      'a thread with an endless loop',
      "import { Worker } from 'node:worker_threads'; new Worker('for (;;);', { eval: true });",
    ],
  ])('%s, which ends with the run', async (_, imports) => {
    const { problems, outcome } = await timedRun(lossOf(bowl, imports), { patch: { steps: 5 } });
    expect(problems).toEqual([]);
    expect(outcome).toMatchObject({ steps: 5, stopped: 'steps' });
    expectNothingLeft();
  });
});

describe('output that does not use the console', () => {
  it('is shown up to a limit, and the run continues', async () => {
    const lines: string[] = [];
    const run = startRun(
      lossOf(
        `for (let i = 0; i < 3000; i++) writeSync(1 + (i % 2), 'x'.repeat(3000) + '\\u001b[2J\\n'); ${bowl}`,
        "import { writeSync } from 'node:fs';",
      ),
      { file: 'loss.mjs', patch: { steps: 2 } },
      { onConsole: (more) => lines.push(...more) },
    );
    const { problems, outcome } = await run.ended;
    expect(problems).toEqual([]);
    expect(outcome).toMatchObject({ steps: 2 });
    expect(lines).toHaveLength(1001);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2100);
  });
});

describe('the memory limit of a job', () => {
  it('is reported if typed arrays exceed it', async () => {
    const { problems } = await timedRun(
      lossOf('const all = []; for (;;) all.push(new Float64Array(1e5).fill(1));'),
      { limits: { evaluationTimeoutMs: 20_000, memoryLimitMb: 300 } },
    );
    expect(problems).toMatchObject([{ code: 'out-of-memory', location: { line: 4 } }]);
  });

  it('does not count the records that wait for a slow host', async () => {
    const text = `export const lossStart = new Float64Array(200_000);
/** @loss
 * @gradient grad */
export function loss(p) { let sum = 0; for (const x of p) sum += (x - 1) ** 2; return sum; }
export const grad = (p) => p.map((x) => 2 * (x - 1));
`;
    let steps = 0;
    const run = startRun(
      text,
      {
        file: 'loss.mjs',
        patch: { steps: 40 },
        diagnosis: 'off',
        recordBudget: Number.POSITIVE_INFINITY,
        limits: { evaluationTimeoutMs: 20_000, memoryLimitMb: 400 },
      },
      {
        onSteps() {
          steps++;
          for (const until = performance.now() + 20; performance.now() < until; );
        },
      },
    );
    const { problems, outcome } = await run.ended;
    expect(problems).toEqual([]);
    expect(outcome).toMatchObject({ steps: 40 });
    expect(steps).toBe(40);
  });
});
