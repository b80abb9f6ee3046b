import { describe, expect, it } from 'vitest';
import type { LossProblem } from '../../src/loss/problem';
import { startRun } from '../support/startRun';

/** The text of a loss whose body is the given line. The body is line 5 of the file; the name is in line 3. */
const lossOf = (line: string, head = 'export function loss([x, y]: number[]): any {') =>
  `/** @loss\n * @start [1, 2] */\n${head}\n\n${line}\n}\n`;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly code: string;
  readonly message: RegExp;
  readonly line: number;
  readonly limits?: { evaluationTimeoutMs: number; memoryLimitMb: number };
}

const short = { evaluationTimeoutMs: 400, memoryLimitMb: 2048 };
const cases: readonly Case[] = [
  {
    name: 'throws',
    text: lossOf('throw new TypeError("not today");'),
    code: 'loss-threw',
    message: /^loss failed at step 1: TypeError: not today$/,
    line: 5,
  },
  {
    name: 'throws a value that is not an Error',
    text: lossOf('throw { why: "odd" };'),
    code: 'loss-threw',
    message: /threw \{"why":"odd"\}/,
    line: 3,
  },
  {
    name: 'rejects',
    text: lossOf(
      'await null; throw new Error("later");',
      'export async function loss([x, y]: number[]): Promise<number> {',
    ),
    code: 'loss-threw',
    message: /Error: later/,
    line: 5,
  },
  {
    name: 'returns a string',
    text: lossOf('return "12";'),
    code: 'wrong-result',
    message: /loss must return a number; it returned the string "12" \(at step 1\)/,
    line: 3,
  },
  {
    name: 'returns nothing',
    text: lossOf('x * y;'),
    code: 'wrong-result',
    message: /returned undefined \(is a return missing\?\)/,
    line: 3,
  },
  {
    name: 'resolves to a string',
    text: lossOf('return "12";', 'export async function loss([x, y]: number[]): Promise<any> {'),
    code: 'wrong-result',
    message: /the string "12"/,
    line: 3,
  },
  {
    name: 'calls process.exit',
    text: lossOf('process.exit(0);'),
    code: 'forbidden-call',
    message: /the loss called process\.exit/,
    line: 5,
  },
  {
    name: 'kills its process',
    text: lossOf('process.kill(process.pid);'),
    code: 'forbidden-call',
    message: /the loss called process\.kill/,
    line: 5,
  },
  {
    name: 'aborts',
    text: lossOf('process.abort();'),
    code: 'forbidden-call',
    message: /the loss called process\.abort/,
    line: 5,
  },
  {
    name: 'never returns',
    text: lossOf('while (true) {}'),
    code: 'timeout',
    message: /did not return within 0.4 s .*adamscope\.evaluationTimeoutMs/,
    line: 3,
    limits: short,
  },
  {
    name: 'never settles',
    text: lossOf('return new Promise(() => setInterval(() => {}, 1000));'),
    code: 'timeout',
    message: /did not return within/,
    line: 3,
    limits: short,
  },
  {
    name: 'waits for a promise that nothing can settle',
    text: lossOf('return new Promise(() => {});'),
    code: 'never-settles',
    message: /^loss waits for a promise that never settles$/,
    line: 3,
  },
  {
    name: 'waits for such a promise at its top level',
    text: `await new Promise(() => {});\n\n${lossOf('return 0;')}`,
    code: 'never-settles',
    message: /never settles/,
    line: 5,
  },
  {
    name: 'never loads',
    text: `while (true) {}\n\n${lossOf('return 0;')}`,
    code: 'timeout',
    message: /did not return within/,
    line: 5,
    limits: short,
  },
  {
    name: 'throws while it loads',
    text: `null.x;\n\n${lossOf('return 0;')}`,
    code: 'import-threw',
    message: /could not be loaded: TypeError: Cannot read properties of null/,
    line: 1,
  },
  {
    name: 'fills the heap',
    text: lossOf('const all: unknown[] = []; for (;;) all.push({ x, y, all: [x, y] });'),
    code: 'out-of-memory',
    message: /used more than 100 MB .*adamscope\.memoryLimitMb/,
    line: 3,
    limits: { evaluationTimeoutMs: 20_000, memoryLimitMb: 100 },
  },
  {
    name: 'fills the memory with typed arrays',
    text: lossOf('const all: unknown[] = []; for (;;) all.push(new Float64Array(1e5).fill(1));'),
    code: 'out-of-memory',
    message: /used more than 200 MB/,
    line: 3,
    limits: { evaluationTimeoutMs: 20_000, memoryLimitMb: 200 },
  },
  {
    name: 'creates an array that is larger than the memory',
    text: lossOf('return new Float64Array(1e13).length;'),
    code: 'loss-threw',
    message: /RangeError: (Array buffer allocation failed|Invalid typed array length)/,
    line: 5,
  },
  {
    name: 'recurses without end',
    text: lossOf('return (loss as any)([x, y]);'),
    code: 'loss-threw',
    message: /RangeError: Maximum call stack size exceeded/,
    line: 5,
  },
  {
    name: 'throws from a timer',
    text: lossOf('return new Promise(() => setTimeout(() => { throw new Error("timer"); }, 5));'),
    code: 'loss-threw',
    message: /Error: timer/,
    line: 5,
  },
];

