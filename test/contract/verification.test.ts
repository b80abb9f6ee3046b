import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mergePatches, resolveConfig } from '../../src/core/config/resolve';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import type { Finding, FixOutcome } from '../../src/core/diagnosis/finding';
import type { SearchReport } from '../../src/core/verify/search/searchBudget';
import { discover } from '../../src/loss/discovery/discover';
import { planRun } from '../../src/loss/plan';
import { ActiveVerification } from '../../src/runner/activeVerification';
import { RunJob } from '../../src/runner/runJob';
import type { OpenedRun } from '../../src/runs/stepSource';
import { readPrinted } from '../support/printedJson';
import { folderWith, jobs } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');
const limits = { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 };

/** Runs a loss in a worker, and verifies the fixes of its findings. */
function lossIn(text: string, name = 'loss.ts') {
  const file = path.join(folderWith({ [name]: text }), name);
  const [declaration] = discover(text, file, 'named');
  const plan = (patch: RunConfigPatch = {}) => planRun(declaration!, { below: [], above: [patch] });
  const run = async (patch: RunConfigPatch = {}) => {
    const { config, source } = plan(patch);
    let loaded: OpenedRun | undefined;
    let findings: readonly Finding[] = [];
    const active = new RunJob(jobs, { source, config, limits });
    active.open({
      onOpened: (what) => {
        loaded = what;
      },
      onFindings: (found) => {
        findings = found;
      },
    });
    onTestFinished(() => active.close());
    const { outcome, problems } = await active.ended;
    return { outcome: outcome!, problems, findings, texts: loaded!.texts };
  };
  const verify = (
    findings: readonly Finding[],
    onProgress: (done: number, total: number) => void = () => {},
    evaluationTimeoutMs = limits.evaluationTimeoutMs,
  ) => {
    const { config, source } = plan();
    const active = new ActiveVerification(
      jobs,
      {
        source,
        limits: { ...limits, evaluationTimeoutMs },
        job: { kind: 'verify', config, diagnosis: 'full', findings, verdict: null, budget: null },
      },
      onProgress,
    );
    onTestFinished(() => active.stop());
    return active;
  };
  return { run, verify };
}

type Outcome = Awaited<ReturnType<ReturnType<typeof lossIn>['run']>>['outcome'];
const asFixOutcome = ({ final, best, steps, stopped }: Outcome): FixOutcome => ({
  loss: final.loss,
  bestLoss: best.loss,
  steps,
  stopped,
});

const bowl = `/** @start [1, 1]\n * @optimizer sgd lr=0.03\n * @steps 200 */
export function loss([x, y]: number[]): number { return 50 * x * x + 0.5 * y * y; }
`;

