// A loss in a cell of a notebook, from its CodeLens to a fix.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { barePython } from '../../../.ci/pythonEnvironments.mjs';
import { notebook } from '../../support/notebook';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const content = notebook([
  ['markdown', '# A bowl'],
  '%matplotlib inline\nsteepness = 4',
  `# adamscope: loss start=[3, 4]
#   optimizer=sgd lr=0.5 steps=200
def bowl(x: float, y: float) -> float:
    return x * x + steepness * y * y`,
  'this is no Python',
]);

describe('a loss in a notebook', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  const lens = (text: string | RegExp) =>
    vs.page.locator('.codelens-decoration a', { hasText: text }).first();
  const cell = (number: number) => vs.page.locator('.notebookOverlay .code-cell-row').nth(number);
  const lineOf = (text: string) => vs.page.locator('.notebookOverlay .view-line', { hasText: text }).first();

  beforeAll(async () => {
    const settings = JSON.stringify({
      'adamscope.python': await barePython(),
      'workbench.editorAssociations': { '*.ipynb': 'jupyter-notebook' },
    });
    vs = await openServedVsCode({
      workspace: null,
      files: { 'bowl.ipynb': content, '.vscode/settings.json': settings },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('is run by the CodeLens in its cell, and the finding marks the learning rate there', async () => {
    await vs.workbench.openNotebook('bowl.ipynb');
    await lens('Run Adam (as annotated: sgd)').click();
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows('bowl');
    await dashboard.reaches(/Finished, 200 steps/);
    await cell(1).locator('.squiggly-error').first().waitFor();
    await lens(/^sgd, exact gradient: diverged/).waitFor();
    expect(await dashboard.body.locator('.header').innerText()).toContain('bowl.ipynb:cell 3:3');
    const [problem] = await vs.workbench.problems();
    expect(problem).toMatchObject({ file: 'bowl.ipynb', code: 'divergence', line: 2, column: 19 });
    await vs.workbench.screenshot('notebook');
  });

  it('is shown by the link in the dashboard', async () => {
    await vs.workbench.openFile('.vscode/settings.json');
    await dashboard.findings.getByText('cell 3, line 2').click();
    await cell(1).locator('.monaco-editor.focused').waitFor();
    await vs.workbench.screenshot('notebook-link');
  });

  it('has a quick fix that edits its comment', async () => {
    await lineOf('optimizer=sgd').click({ position: { x: 190, y: 8 } });
    await dashboard.findings
      .getByText(/^reaches \S+ at step 200$/)
      .first()
      .waitFor();
    // The palette is opened by Escape, which leaves the cell.
    await vs.page.keyboard.press('ControlOrMeta+.');
    const menu = vs.page.locator('.action-widget');
    await menu
      .getByText(/^Adamscope: Write lr 0\.\d+ to the annotation: reaches/)
      .first()
      .waitFor();
    // A webview covers the menu for the pointer. Its first entry is selected.
    await vs.page.keyboard.press('Enter');
    await lineOf(' lr=0.').waitFor();
    await expect.poll(() => lineOf('optimizer=sgd').innerText()).toMatch(/lr=0\.[012]\d*\ssteps=200/);
    await cell(1).locator('.squiggly-error').waitFor({ state: 'detached' });
  });

  it('is run as the editor shows it, by the command at the cursor', async () => {
    await lineOf('steepness = 4').click();
    await vs.page.keyboard.press('End');
    await vs.page.keyboard.insertText(' + 1 - 1\noffset = 1000');
    await lineOf('return').click();
    await vs.page.keyboard.press('End');
    await vs.page.keyboard.insertText(' + offset');
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/bowl: converged, loss 1000 after 200 steps/);
    expect(await readFile(path.join(vs.workspace, 'bowl.ipynb'), 'utf8')).toBe(content);
  });

  it('is completed and explained in its comment', async () => {
    await lineOf('optimizer=sgd').click();
    await vs.page.keyboard.press('End');
    await vs.page.keyboard.type(' ep');
    await vs.page.keyboard.press('ControlOrMeta+Space');
    await vs.page.locator('.suggest-widget .monaco-list-row', { hasText: 'epochs' }).first().waitFor();
    await vs.page.keyboard.press('Escape');
    await vs.page.keyboard.type('ox=3');
    await cell(1).locator('.squiggly-error, .squiggly-warning').first().waitFor();
  });
});
