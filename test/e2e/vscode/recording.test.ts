// A training script that is recorded, followed while it trains, and whose finding leads to its line.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fullPython, fullVariables } from '../../../.ci/pythonEnvironments.mjs';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const root = path.resolve(import.meta.dirname, '../../..');
const faultyLine = 13;
/** Trains until its standard input is closed. */
const train = `import sys
import threading
import time

import torch

model = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
x = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.is_set():
    ((model(x) - x.sum(1, keepdim=True)) ** 2).mean().backward()
    optimizer.step()
    time.sleep(0.02)
`;

describe('the recording of a training', () => {
  let vs: ServedVsCode;
  let training: ChildProcess;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    const python = await fullPython();
    vs = await openServedVsCode({ workspace: null, files: { 'train.py': train } });
    training = spawn(python, ['-B', '-m', 'adamscope', 'run', 'train.py'], {
      cwd: vs.workspace,
      env: { ...process.env, ...fullVariables, PYTHONPATH: path.join(root, 'src/python') },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => {
    training?.kill('SIGKILL');
    await vs?.dispose();
  });

  it('is followed while the script trains', async () => {
    await vs.workbench.openFile('train.py');
    await vs.workbench.runCommand('Adamscope: Follow recording');
    const entry = vs.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'train.py' }).first();
    // The file is there after the first step, and the list is not refreshed while it is open.
    await expect
      .poll(
        async () => {
          if (await entry.isVisible()) return true;
          await vs.page.keyboard.press('Escape');
          await vs.workbench.runCommand('Adamscope: Follow recording');
          await entry.waitFor({ timeout: 3000 }).catch(() => {});
          return entry.isVisible();
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await entry.click();
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows('train.py');
    await dashboard.reaches(/Recording, step \d+/i);
    const stepNow = async () =>
      Number(/step ([\d,]+)/.exec((await dashboard.status.textContent()) ?? '')?.[1]?.replace(',', ''));
    const before = await stepNow();
    await expect.poll(stepNow, { timeout: 30_000 }).toBeGreaterThan(before);
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
    await vs.workbench.screenshot('recording/followed');
  });

  it('shows its findings at the lines of the script, also when lines above are added', async () => {
    const [problem] = await vs.workbench.problems();
    expect(problem).toMatchObject({
      file: 'train.py',
      severity: 'warning',
      source: 'adamscope',
      code: 'gradients-not-zeroed',
      message: 'The gradient still contains that of the step before.',
      line: faultyLine,
      column: 5,
    });
    await vs.workbench.openFile('train.py', { line: 1 });
    await vs.page.keyboard.type('# A comment.\n');
    await expect
      .poll(async () => (await vs.workbench.problems())[0]?.line, { timeout: 15_000 })
      .toBe(faultyLine + 1);
    await vs.workbench.runCommand('File: Revert File');
  });

  it('leads from a finding to its line', async () => {
    await vs.workbench.openFile('train.py', { line: 1 });
    await dashboard.findings.getByRole('button', { name: `line ${faultyLine}`, exact: true }).click();
    await vs.workbench.statusBar(new RegExp(`Ln ${faultyLine}, Col `));
  });

  it('ends when the script ends', async () => {
    training.stdin!.end();
    await dashboard.reaches(/Ended after [\d,]+ steps/);
    await vs.workbench.screenshot('recording/ended');
    // Closing it takes its findings out of the problems.
    await vs.workbench.closeEditor(/train-.*\.adamscope/);
    await expect.poll(() => vs.workbench.problems(0), { timeout: 15_000 }).toEqual([]);
  });
});
