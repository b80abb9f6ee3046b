import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fullPython, fullVariables } from '../../.ci/pythonEnvironments.mjs';
import type { Finding } from '../../src/core/diagnosis/finding';
import { openedFile } from '../../src/runs/openedFile';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-ranks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A port that nobody uses now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Trains a script as two ranks over gloo, each of which is recorded. @returns the files, in the order of the ranks */
async function recorded(script: string, more: readonly string[]): Promise<string[]> {
  const out = path.join(folder, `${script}${more.join('')}`);
  mkdirSync(out);
  const python = await fullPython();
  const port = await freePort();
  const ended = [0, 1].map(
    (rank) =>
      new Promise<void>((resolve, reject) => {
        const file = path.join(root, 'test/fixtures/training/distributed', `${script}.py`);
        const child = spawn(python, ['-B', '-m', 'adamscope', 'run', ...more, '--out', out, file], {
          env: {
            ...process.env,
            ...fullVariables,
            PYTHONPATH: path.join(root, 'src/python'),
            MASTER_ADDR: '127.0.0.1',
            MASTER_PORT: String(port),
            WORLD_SIZE: '2',
            RANK: String(rank),
            OMP_NUM_THREADS: '1',
          },
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let errors = '';
        child.stderr.on('data', (text) => {
          errors += text;
        });
        child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(errors))));
      }),
  );
  await Promise.all(ended);
  return readdirSync(out)
    .sort((a, b) => a.slice(-16).localeCompare(b.slice(-16)))
    .map((file) => path.join(out, file));
}

/** The findings in the file of a rank, and the names of the runs that are opened with it. */
async function openedRank(file: string): Promise<{ findings: readonly Finding[]; names: string[] }> {
  const opened = await openedFile(file);
  if (typeof opened === 'string') throw new Error(opened);
  await Promise.all(opened.store.history.map((run) => run.finished));
  const { findings } = opened.run.record;
  const names = opened.store.history.map(({ name }) => name);
  await opened.store.dispose();
  return { findings, names };
}

const everyStep = ['--every', '1'];

describe('the ranks of a distributed training', { timeout: 120_000 }, () => {
  it.each([
    ['drifts_on_one_rank', 6, 'parameters', '0.weight'],
    ['loads_state_on_one_rank', 7, 'parameters and the optimizer’s state', '0.weight'],
    ['buffer_of_own_data', 1, 'buffers', 'mean'],
  ] as const)(
    '%s: the first step, what differs, and the tensor are named',
    async (script, step, what, tensor) => {
      const files = await recorded(script, everyStep);
      for (const file of files) {
        const { findings, names } = await openedRank(file);
        expect(names.sort()).toEqual(['rank 0', 'rank 1']);
        const found = findings.filter(({ severity }) => severity === 'error');
        expect(found.map(({ code, steps }) => [code, steps[0]])).toEqual([['ranks-differ', step]]);
        expect(found[0]!.headline).toBe(
          `Ranks 0 and 1 differ after step ${step}: ${what.replace('’', "'")}.`,
        );
        expect(found[0]!.detail).toContain(tensor);
        const before =
          step === 1 ? 'It is the first compared step.' : `After step ${step - 1}, they were equal.`;
        expect(found[0]!.detail).toContain(before);
      }
    },
  );

  it.each(['two_ranks', 'healthy_batch_norm'])('%s: equal ranks, no finding', async (script) => {
    const files = await recorded(script, everyStep);
    for (const file of files)
      expect((await openedRank(file)).findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('are compared at steps that all of them record, whatever their pace', async () => {
    const [file] = await recorded('drifts_on_one_rank', []);
    const { findings } = await openedRank(file!);
    // Step 8 is the first power of two after the write.
    expect(findings.filter(({ code }) => code === 'ranks-differ').map(({ steps }) => steps[0])).toEqual([8]);
  });
});