describe('fixes that are tried in a worker', () => {
  it.each([
    ['an exact gradient', bowl, 2],
    [
      'a divergence that is detected late',
      `/** @start [1e-9, 1]\n * @optimizer sgd lr=0.025\n * @steps 120 */
export function loss([x, y]: number[]): number { return 50 * x * x + 0.5 * y * y; }
`,
      3,
    ],
    [
      'finite differences after the exact gradient fails',
      `/** @start [1, 1]\n * @optimizer sgd lr=0.03\n * @steps 200 */
export function loss([x, y]: number[]): number {
  if (Math.abs(x) > 2 || Math.abs(y) < 0.5) return 50 * Number((x * x).toPrecision(15)) + 0.5 * y * y;
  return 50 * x * x + 0.5 * y * y;
}
`,
      2,
    ],
    [
      'mini-batches and a promise',
      `/** @start [0, 0]\n * @optimizer sgd lr=3\n * @samples 20\n * @batch 4\n * @epochs 10 */
export async function loss([a, b]: number[], { indices }: { indices: number[] }): Promise<number> {
  await null;
  return indices.reduce((sum, i) => sum + (a + b * (i / 10) - Math.sin(i)) ** 2, 0) / indices.length;
}
`,
      1,
    ],
  ])('have exactly the outcome of a run from the start: %s', async (_name, text, atLeast) => {
    const { run, verify } = lossIn(text);
    const before = await run();
    const progress: [number, number][] = [];
    const { fixes, isComplete } = await verify(before.findings, (...at) => progress.push(at)).ended;
    expect(isComplete).toBe(true);
    expect(fixes[0]!.length).toBeGreaterThanOrEqual(atLeast);
    for (const fix of fixes[0]!) {
      const after = await run(fix.patch);
      expect(fix.verified, fix.title).toEqual({
        before: asFixOutcome(before.outcome),
        after: asFixOutcome(after.outcome),
      });
    }
    expect(progress.at(-1)?.[1]).toBeGreaterThan(1);
  });

  it('replace a wrong provided gradient by the exact one', async () => {
    const { run, verify } =
      lossIn(`/** @start [1, 1]\n * @optimizer sgd lr=0.01\n * @gradient slope\n * @steps 50 */
export function loss([x, y]: number[]): number { return x * x + y * y; }
export const slope = ([x, y]: number[]): number[] => [2 * x, -2 * y];
`);
    const { findings } = await run();
    const mismatch = findings.findIndex(({ code }) => code === 'gradient-mismatch');
    const { fixes } = await verify(findings).ended;
    expect(fixes[mismatch]!.map(({ patch }) => patch)).toEqual([{ gradientMode: 'exact' }]);
    const after = await run({ gradientMode: 'exact' });
    expect(fixes[mismatch]![0]!.verified!.after).toEqual(asFixOutcome(after.outcome));
  });

  it('may belong to a run whose loss threw', async () => {
    const { run, verify } = lossIn(`/** @start [1]\n * @optimizer sgd lr=0.1\n * @steps 30 */
export function loss([x]: number[]): number {
  if (x! > 1e6) throw new RangeError('too far');
  return -0.5 * x! * x! + 0.1 * x! ** 4 + 40 * (x! - 1) ** 2;
}
`);
    const { problems, findings } = await run();
    expect(problems[0]?.code).toBe('loss-threw');
    const { fixes } = await verify(findings).ended;
    expect(fixes.flat().length).toBeGreaterThan(0);
    for (const fix of fixes.flat()) expect(fix.verified!.before.stopped).toBe('error');
  });

  it('can be stopped immediately, with the results so far', async () => {
    const { run, verify } = lossIn(`/** @start [1, 1]\n * @optimizer sgd lr=0.03\n * @steps 200 */
export function loss([x, y]: number[]): number {
  for (const until = performance.now() + 0.5; performance.now() < until; );
  return 50 * x * x + 0.5 * y * y;
}
`);
    const { findings } = await run();
    let stoppedAt = 0;
    const active = verify(findings, (done) => {
      if (done < 2 || stoppedAt > 0) return;
      stoppedAt = performance.now();
      active.stop();
    });
    const { fixes, isComplete } = await active.ended;
    expect(performance.now() - stoppedAt).toBeLessThan(300);
    expect(isComplete).toBe(false);
    expect(fixes[0]!.map(({ words }) => words?.label)).toEqual(['lr 0.01']);
  });

  it('that make the loss hang end the verification and keep the results so far', async () => {
    const { run, verify } = lossIn(`/** @start [1, 1]\n * @optimizer sgd lr=0.03\n * @steps 200 */
export function loss([x, y]: number[]): number {
  while (y < 0.6 && y > 0.5 && Math.abs(x) < 0.02);
  return 50 * x * x + 0.5 * y * y;
}
`);
    const { findings } = await run();
    expect(findings[0]?.code).toBe('divergence');
    const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0.03 } }]);
    const lr = (value: number) => ({
      id: `${value}`,
      title: `lr ${value}`,
      patch: { optimizer: { lr: value } },
      verified: null,
    });
    expect(config.optimizer.lr).toBe(0.03);
    const finding = { ...findings[0]!, fixes: [lr(0.0001), lr(0.01), lr(0.0002)] };
    const { fixes, isComplete } = await verify([finding], () => {}, 1000).ended;
    expect(isComplete).toBe(false);
    expect(fixes[0]!.map(({ words }) => words?.label)).toEqual(['lr 0.0001']);
  });
});

interface RunReport {
  readonly config: RunConfigPatch;
  readonly final: { readonly loss: number };
  readonly best: { readonly loss: number };
  readonly steps: number;
  readonly stopped: string;
  readonly findings: readonly Finding[];
  readonly search: SearchReport | null;
}

