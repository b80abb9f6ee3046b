// Makes the pictures of docs/guide.md and docs/debugging.md anew: npm run pictures
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { DashboardPage } from '../e2e/vscode/dashboardPage';
import { mcpSession } from '../support/agents/mcpClient';
import { checkout, openServedVsCode, type ServedVsCode } from '../support/servedVsCode';

const folder = path.join(checkout, 'docs', 'guide');
const cli = path.join(checkout, 'dist', 'cli.js');

const settings = {
  'editor.minimap.enabled': false,
  'editor.wordWrap': 'on',
  'editor.occurrencesHighlight': 'off',
  'workbench.layoutControl.enabled': false,
};

describe('the pictures of the guide', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    vs = await openServedVsCode({ settings, viewport: { width: 1500, height: 940 } });
    await vs.workbench.setTheme('dark');
    await vs.workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  });
  afterAll(async () => vs?.dispose());

  const takeWindow = async (name: string) => {
    // Hover texts of the last action disappear, and charts are drawn.
    await vs.page.mouse.move(400, 800);
    await vs.page.waitForTimeout(1500);
    await vs.page.screenshot({ path: path.join(folder, `${name}.png`) });
  };
  const takeDashboard = async (name: string) => {
    await vs.page.mouse.move(400, 800);
    await vs.page.waitForTimeout(1500);
    await vs.page
      .locator('iframe.webview.ready')
      .last()
      .screenshot({ path: path.join(folder, `${name}.png`) });
  };
  const run = async (file: string, line: number, end: RegExp) => {
    await vs.workbench.openFile(file, { line, column: 5 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(end);
  };

  it('a run that converges', async () => {
    await run('rosenbrock.ts', 13, /Finished, 3000 steps/);
    await takeWindow('run');
  });

  it('a run that diverges, its finding and the fixes', async () => {
    await run('diverging.ts', 13, /Finished, 500 steps/);
    await dashboard.findings.getByRole('button', { name: 'Run' }).first().waitFor({ timeout: 60_000 });
    await takeWindow('finding');
  });

  it('the quick fixes in the editor', async () => {
    await vs.workbench.openFile('diverging.ts', { line: 9, column: 22 });
    await vs.page.keyboard.press('ControlOrMeta+.');
    await vs.page.locator('.action-widget').first().waitFor({ timeout: 20_000 });
    await vs.page.waitForTimeout(800);
    await vs.page.screenshot({ path: path.join(folder, 'quick-fix.png') });
    await vs.page.keyboard.press('Escape');
  });

  it('the cause of a value that is not finite', async () => {
    await run('offTheDomain.ts', 13, /not finite/);
    await takeWindow('not-finite');
  });

  it('mini-batches and a validation loss', async () => {
    await run('logisticRegression.ts', 60, /Finished, 320 steps/);
    await takeDashboard('mini-batches');
  });

  it('the explanation of an update', async () => {
    await dashboard.selectRun('rosenbrock');
    await dashboard.shows('rosenbrock');
    await dashboard.press(/^Explain/);
    await takeDashboard('explain');
    await vs.page.keyboard.press('Escape');
  });

  it('a run of many coordinates', async () => {
    await run('moons.ts', 39, /Finished/);
    await takeDashboard('many-coordinates');
  });

  it('a sweep of two options', async () => {
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Sweep two options');
    await vs.page.locator('.quick-input-widget').getByText('lr × beta2').click();
    await dashboard.reaches(/Finished, 36 runs/);
    await takeDashboard('sweep');
  });

  it('optimizers side by side', async () => {
    await vs.workbench.openFile('beale.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Compare optimizers on loss');
    await dashboard.reportRows('Each optimizer at its best learning rate');
    await takeDashboard('compare-optimizers');
  });

  it('a learning-rate range test', async () => {
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Learning-rate range test');
    await dashboard.reportRows('Suggestions');
    await takeDashboard('range-test');
  });

  it('the view Runs', async () => {
    await vs.workbench.runCommand('Adamscope: Focus on Runs View');
    await vs.page.getByRole('treeitem').filter({ hasText: 'rosenbrock' }).first().waitFor();
    await takeWindow('runs');
  });

  it('a failed test in the Test Explorer', async () => {
    await vs.workbench.runCommand('View: Close All Editors');
    await vs.workbench.openFile('diverging.ts');
    const text = await readFile(path.join(vs.workspace, 'diverging.ts'), 'utf8');
    await vs.workbench.replaceText(text.replace(' */', ' * @expect loss<1e-6 within 300\n */'));
    await vs.page.keyboard.press('ControlOrMeta+S');
    await vs.workbench.runCommand('Testing: Focus on Test Explorer View');
    await vs.workbench.test('diverging.ts').locator('.monaco-tl-twistie').click();
    await vs.workbench.runCommand('Test: Run All Tests');
    await vs.workbench.test('diverging', 'Failed').waitFor();
    await vs.workbench.showTestMessage(/^error: The loss diverges/);
    await takeWindow('test-explorer');
  });

  it('a loss under the debugger', async () => {
    await vs.workbench.runCommand('View: Close All Editors');
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.page.locator('.codelens-decoration a', { hasText: 'Debug' }).first().click();
    await vs.page.locator('.debug-toolbar').waitFor();
    await vs.workbench.runCommand('View: Show Run and Debug');
    await vs.workbench.runCommand('View: Close Panel').catch(() => {});
    for (let t = 1; t <= 40; t++) {
      await vs.workbench.runCommand('Debug: Step Over');
      await vs.page.locator('.debug-call-stack').getByText(`step ${t}`).first().waitFor();
    }
    await takeWindow('debugger');
    await vs.workbench.runCommand('Debug: Stop');
  });

  it('a chart for a language model', async () => {
    const session = await mcpSession(vs.workspace);
    const { run } = await session.answer('run_loss', { loss: 'diverging.ts#diverging' });
    const { content } = await session.call('chart', { run, quantity: 'loss' });
    const picture = content.find((part) => part.type === 'image')!;
    await writeFile(path.join(folder, 'agent-chart.png'), picture.data, 'base64');
  });

  it('a report for a browser', async () => {
    const file = path.join(vs.workspace, 'rosenbrock.adamscope');
    const report = path.join(vs.workspace, 'report.html');
    const command = (...args: string[]) =>
      execFileSync(process.execPath, [cli, ...args], { cwd: vs.workspace, stdio: 'ignore' });
    command('run', 'rosenbrock.ts#rosenbrock', '--out', file);
    command('report', file, '--out', report);
    const page = await vs.context.newPage();
    await page.goto(pathToFileURL(report).href);
    await page.waitForTimeout(1000);
    await page.screenshot({ path: path.join(folder, 'html-report.png') });
    await page.close();
  });
});
