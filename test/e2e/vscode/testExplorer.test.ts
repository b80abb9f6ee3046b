// Losses with @expect in the Test Explorer: found, run, explained, and run again at each save.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const bowl = `/**
 * @loss
 * @start [3]
 * @optimizer sgd lr=0.1
 * @steps 100
 * @expect loss<1e-8 within 60
 */
export const bowl = ([x]: number[]) => x * x;
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

describe('the Test Explorer', () => {
  let vs: ServedVsCode;

  beforeAll(async () => {
    vs = await openServedVsCode({
      workspace: null,
      files: { 'src/bowl.ts': bowl, 'src/steep.ts': steep },
      viewport: { width: 1500, height: 940 },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('shows every loss with @expect of the workspace', async () => {
    await vs.workbench.openFile('src/steep.ts');
    await vs.workbench.runCommand('Testing: Focus on Test Explorer View');
    for (const file of ['src/bowl.ts', 'src/steep.ts'])
      await vs.workbench.test(file, 'Not yet run').locator('.monaco-tl-twistie').click();
    for (const name of ['bowl', 'steep', 'thrower']) await vs.workbench.test(name, 'Not yet run').waitFor();
  });

  it('runs them', async () => {
    await vs.workbench.runCommand('Test: Run All Tests');
    await vs.workbench.test('bowl', 'Passed').waitFor();
    await vs.workbench.test('steep', 'Failed').waitFor();
    await vs.workbench.test('thrower', 'Errored').waitFor();
    await vs.workbench.screenshot('test-explorer');
  });

  it('explains a failure', async () => {
    const difference = await vs.workbench.showTestMessage('expected loss < 0.5: reached 50.5 at step 0');
    await vs.workbench.screenshot('test-explorer-difference');
    console.log(await difference.innerText());
    const explanation = await vs.workbench.showTestMessage(/^error: The loss diverges/);
    await vs.workbench.screenshot('test-explorer-finding');
    console.log(await explanation.innerText(), await explanation.innerHTML());
  });
});
