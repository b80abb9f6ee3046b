// Makes media/dashboard.png anew: npm run pictures
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DashboardPage } from '../e2e/vscode/dashboardPage';
import { checkout, openServedVsCode } from '../support/servedVsCode';

const settings = {
  'editor.minimap.enabled': false,
  'editor.wordWrap': 'on',
  'editor.renderLineHighlight': 'none',
  'editor.lightbulb.enabled': 'off',
  'editor.occurrencesHighlight': 'off',
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
};

/** The sample with the learning rate that its comment suggests: it comes down to 1e-29, and jumps. */
async function atTheEdge(): Promise<string> {
  const text = await readFile(path.join(checkout, 'media', 'samples', 'rosenbrock.ts'), 'utf8');
  return text.replace('lr=0.02', 'lr=0.1');
}

it('takes the picture of the README', async () => {
  const vs = await openServedVsCode({
    settings,
    viewport: { width: 1600, height: 1000 },
    files: { 'rosenbrock.ts': await atTheEdge() },
  });
  try {
    await vs.workbench.setTheme('dark');
    await vs.workbench.openFile('rosenbrock.ts', { line: 13 });
    await vs.workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    const dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 3000 steps/);
    // The landscape stands beside the first charts once there is room for three columns.
    const panel = (await vs.page.locator('iframe.webview.ready').boundingBox())!;
    const sashes = await vs.page.locator('.part.editor .monaco-sash.vertical').all();
    const boxes = await Promise.all(sashes.map((sash) => sash.boundingBox()));
    const sash = boxes.find((box) => box !== null && Math.abs(box.x - panel.x) < 12);
    if (!sash) throw new Error('no border between editor and dashboard');
    await vs.page.mouse.move(sash.x + sash.width / 2, 500);
    await vs.page.mouse.down();
    await vs.page.mouse.move(panel.x - 90, 500, { steps: 5 });
    await vs.page.mouse.move(panel.x - 170, 500, { steps: 5 });
    await vs.page.mouse.up();
    await vs.page.mouse.move(400, 700);
    await expect
      .poll(() => dashboard.drawnPixels('Path over the loss'), { timeout: 15_000 })
      .toBeGreaterThan(5000);
    await dashboard.findings.getByText('reaches').first().waitFor();
    await vs.page.waitForTimeout(1500);
    const file = path.join(checkout, 'media', 'dashboard.png');
    await mkdir(path.dirname(file), { recursive: true });
    await vs.page.screenshot({ path: file });
  } finally {
    await vs.dispose();
  }
});
