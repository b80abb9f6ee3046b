// What a user sees when a run fails: the place, the message, the fixes, and that the editor still responds.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const files = {
  'endless.ts': `/**
 * @loss
 * @start [1, 2]
 */
export function endless([x, y]: number[]): number {
  while (x > 0) {}
  return x + y;
}
`,
  'thrower.ts': `import { half } from './helper';

/**
 * @loss
 * @start [1, 2]
 */
export function thrower([x, y]: number[]): number {
  return half(x) + y;
}
`,
  'helper.ts': `export function half(x: number): number {
  if (x < 0.99) throw new Error('too small');
  return x / 2;
}
`,
  'typo.ts': `/**
 * @loss
 * @start [1, 2, 3]
 * @optimizer adamx lr=0.1
 */
export function typo([x, y]: number[]): number {
  return x * y;
}
`,
};

describe('a run that fails', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode({ files });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('diverges: the finding marks the learning rate, and is in the dashboard and in the problems', async () => {
    await vs.workbench.openFile('diverging.ts', { line: 13 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 500 steps/);
    await dashboard.findings
      .getByText(/divergence/)
      .first()
      .waitFor();
    const [problem] = await vs.workbench.problems();
    expect(problem).toMatchObject({
      file: 'diverging.ts',
      severity: 'error',
      source: 'adamscope',
      code: 'divergence',
      line: 9,
      column: 19,
    });
    await vs.page.locator('.squiggly-error').first().waitFor();
  });

  it('has readable axes over 300 powers of ten', async () => {
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
  });

  it('has a quick fix that writes the learning rate, and then the next run converges', async () => {
    await vs.workbench.openFile('diverging.ts', { line: 9, column: 20 });
    await dashboard.findings
      .getByText(/^diverges at step \d+$/)
      .first()
      .waitFor();
    await dashboard.findings
      .getByText(/^reaches \S+ at step 500$/)
      .first()
      .waitFor();
    await vs.workbench.runCommand('Quick Fix...');
    const menu = vs.page.locator('.action-widget');
    await menu
      .getByText(/^Adamscope: Run again with lr 0\.\d+:/)
      .first()
      .waitFor();
    await menu
      .getByText(/^Adamscope: Write lr 0\.\d+ to the annotation:/)
      .first()
      .click();
    await expect.poll(() => vs.workbench.text()).toMatch(/@optimizer sgd lr=0\.0[01]\d*/);
    await vs.page.locator('.squiggly-error').waitFor({ state: 'detached' });
    await vs.workbench.openFile('diverging.ts', { line: 13 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/diverging: [a-z ]+, loss \d.*e-\d+ after 500 steps/);
    expect(await vs.page.locator('.squiggly-error').count()).toBe(0);
    expect(await readFile(path.join(vs.workspace, 'diverging.ts'), 'utf8')).toContain('lr=0.03');
  });

  it('does not return: Stop ends it within two seconds, while the host still responds', async () => {
    await vs.workbench.openFile('endless.ts', { line: 6 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/endless: step 0 of 1000/);
    // The extension host responds: it provides the hover of a tag.
    await vs.page.getByText('@start').first().hover();
    await vs.page.locator('.monaco-hover').getByText(/start/i).first().waitFor({ timeout: 5_000 });
    await vs.page.keyboard.press('Escape');
    // What it takes here to press a button and read the status bar belongs to the machine, not to the product.
    const before = Date.now();
    await dashboard.press('Pause');
    await vs.workbench.statusBar(/endless/);
    const asked = Date.now();
    await dashboard.press('Stop');
    await vs.workbench.statusBar(/endless: stopped by you at step 0/);
    expect(Date.now() - asked).toBeLessThan(2_000 + (asked - before));
  });

  it('throws in an imported file: the message is at that place', async () => {
    await vs.workbench.openFile('thrower.ts', { line: 8 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/thrower failed at step \d+: Error: too small/);
    const problems = await vs.workbench.problems();
    expect(problems).toContainEqual(
      expect.objectContaining({ file: 'helper.ts', severity: 'error', line: 2, code: 'loss-threw' }),
    );
  });

  it('is not started with an invalid annotation: each error is marked at its place, with the correct name', async () => {
    await vs.workbench.openFile('typo.ts', { line: 4, column: 17 });
    const problems = (await vs.workbench.problems(2)).filter(({ file }) => file === 'typo.ts');
    expect(problems).toEqual([
      expect.objectContaining({ line: 3, column: 11, message: expect.stringMatching(/3 numbers.*takes 2/) }),
      expect.objectContaining({ line: 4, column: 15, message: expect.stringMatching(/did you mean adam/) }),
    ]);
    await vs.workbench.openFile('typo.ts', { line: 7 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.notification(/did you mean adam\?.*\(and 1 more\)/);
    await vs.workbench.openFile('typo.ts', { line: 4, column: 17 });
    await vs.workbench.runCommand('Quick Fix...');
    await vs.page.locator('.action-widget').getByText('Adamscope: change to adam', { exact: true }).click();
    await expect.poll(() => vs.workbench.text()).toContain('@optimizer adam lr=0.1');
  });

  it('continues and is kept when its file changes on disk; a deleted file is reported', async () => {
    await vs.workbench.openFile('toy.ts', { line: 13 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/toy: [a-z ]+, loss 1\.25 after 20 steps/);
    const file = path.join(vs.workspace, 'toy.ts');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('export function toy', 'export function other'),
    );
    await expect.poll(() => vs.workbench.text(), { timeout: 10_000 }).toContain('function other');
    await dashboard.press('Run again');
    await vs.workbench.notification(/toy is not in toy\.ts any more/);
    await dashboard.reaches(/Finished, 20 steps/);
  });
});