describe('adamscope run', () => {
  const cwd = () => folderWith({ 'bowl.ts': bowl });
  const adamscope = (folder: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'run', 'bowl.ts#loss', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const outcomeOf = ({ final, best, steps, stopped }: RunReport) => ({
    loss: final.loss,
    bestLoss: best.loss,
    steps,
    stopped,
  });

  it('prints fixes with the outcomes of runs with their patches', () => {
    const folder = cwd();
    const { status, stdout, stderr } = adamscope(folder, '--json', '--fix-budget', '0');
    expect([status, stderr]).toEqual([1, '']);
    const before = readPrinted(stdout) as RunReport;
    const [finding] = before.findings;
    // Clipped steps oscillate until the end.
    expect(finding!.fixes.length).toBe(2);
    for (const fix of finding!.fixes) {
      expect(Object.keys(fix).sort()).toEqual(['id', 'patch', 'title', 'verified']);
      const config = JSON.stringify(mergePatches(before.config, fix.patch!));
      const after = readPrinted(
        adamscope(folder, '--json', '--no-verify', '--config', config).stdout,
      ) as RunReport;
      expect(fix.verified).toEqual({ before: outcomeOf(before), after: outcomeOf(after) });
    }
    expect(finding!.fixes[0]!.title).toBe(
      'lr 0.01: reaches loss 0.00898 in 200 steps; now: diverges at step 2',
    );
  });

  it('searches within the given budget, and prints what it has spent', () => {
    const folder = cwd();
    const before = readPrinted(adamscope(folder, '--json', '--fix-budget', '40,600').stdout) as RunReport;
    const { search } = before;
    expect(search).toMatchObject({ mostEvaluations: 40 * 200, mostSeconds: 600, isCutByTime: false });
    expect(search!.evaluations).toBeLessThanOrEqual(search!.mostEvaluations);
    const [fix] = before.findings[0]!.fixes;
    expect(fix!.verified!.after.bestLoss).toBeLessThan(1e-6);
    const config = JSON.stringify(mergePatches(before.config, fix!.patch!));
    const again = adamscope(folder, '--json', '--no-verify', '--config', config);
    expect(outcomeOf(readPrinted(again.stdout) as RunReport)).toEqual(fix!.verified!.after);
    expect(adamscope(folder, '--fix-budget', 'much').stderr).toContain('--fix-budget');
  });

  it('prints the outcome as text, and with --no-verify the fixes that could be tried', () => {
    const folder = cwd();
    expect(adamscope(folder, '--fix-budget', '0').stdout).toContain(
      '    try lr 0.01: reaches loss 0.00898 in 200 steps; now: diverges at step 2\n',
    );
    expect(adamscope(folder, '--no-verify').stdout).toContain('    try lr 0.01\n');
    const { findings } = readPrinted(adamscope(folder, '--no-verify', '--json').stdout) as RunReport;
    expect(findings[0]!.fixes.map(({ verified }) => verified)).toEqual([null, null, null]);
  });

  it('stops the verification at Ctrl-C and prints the results so far', async () => {
    const folder = folderWith({
      'bowl.mjs': `import { appendFileSync } from 'node:fs';
/** @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 200
 * @gradientMode provided
 * @gradient slope */
export function loss([x, y]) {
  return 50 * x * x + 0.5 * y * y;
}
export function slope([x, y]) {
  appendFileSync('calls', '.');
  for (const until = performance.now() + 2; performance.now() < until; );
  return [100 * x, y];
}
`,
    });
    // With this level the diagnosis makes no evaluations of its own, so the calls can be counted.
    const args = ['run', 'bowl.mjs#loss', '--diagnosis', 'steps', '--json'];
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    // The calls of the run, the baseline run, one fix, and a part of the next fix.
    const calls = path.join(folder, 'calls');
    while (!existsSync(calls) || statSync(calls).size < 3 * 201 + 50) await sleep(2);
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(stderr).toContain('not all fixes could be tried');
    const { findings } = readPrinted(stdout) as RunReport;
    expect(findings[0]!.fixes.map(({ title }) => title)).toEqual([
      'lr 0.01: reaches loss 0.00898 in 200 steps; now: diverges at step 2',
    ]);
    expect(statSync(calls).size).toBeLessThan(4 * 201);
  });
});
