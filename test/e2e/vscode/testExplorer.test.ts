// Losses with @expect in the Test Explorer: found, run, explained, and run again at each save.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { barePython } from '../../../.ci/pythonEnvironments.mjs';
import { notebook } from '../../support/notebook';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import type { Workbench } from '../../support/workbench';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const bowl = `import { height } from './height';

/**
 * @loss
 * @start [3]
 * @optimizer sgd lr=0.1
 * @steps 100
 * @expect loss<1e-8 within 60
 */
export const bowl = ([x]: number[]) => x * x + height;
`;

const slow = `/** @loss @start [3] @steps 100000 @expect loss<1e-8 */
export function slow([x]: number[]): number {
  const until = performance.now() + 1;
  while (performance.now() < until);
  return x * x;
}
`;

const steep = `/**
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 60
 * @expect loss<0.5
 */
export function steep([x, y]: number[]): number {
  return 0.5 * (100 * x ** 2 + y ** 2);
}

/** @loss @start [1] @expect loss<1 */
export function thrower([x]: number[]): number {
  if (x > 0) throw new Error('no data');
  return x;
}
`;

const inPython = `# adamscope: loss start=[3, 4] optimizer=sgd lr=0.1 steps=60 expect="loss<1e-6"
def python_bowl(x: float, y: float) -> float:
    return x * x + y * y
`;

const inNotebook = notebook([
  ['markdown', '# A bowl'],
  'steepness = 4',
  `# adamscope: loss start=[3, 4] expect="loss<1e-6"
#   optimizer=sgd lr=0.5 steps=20
def cell_bowl(x: float, y: float) -> float:
    return x * x + steepness * y * y`,
]);

describe('the Test Explorer', () => {
  let vs: ServedVsCode;
  const test: Workbench['test'] = (...args) => vs.workbench.test(...args);
  const expand = (file: string) => test(file).locator('.monaco-tl-twistie').click();
  const save = () => vs.page.keyboard.press('ControlOrMeta+S');

  beforeAll(async () => {
    vs = await openServedVsCode({
      workspace: null,
      files: {
        'src/bowl.ts': bowl,
        'src/height.ts': 'export const height = 0;\n',
        'src/steep.ts': steep,
        'fit.py': inPython,
        'cells.ipynb': inNotebook,
        '.gitignore': 'ignored\n',
        'ignored/other.ts': slow,
        '.vscode/settings.json': JSON.stringify({ 'adamscope.python': await barePython() }),
      },
      viewport: { width: 1500, height: 940 },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('shows every loss with @expect of the workspace, and runs none', async () => {
    await vs.workbench.openFile('src/steep.ts');
    await vs.workbench.runCommand('Testing: Focus on Test Explorer View');
    for (const file of ['src/steep.ts', 'src/bowl.ts', 'fit.py', 'cells.ipynb']) await expand(file);
    for (const name of ['bowl', 'steep', 'thrower', 'python_bowl', 'cell_bowl'])
      await test(name, 'Not yet run').waitFor();
    expect(await test('ignored/other.ts').count()).toBe(0);
  });

  it('runs them, also those in Python and in notebooks', async () => {
    await vs.workbench.runCommand('Test: Run All Tests');
    await test('bowl', 'Passed').waitFor();
    await test('python_bowl', 'Passed').waitFor();
    await test('steep', 'Failed').waitFor();
    await test('thrower', 'Errored').waitFor();
    await test('cell_bowl', 'Failed').waitFor();
    await vs.workbench.screenshot('test-explorer');
  });

  it('shows what was expected and reached, and the finding with a fix that was tried', async () => {
    const difference = await vs.workbench.showTestMessage('expected loss < 0.5: reached 50.5 at step 0');
    await expect
      .poll(async () => (await difference.innerText()).split(/\s+/).join(' '))
      .toBe('loss < 0.5 Expected loss = 50.5 at step 0 Actual');
    await vs.workbench.screenshot('test-explorer-difference');
    const finding = await vs.workbench.showTestMessage(/^error: The loss diverges.*4 more lines/);
    await finding.getByText(/^Try lr .*: reaches loss \S+ in 60 steps; now: diverges at step 2/).waitFor();
    await vs.workbench.screenshot('test-explorer-finding');
    expect(await vs.workbench.problems(2)).toContainEqual(
      expect.objectContaining({ file: 'steep.ts', code: 'divergence', line: 4 }),
    );
  });

  it('shows the run of a failure in the dashboard, where it is a test', async () => {
    const finding = await vs.workbench.showTestMessage(/^error: The loss diverges.*4 more lines/);
    await finding.getByText('Show the run in the dashboard').click();
    const dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows('steep');
    await dashboard.selectRun('steep', 'Test');
    await vs.workbench.screenshot('test-explorer-dashboard');
    await vs.workbench.closeEditor('Adamscope');
  });

  it('writes the fix to the annotation', async () => {
    const finding = await vs.workbench.showTestMessage(/^error: The loss diverges.*4 more lines/);
    await finding.getByText('Write it to the annotation').click();
    await vs.page
      .locator('.view-line', { hasText: /lr=0\.0/ })
      .first()
      .waitFor();
  });

  it('runs a test again when its file is saved, in continuous mode', async () => {
    await vs.workbench.runCommand('Test: Start Continuous Run');
    await vs.workbench.openFile('src/steep.ts');
    await save();
    await test('steep', 'Passed').waitFor();
    await vs.workbench.replaceText(steep.replace('0.03', '0.04'));
    await save();
    await test('steep', 'Failed').waitFor();
    await vs.workbench.replaceText(steep.replace('0.03', '0.01'));
    await save();
    await test('steep', 'Passed').waitFor();
    await vs.workbench.screenshot('test-explorer-continuous');
  });

  it('runs a test again when another file that its loss uses is saved', async () => {
    await vs.workbench.openFile('src/height.ts');
    await vs.workbench.replaceText('export const height = 1;\n');
    await save();
    await test('bowl', 'Failed').waitFor();
    await vs.workbench.runCommand('Test: Stop Continuous Run');
  });

  it('keeps one run of each test', async () => {
    await vs.workbench.runCommand('Adamscope: Focus on Runs View');
    const runs = vs.page.locator('.part.sidebar').getByRole('treeitem', { name: /^Test/ });
    await expect.poll(() => runs.count()).toBe(5);
    await vs.workbench.screenshot('test-explorer-runs');
  });

  it('follows edits, and files that appear and disappear', async () => {
    await vs.workbench.openFile('src/steep.ts');
    await vs.workbench.replaceText(steep.replaceAll('thrower', 'renamed'));
    await vs.workbench.runCommand('Testing: Focus on Test Explorer View');
    await test('renamed').waitFor();
    expect(await test('thrower').count()).toBe(0);
    await writeFile(path.join(vs.workspace, 'src/slow.ts'), slow);
    await test('src/slow.ts').waitFor();
    await rm(path.join(vs.workspace, 'src/bowl.ts'));
    await test('src/bowl.ts').waitFor({ state: 'detached' });
  });

  it('ends the runs that are cancelled', async () => {
    await expand('src/slow.ts');
    await test('slow').click();
    await test('slow').getByRole('button', { name: 'Run Test' }).click();
    await test('slow', 'Running').waitFor();
    await vs.workbench.runCommand('Test: Cancel Test Run');
    await test('slow', 'Skipped').waitFor();
    await vs.page
      .locator('.codelens-decoration a', { hasText: /stopped by you at step \d+/ })
      .first()
      .waitFor();
    await vs.workbench.screenshot('test-explorer-cancelled');
  });
});
