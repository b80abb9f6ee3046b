/**
 * Measures runs of Python losses without diagnosis, each compared with a loop in Python that makes the same calls: 10 coordinates, a
 * million coordinates (also with the vectors sent through a pipe and back), and a torch loss with a training loop. The two alternate.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { resolveConfig } from '../../src/core/config/resolve';
import type { LossSource } from '../../src/loss/source';
import { JobProcesses } from '../../src/runner/jobProcesses';
import { RunJob } from '../../src/runner/runJob';
import { median, report } from './report';

const rounds = Number(process.env.ROUNDS ?? 3);
const folder = path.join(__dirname, '../../../test/bench');
const jobs = new JobProcesses(path.join(__dirname, '../../jobProcess.js'), { keepsSpare: false });
const form = { vector: { kind: 'array' }, context: false } as const;

function sourceOf(python: string, file: string, name: string, hasGradient: boolean): LossSource {
  const whole = path.join(folder, file);
  return {
    language: 'python',
    file: whole,
    exportName: name,
    lossName: name,
    location: { file: whole, line: 1, column: 1, endLine: 1, endColumn: 2 },
    parameterName: null,
    form,
    startExport: `${name}_start`,
    gradient: hasGradient ? { exportName: `${name}_gradient`, form } : null,
    validation: null,
    params: null,
    module: null,
    data: null,
    dtype: 'float64',
    library: null,
    interpreter: { path: python, foundBy: 'the bench' },
    texts: [],
  };
}

/** The seconds from the first evaluation until the last step has arrived here, and from the start of the process to its end. */
async function run(source: LossSource, steps: number): Promise<{ loop: number; whole: number }> {
  const { config } = resolveConfig([{ steps }]);
  const begun = performance.now();
  let from = 0;
  let last = 0;
  const job = new RunJob(jobs, {
    config,
    diagnosis: 'off',
    limits: { evaluationTimeoutMs: 60_000, memoryLimitMb: 8192 },
    source,
  });
  job.open({
    onOpened() {
      from = performance.now();
    },
    onSteps() {
      last = performance.now();
    },
  });
  const { problems } = await job.ended;
  if (problems.length > 0) throw new Error(`the run went wrong: ${JSON.stringify(problems)}`);
  return { loop: (last - from) / 1000, whole: (performance.now() - begun) / 1000 };
}

function seconds(python: string, ...args: readonly string[]): number {
  const [file, ...rest] = args;
  return Number(execFileSync(python, [path.join(folder, file!), ...rest], { encoding: 'utf8' }));
}

async function main(): Promise<void> {
  const { fullPython } = (await import(
    path.join(folder, '../../.ci/pythonEnvironments.mjs')
  )) as typeof import('../../.ci/pythonEnvironments.mjs');
  const python = await fullPython();
  const small = sourceOf(python, 'python.py', 'small', true);
  const wide = sourceOf(python, 'python.py', 'wide', true);
  const [logistic, network] = ['logistic', 'network'].map((name) =>
    sourceOf(python, 'pythonTorch.py', name, false),
  ) as [LossSource, LossSource];
  await run(small, 10);
  const found: Record<'overhead' | 'thousand' | 'piped' | 'torch' | 'recorded', number[]> = {
    overhead: [],
    thousand: [],
    piped: [],
    torch: [],
    recorded: [],
  };
  for (let round = 0; round < rounds; round++) {
    const bare = seconds(python, 'python.py', 'small', '5000') / 5000;
    found.overhead.push(((await run(small, 5000)).loop / 5000 - bare) * 1e6);
    found.thousand.push((await run(small, 1000)).whole);
    const pipe = seconds(python, 'python.py', 'copied', '30') / 30;
    found.piped.push((await run(wide, 30)).loop / 30 / pipe);
    found.torch.push((await run(logistic, 300)).loop / seconds(python, 'pythonTorch.py', 'logistic', '300'));
    // Up to 256 steps of a run have quantiles of all coordinates, which take 2 ms each, however long the run.
    found.recorded.push(
      (await run(network, 3000)).loop / seconds(python, 'pythonTorch.py', 'network', '3000'),
    );
  }
  report('a step of 10 coordinates over a loop in Python', median(found.overhead), 'us', { atMost: 60 });
  report('1,000 steps of 10 coordinates, with the start of the process', median(found.thousand), 's', {
    atMost: 1,
  });
  report('a step of 1e6 coordinates over two vectors through a pipe', median(found.piped), 'ratio', {
    atMost: 8,
  });
  report('a torch loss of 20 coordinates over a training loop of torch', median(found.torch), 'ratio', {
    atMost: 1.2,
  });
  report('3,000 steps with 1,220 coordinates, all of them recorded', median(found.recorded), 'ratio', {
    atMost: 1.2,
  });
}

void main();
