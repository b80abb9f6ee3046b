/** Measures trainings of torch with and without a recording at its default budgets, which take turns in one process of Python. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { report } from './report';

interface Cost {
  /** Of the time of training, added by the recording. */
  readonly share: number;
  /** Of its tensors, over that of the optimizer's state. */
  readonly memory: number;
}

async function main(): Promise<void> {
  const root = path.join(__dirname, '../../..');
  const { fullPython } = (await import(
    path.join(root, '.ci/pythonEnvironments.mjs')
  )) as typeof import('../../.ci/pythonEnvironments.mjs');
  const python = await fullPython();
  const folder = mkdtempSync(path.join(tmpdir(), 'adamscope-bench-'));
  try {
    for (const [model, words] of [
      ['mlp', 'an MLP of 1e6 parameters'],
      ['transformer', 'a small transformer'],
    ] as const) {
      const text = execFileSync(python, [path.join(root, 'test/bench/recordedTraining.py'), model, folder], {
        encoding: 'utf8',
        env: { ...process.env, PYTHONPATH: path.join(root, 'src/python') },
      });
      const cost = JSON.parse(text) as Cost;
      report(`time that a recording adds to ${words}`, 100 * cost.share, '%', { atMost: 5 });
      report(`memory of a recording of ${words}, of the optimizer's state`, 100 * cost.memory, '%', {
        atMost: 3,
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
