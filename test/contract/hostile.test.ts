import { afterAll, describe, type ExpectStatic, it } from 'vitest';
import type { LossProblem } from '../../src/loss/problem';
import { type HostileCase, hostileCases } from '../support/hostile/cases';
import { type CaseResult, runCases } from '../support/hostile/runCase';

/** How long after its limit a case may end, in addition to the time of a run of a good loss. */
const lateMs = 2000;
/**
 * The time of a run of a good loss on an idle machine. On a busy machine, the allowed time is scaled by it.
 */
const goodMs = 500;
const defaultTimeoutMs = 10_000;
/** How often a late case is run before it counts as late. */
const maxRuns = 3;

const good: HostileCase = {
  name: 'a good loss',
  expected: { exit: 0, args: ['--steps', '20'] },
  file: 'good.ts',
  files: () => ({
    'good.ts': '/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => x! * x! + y! * y!;\n',
  }),
  marked: null,
};

interface Row {
  readonly case: string;
  readonly exit: string;
  readonly 'ended by': string;
  readonly 'over its limit': string;
}

const rows: Row[] = [];
const cases = await hostileCases();

// The cases run concurrently, because most of them wait for their limit.
describe.skipIf(process.platform === 'win32').concurrent('a hostile loss', () => {
  afterAll(() => {
    console.table(rows.toSorted((a, b) => (a.case < b.case ? -1 : 1)));
  });

  it('has at least 60 cases', ({ expect }) => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });

  it.for(cases)('$name', { timeout: 240_000 }, async (theCase, { expect }) => {
    const [result, next] = (await runCases(theCase, good)) as [CaseResult, CaseResult];
    const { over, allowed } = await timeOf(theCase, [result, next]);
    rows.push(rowOf(theCase, result, over));
    const { expected } = theCase;
    expect.soft(result.exit, result.stderr.slice(-2000)).toBe(expected.exit);
    expectOneMessage(theCase, result, expect);
    if (expected.json) expect.soft(objectIn(result)).toMatchObject(expected.json);
    expect.soft(result.processes, 'processes that are left').toEqual([]);
    if (expected.leaves === undefined)
      expect.soft(result.leftFiles, 'temporary files that are left').toEqual([]);
    expect.soft(next.leftFiles, 'temporary files that are left').toEqual([]);
    expect.soft(over, 'ms over its limit').toBeLessThan(allowed);
    expect.soft(next.exit, next.stderr).toBe(0);
    expect.soft(objectIn(next)).toMatchObject({ steps: 20, stopped: 'steps', problems: [] });
  });
});

/** Expects one line with the message and the place, and no stack frames of Adamscope or Node. */
function expectOneMessage(
  { expected, file, marked }: HostileCase,
  result: CaseResult,
  expect: ExpectStatic,
): void {
  const { stderr } = result;
  const said = stderr.split('\n').filter((each) => /^adamscope: (?!warning: )/.test(each));
  expect.soft(said, stderr.slice(-2000)).toHaveLength(expected.says === undefined ? 0 : 1);
  if (expected.says !== undefined) expect.soft(said[0]).toMatch(new RegExp(expected.says));
  if (expected.says !== undefined && expected.located !== false)
    expect
      .soft(said[0])
      .toMatch(new RegExp(`^adamscope: ${escaped(marked?.file ?? file)}:${marked?.line ?? '\\d+'}:\\d+: `));
  // The only control characters are tabs and line breaks.
  expect.soft(stderr).not.toMatch(/[^\P{Cc}\n\t]/u);
  expect.soft(stderr, 'a stack trace').not.toMatch(/^\s+at .*(?:cli|worker|jobProcess)\.js|node:internal/m);
  expect.soft(stderr.length).toBeLessThan(expected.longest ?? 3_000_000);
  if (expected.code === undefined) return;
  const problems = (objectIn(result) as { problems?: LossProblem[] } | null)?.problems ?? [];
  expect.soft(problems.map(({ code }) => code)).toEqual([expected.code]);
}

function objectIn({ stdout }: CaseResult): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

/**
 * How late the case ended and how late it may end, in milliseconds. A late case is run again, because another
 * process may have used the processor: a case that is always late is late in each run.
 */
async function timeOf(
  theCase: HostileCase,
  first: readonly [CaseResult, CaseResult],
): Promise<{ readonly over: number; readonly allowed: number }> {
  const late = lateMs + (theCase.expected.grace?.[0] ?? 0);
  for (let [result, next] = first, runs = 1; ; runs++) {
    const over = timeOver(theCase, result) - next.elapsedMs;
    const allowed = late * Math.max(1, next.elapsedMs / goodMs);
    if (over < allowed || runs === maxRuns) return { over, allowed };
    [result, next] = (await runCases(theCase, good)) as [CaseResult, CaseResult];
  }
}

/**
 * The time until the case ended, in milliseconds. It is counted from the signal if the case gets one, from the
 * time limit if the case exceeds it, and from the start otherwise.
 */
function timeOver({ expected }: HostileCase, { elapsedMs, afterSignalMs }: CaseResult): number {
  if (afterSignalMs !== null) return afterSignalMs;
  const runsIntoLimit = expected.code === 'timeout' || (expected.exit === 2 && expected.code === undefined);
  return runsIntoLimit ? elapsedMs - (expected.timeout ?? defaultTimeoutMs) : elapsedMs;
}

function rowOf({ name }: HostileCase, result: CaseResult, over: number): Row {
  const said = result.stderr.split('\n').find((line) => /^adamscope: (?!warning: )/.test(line)) ?? '-';
  return {
    case: name,
    exit: String(result.exit),
    'ended by': said.replace(/^adamscope: /, '').slice(0, 100),
    'over its limit': `${(over / 1000).toFixed(1)} s`,
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
