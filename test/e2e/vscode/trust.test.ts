// A workspace whose trust is requested, granted and withdrawn: none of its code is evaluated without trust.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

/** A module that leaves a mark each time it is loaded. */
const marking = `import { appendFileSync } from 'node:fs';
appendFileSync(new URL('./loaded.txt', 'file://' + __dirname + '/'), 'x');

/**
 * @loss
 * @start [3, 4]
 * @steps 20
 * @expect loss<100
 */
export function marking([x, y]: number[]): number {
  return x! * x! + y! * y!;
}
`;

const inPython = `# adamscope: loss start=[3, 4] steps=20
def python_loss(x: float, y: float) -> float:
    return x * x + y * y
`;

/** An interpreter that leaves a mark each time it is started. */
const markingInterpreter = `#!/bin/sh
printf x >> "$(dirname "$0")/started.txt"
exec python3 "$@"
`;

/** The settings of the workspace. */
const settings = {
  'adamscope.evaluateOnHover': true,
  'adamscope.python': `\${workspaceFolder}/interpreter`,
};

describe('a workspace with workspace trust', () => {
  let vs: ServedVsCode;
  const marksIn = (name: string) => {
    const file = path.join(vs.workspace, name);
    return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
  };
  const loads = () => marksIn('loaded.txt') + marksIn('started.txt');
  const restful = () => new Promise((resolve) => setTimeout(resolve, 3000));
  const manageTrust = () => vs.workbench.runCommand('Workspaces: Manage Workspace Trust');
  const hover = async () => {
    await vs.workbench.openFile('marking.ts', { line: 10, column: 20 });
    await vs.workbench.runCommand('Show or Focus Hover');
  };

  beforeAll(async () => {
    vs = await openServedVsCode({
      workspace: null,
      files: {
        'marking.ts': marking,
        'fit.py': inPython,
        '.vscode/settings.json': JSON.stringify(settings),
      },
      trusted: false,
    });
    writeFileSync(path.join(vs.workspace, 'interpreter'), markingInterpreter, { mode: 0o755 });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('evaluates nothing until it is trusted, not even if the setting of the workspace enables it', async () => {
    await hover();
    // VS Code itself asks before it runs tests.
    await vs.workbench.runCommand('Test: Run All Tests');
    const question = vs.page.getByRole('dialog').filter({ hasText: 'Do you trust the authors' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    await vs.workbench.runCommand('View: Hide Panel');
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.notification(/workspace is not trusted/);
    await vs.workbench.openFile('fit.py', { line: 2, column: 6 });
    await vs.workbench.runCommand('Show or Focus Hover');
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await restful();
    expect(loads()).toBe(0);
  });

  it('runs its losses once it is trusted', async () => {
    await manageTrust();
    await vs.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: 'Trust', exact: true })
      .click();
    await vs.page.getByText('You trust this folder').first().waitFor();
    await vs.workbench.openFile('fit.py', { line: 2 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/python_loss: [a-z ]+, loss \S+ after 20 steps/);
    expect(marksIn('started.txt')).toBeGreaterThan(0);
    await vs.workbench.openFile('marking.ts', { line: 11 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/marking: [a-z ]+, loss \S+ after 20 steps/);
    expect(marksIn('loaded.txt')).toBeGreaterThan(0);
  });

  it('shows its runs when trust is withdrawn, and evaluates nothing for them', async () => {
    await manageTrust();
    const folder = vs.page.locator('.workspace-trust-editor .monaco-list-row', { hasText: vs.workspace });
    await folder.hover();
    // VS Code reloads the window itself when trust is withdrawn, and may not open the trust editor again.
    const reloaded = vs.page.waitForEvent('load');
    await folder.getByRole('button', { name: /Delete|Remove/ }).click();
    await reloaded;
    await vs.workbench.statusBar(/Restricted Mode/);
    await vs.workbench.ready();
    const before = loads();
    const dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 20 steps/);
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 30_000 }).toBeGreaterThan(200);
    await dashboard.chart('Path over the loss').getByRole('button', { name: 'Draw the contour' }).click();
    await dashboard.body
      .getByText('The workspace is not trusted, so its losses are not evaluated.')
      .waitFor();
    await hover();
    await vs.page
      .locator('.monaco-hover')
      .getByText(/last run, adam/)
      .first()
      .waitFor();
    await restful();
    expect(loads()).toBe(before);
  });
});
