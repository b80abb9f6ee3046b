import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import { Trace } from '../../src/core/trace/trace';
import { discover } from '../../src/loss/discovery/discover';
import { planRun } from '../../src/loss/plan';
import { JobProcesses } from '../../src/runner/jobProcesses';
import { RunJob, type RunRequest } from '../../src/runner/runJob';
import type { RunControl, StepListener, StepSource } from '../../src/runs/stepSource';

export const processFile = path.join(import.meta.dirname, '../../dist/jobProcess.js');
export const jobs = new JobProcesses(processFile, { keepsSpare: false });
// The test runner kills its processes by signal, so the cleanup must happen here.
afterAll(() => jobs.dispose());

/** Writes files into a folder that is deleted after the test; returns its path. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

export interface StartOptions extends Partial<Omit<RunRequest, 'source' | 'config'>> {
  readonly file?: string;
  readonly patch?: RunConfigPatch;
}

/** A run in progress whose steps are kept. */
export interface StartedRun extends RunControl, Pick<StepSource, 'ended'> {
  /** null until the module has been loaded. */
  readonly trace: Trace | null;
  stop(): void;
}

/** Runs the first loss of a text in a real process. */
export function startRun(text: string, options: StartOptions = {}, listener: StepListener = {}): StartedRun {
  const { file: name = 'loss.ts', patch = {}, ...rest } = options;
  const file = path.join(folderWith({ [name]: text }), name);
  const [declaration] = discover(text, file, 'named');
  if (!declaration) throw new Error('the text has no loss');
  const { config, source, problems } = planRun(declaration, { below: [], above: [patch] });
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
  const run = new RunJob(jobs, {
    source,
    config,
    limits: { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 },
    ...rest,
  });
  let trace: Trace | null = null;
  run.open({
    ...listener,
    onOpened(opened) {
      trace = new Trace(
        opened.layout,
        opened.layout.coordinates.map((c) => opened.start[c]!),
      );
      listener.onOpened?.(opened);
    },
    onRecord(data, offset) {
      trace?.append(data, offset);
      listener.onRecord?.(data, offset);
    },
  });
  onTestFinished(async () => {
    run.close();
    await run.ended;
  });
  return {
    ...run.control,
    ended: run.ended,
    stop: () => run.close(),
    get trace() {
      return trace;
    },
  };
}
