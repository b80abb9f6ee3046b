// The analyses that run a loss several times: the commands, their reports, and the actions of a row.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { optimizerNames } from '../../../src/core/optimizers/registry';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

describe('reports', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode();
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('compares all optimizers on the loss at the cursor', async () => {
    await vs.workbench.openFile('beale.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Compare optimizers on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    const rows = await dashboard.reportRows('Each optimizer at its best learning rate');
    expect(
      rows
        .slice(1)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...optimizerNames].sort());
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
  });

  it('writes the configuration of a row to the annotation', async () => {
    const [, best] = await dashboard.reportRows('Each optimizer at its best learning rate');
    await dashboard.pressInRow('Each optimizer at its best learning rate', best![0]!, /Write to annotation/);
    await vs.workbench.openFile('beale.ts');
    await expect.poll(() => vs.workbench.text(), { timeout: 15_000 }).toContain(`@optimizer ${best![0]} lr=`);
  });

  it('runs with the configuration of a row, and the history leads back to the report', async () => {
    const [, best] = await dashboard.reportRows('Each optimizer at its best learning rate');
    await dashboard.pressInRow('Each optimizer at its best learning rate', best![0]!, /Run with this/);
    await dashboard.reaches(/Finished/);
    await dashboard.selectRun('beale', 'Compare optimizers');
    await dashboard.reportRows('Each optimizer at its best learning rate');
  });

  it('suggests a learning rate', async () => {
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Learning-rate range test');
    const rows = await dashboard.reportRows('Suggestions');
    expect(rows.map(([name]) => name)).toEqual(['valley', 'minimum/10', 'steepest', 'slide']);
  });

  it('names the error of a user’s own optimizer from the code lens above it', async () => {
    await vs.workbench.openFile('ownOptimizer.ts', { line: 30 });
    await vs.page.locator('.codelens-decoration a', { hasText: 'Check against adam' }).last().click();
    const rows = await dashboard.reportRows('Likely causes');
    expect(rows[0]!.join(' ')).toContain('bias of m and v');
    expect(await readFile(path.join(vs.workspace, 'ownOptimizer.ts'), 'utf8')).toContain('almostAdam');
  });

  it('compares dialects and data orders', async () => {
    await vs.workbench.openFile('logisticRegression.ts', { line: 60, column: 5 });
    await vs.workbench.runCommand('Adamscope: Compare dialects (torch, optax, Keras, tfjs, paper)');
    const dialects = await dashboard.reportRows('Dialects of adamw');
    expect(dialects.map(([name]) => name)).toEqual(['torch', 'optax', 'keras', 'paper']);
    await vs.workbench.runCommand('Adamscope: Compare data orders');
    const seeds = await dashboard.reportRows('Seeds');
    expect(seeds).toHaveLength(5);
  });

  it('are there after a reload of the window, and so are the runs between them', async () => {
    const before = await dashboard.reportRows('Seeds');
    await vs.page.reload();
    await vs.workbench.ready();
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    // The newest run or report is shown, and the others are in its history.
    await dashboard.selectRun('beale', 'Compare optimizers');
    const rows = await dashboard.reportRows('Each optimizer at its best learning rate');
    expect(rows.slice(1).map(([name]) => name)).toHaveLength(optimizerNames.length);
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
    await dashboard.selectRun('rosenbrock', 'range test');
    expect((await dashboard.reportRows('Suggestions')).map(([name]) => name)).toContain('valley');
    await dashboard.selectRun('logisticLoss', 'data orders');
    expect(await dashboard.reportRows('Seeds')).toEqual(before);
    const best = rows[1]![0]!;
    await dashboard.selectRun('beale', best);
    await dashboard.reaches(/Finished/);
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
    await dashboard.selectRun('beale', 'Compare optimizers');
    await dashboard.pressInRow('Each optimizer at its best learning rate', best, /Run with this/);
    await dashboard.reaches(/Finished/);
  }, 180_000);
});
