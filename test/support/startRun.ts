import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import { discover } from '../../src/loss/discovery/discover';
import { planRun } from '../../src/loss/plan';
import { ActiveRun, type RunListener, type RunRequest } from '../../src/runner/activeRun';

export const workerFile = path.join(import.meta.dirname, '../../dist/worker.js');

/** Writes files into a folder that goes with the test; returns its path. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

export interface StartOptions extends Partial<Omit<RunRequest, 'source' | 'config' | 'workerFile'>> {
  readonly file?: string;
  readonly patch?: RunConfigPatch;
}

/** Runs the first loss of a text in a real worker thread. */
export function startRun(text: string, options: StartOptions = {}, listener: RunListener = {}): ActiveRun {
  const { file: name = 'loss.ts', patch = {}, ...rest } = options;
  const file = path.join(folderWith({ [name]: text }), name);
  const [declaration] = discover(text, file, 'named');
  if (!declaration) throw new Error('the text has no loss');
  const { config, source, problems } = planRun(declaration, { below: [], above: [patch] });
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
  const run = new ActiveRun(
    {
      workerFile,
      source,
      config,
      limits: { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 },
      ...rest,
    },
    listener,
  );
  onTestFinished(async () => {
    run.stop();
    await run.ended;
  });
  return run;
}
