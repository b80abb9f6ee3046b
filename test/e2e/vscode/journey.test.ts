// The first use of the product: find a loss, run it, read the result, compare, edit, run again.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exactNumber } from '../../../webview/numberText';
import { checkout, openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const cli = path.join(checkout, 'dist/cli.js');
const chartsOfAdam = [
  'Loss',
  'Gradient norm',
  'Effective learning rate',
  'Update / bound',
  'Update',
  'First moment',
  'Second moment',
  'Learning rate',
];

interface CliStep {
  readonly t: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly params: readonly number[];
  readonly lr: number;
  readonly state: { readonly m: readonly number[]; readonly v: readonly number[] };
}

describe('a new user with the samples', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode();
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('runs the loss at the cursor from the palette, and the editor keeps the focus', async () => {
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 3000 steps/);
    await vs.workbench.statusBar(/rosenbrock: [a-z ]+, loss 2\.84e-7 after 3000 steps/);
    expect(await vs.workbench.editor.locator(':focus').count()).toBe(1);
  });

  it.each([...chartsOfAdam, 'Path over the loss'])('draws the chart %s', async (title) => {
    await dashboard.chart(title).scrollIntoViewIfNeeded();
    await expect.poll(() => dashboard.drawnPixels(title), { timeout: 15_000 }).toBeGreaterThan(200);
  });

  it('shows the same values in its tables as the command line writes', async () => {
    const out = path.join(vs.workspace, '..', 'steps.ndjson');
    const { stdout } = await promisify(execFile)(process.execPath, [
      cli,
      'run',
      `${path.join(vs.workspace, 'rosenbrock.ts')}#rosenbrock`,
      '--json',
      '--steps-out',
      out,
    ]);
    const report = JSON.parse(stdout);
    const steps: CliStep[] = (await readFile(out, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(steps).toHaveLength(report.steps);

    const wanted: Record<string, (step: CliStep, i: number) => number> = {
      Loss: (step) => step.loss,
      'Gradient norm': (step) => step.gradNorm,
      'Learning rate': (step) => step.lr,
      'First moment': (step, i) => step.state.m[i]! / (1 - 0.9 ** step.t),
      'Second moment': (step, i) => step.state.v[i]! / (1 - 0.999 ** step.t),
      'Effective learning rate': (step, i) =>
        step.lr / (Math.sqrt(step.state.v[i]! / (1 - 0.999 ** step.t)) + 1e-8),
      Update: (step, i) =>
        Math.abs(step.params[i]! - (steps[step.t - 2]?.params[i] ?? report.config.start[i])),
    };
    for (const [title, wantedAt] of Object.entries(wanted)) {
      const { rows } = await dashboard.table(title);
      expect(rows.length, title).toBeGreaterThan(100);
      expect(Number(rows.at(-1)![0]!.replace(/\D/g, '')), title).toBe(3000);
      for (const [stepText, ...values] of rows) {
        const step = steps[Number(stepText!.replace(/\D/g, '')) - 1]!;
        expect(values.length, title).toBe(['Loss', 'Gradient norm', 'Learning rate'].includes(title) ? 1 : 2);
        expect(values, `${title} at ${step.t}`).toEqual(values.map((_, i) => exactNumber(wantedAt(step, i))));
      }
    }
    await vs.workbench.statusBar(new RegExp(`loss ${report.final.loss.toExponential(2).replace('+', '')}`));
  });

  it('runs the text in the editor, saved or not', async () => {
    await vs.workbench.openFile('toy.ts');
    const text = await readFile(path.join(vs.workspace, 'toy.ts'), 'utf8');
    await vs.workbench.replaceText(text.replace('(theta - 3) ** 2', '(theta - 3) ** 2 + 1000'));
    await vs.workbench.openFile('toy.ts', { line: 13 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/toy: [a-z ]+, loss 1000 after 20 steps/);
    expect(await readFile(path.join(vs.workspace, 'toy.ts'), 'utf8')).toBe(text);
  });

  it('shows the panel again after it was closed, with the same run', async () => {
    await vs.page.locator('.tab', { hasText: 'Adamscope' }).getByRole('button', { name: /Close/ }).click();
    await vs.page.locator('iframe.webview.ready').waitFor({ state: 'detached' });
    await vs.workbench.runCommand('Adamscope: Show dashboard');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 20 steps/);
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
  });

  it('has a CodeLens above the loss that runs it, and one with the outcome', async () => {
    await vs.workbench.openFile('himmelblau.ts');
    await vs.page.locator('.codelens-decoration a', { hasText: 'Configure…' }).first().waitFor();
    await vs.page.locator('.codelens-decoration a', { hasText: 'Run Adam' }).first().click();
    await vs.workbench.statusBar(/himmelblau: loss/);
    await vs.page
      .locator('.codelens-decoration a', { hasText: /adam, exact gradient: [a-z ]+, loss .* after/ })
      .first()
      .waitFor();
  });

  it('opens the glossary at a term of the dashboard', async () => {
    await dashboard.press('Gradient norm');
    const page = await vs.workbench.renderedPage('glossary');
    const heading = page.getByRole('heading', { name: 'Gradient norm', exact: true });
    await expect
      .poll(() =>
        heading.evaluate(
          (element) =>
            (element as unknown as { getBoundingClientRect(): { top: number } }).getBoundingClientRect().top,
        ),
      )
      .toBeLessThan(400);
    await vs.workbench.closeEditor('glossary.md');
  });

  describe('the explanation of a finding on a page with a chart opens', () => {
    /** The natural width of the chart on the page; 0 while it is not loaded. */
    const chartWidth = (page: Frame) =>
      page.locator('img').evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth);

    it('from its code in the problems', async () => {
      await vs.workbench.openFile('diverging.ts', { line: 13 });
      await vs.workbench.runCommand('Adamscope: Run Adam on loss');
      await vs.workbench.followCode('divergence');
      const page = await vs.workbench.renderedPage('divergence');
      await expect.poll(() => chartWidth(page)).toBeGreaterThan(0);
      await vs.workbench.closeEditor('divergence.md');
    });

    it('from “Why?” in the dashboard', async () => {
      await vs.workbench.runCommand('Adamscope: Show dashboard');
      dashboard = new DashboardPage(await vs.workbench.dashboard());
      await dashboard.press('Why?');
      const page = await vs.workbench.renderedPage('divergence');
      await expect.poll(() => chartWidth(page)).toBeGreaterThan(0);
    });
  });
});
