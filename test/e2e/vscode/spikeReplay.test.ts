// A spike in the recording of a training: made again with the loss of its script, in the dashboard and from its line.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fullPython, fullVariables } from '../../../.ci/pythonEnvironments.mjs';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const root = path.resolve(import.meta.dirname, '../../..');
const scripts = path.join(root, 'test/fixtures/training');
const script = 'meets_broken_batch.py';
const textOf = (name: string) => readFileSync(path.join(scripts, name), 'utf8');

describe('a spike of a training', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  const tried = () => dashboard.findings.getByRole('list', { name: 'Tried changes, best first' });

  beforeAll(async () => {
    const python = await fullPython();
    vs = await openServedVsCode({
      workspace: null,
      files: {
        [script]: textOf(script),
        'common.py': textOf('common.py'),
        '.vscode/settings.json': JSON.stringify({ 'adamscope.python': python }),
      },
    });
    execFileSync(python, ['-B', '-m', 'adamscope', 'run', '--every', '2', script], {
      cwd: vs.workspace,
      env: { ...process.env, ...fullVariables, PYTHONPATH: path.join(root, 'src/python') },
      stdio: 'ignore',
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(() => vs?.dispose());

  it('is tried from its line, with the only loss that builds a model', async () => {
    await vs.workbench.runCommand('Adamscope: Follow recording');
    await vs.page.locator('.quick-input-widget .monaco-list-row', { hasText: script }).first().click();
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows(script);
    const line =
      textOf(script)
        .split('\n')
        .findIndex((each) => each.endsWith('# here')) + 1;
    await vs.workbench.openFile(script, { line });
    const [problem] = await vs.workbench.problems();
    expect(problem).toMatchObject({ file: script, line, code: 'loss-spike' });
    await vs.workbench.openFile(script, { line });
    await vs.workbench.runCommand('Quick Fix...');
    await vs.page.locator('.action-widget').getByText('Adamscope: Try it here').click();
    await tried().waitFor({ timeout: 90_000 });
    const rows = await tried().getByRole('listitem').allInnerTexts();
    expect(rows[0]).toMatch(/^unchanged\s+\d+ steps above \S+, at most 5\d{3}, then /);
    expect(rows[1]).toMatch(/^without the batch of step 150\s+.*helps$/s);
    expect(rows.at(-1)).toMatch(/does not help$/);
    await vs.workbench.screenshot('recording/tried');
  });

  it('is tried again in the dashboard', async () => {
    await dashboard.findings.getByRole('button', { name: 'Try again' }).click();
    await tried().waitFor({ state: 'detached' });
    await tried().waitFor({ timeout: 90_000 });
  });
});