describe('a loss that', () => {
  it.each(cases)(
    '$name ends with one message at the line of the cause',
    async ({ text, code, message, line, limits }) => {
      const run = startRun(text, limits ? { limits } : {});
      const { problems } = await run.ended;
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ code, severity: 'error', location: { line } });
      expect(problems[0]!.message).toMatch(message);
    },
  );

  it('writes too many console lines gets one warning, at the line of the call, and continues', async () => {
    const warnings: LossProblem[] = [];
    let lines = 0;
    const run = startRun(
      lossOf('for (let i = 0; i < 5000; i++) console.log("x", i);\nreturn x * x + y * y;'),
      { patch: { steps: 3 } },
      {
        onWarning: (problem) => warnings.push(problem),
        onConsole: (more) => {
          lines += more.length;
        },
      },
    );
    const { outcome, problems } = await run.ended;
    expect(problems).toEqual([]);
    expect(outcome?.steps).toBe(3);
    expect(lines).toBe(1000);
    expect(warnings).toMatchObject([{ code: 'console-flood', location: { line: 5 } }]);
  });
});

describe('a message that a module posts to its parent', () => {
  it.each(['null', '{ type: "done" }', '{ type: "failed", problems: [], outcome: null }'])(
    'is ignored: %s',
    async (message) => {
      const talk = `import { parentPort } from 'node:worker_threads';\nparentPort?.postMessage(${message});\nparentPort?.on('message', () => {});\n`;
      const run = startRun(talk + lossOf('return x * x + y * y;'), { patch: { steps: 5 } });
      const { outcome, problems } = await run.ended;
      expect(problems).toEqual([]);
      expect(outcome).toMatchObject({ steps: 5, stopped: 'steps' });
    },
  );
});

describe('a run that fails because a timer throws', () => {
  it('reports the steps so far', async () => {
    const head = 'export async function loss([x, y]: number[], c: any): Promise<number> {';
    const line =
      'if (c.step === 4) { setTimeout(() => { throw new Error("stray"); }, 0); await new Promise((go) => setTimeout(go, 50)); } return x * x + y * y;';
    const { outcome, problems } = await startRun(lossOf(line, head), { patch: { steps: 50 } }).ended;
    expect(problems).toMatchObject([{ code: 'loss-threw', location: { line: 5 } }]);
    expect(outcome).toMatchObject({ steps: 3, stopped: 'error' });
    expect([...outcome!.final.params]).toEqual([expect.closeTo(0.997, 4), expect.closeTo(1.997, 4)]);
  });
});

describe('after a loss that had to be ended', () => {
  it('the next run works', async () => {
    await startRun(lossOf('while (true) {}'), { limits: short }).ended;
    const { outcome, problems } = await startRun(lossOf('return x * x + y * y;'), { patch: { steps: 5 } })
      .ended;
    expect(problems).toEqual([]);
    expect(outcome).toMatchObject({ steps: 5, stopped: 'steps' });
  });
});
