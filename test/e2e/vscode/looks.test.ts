// How the dashboard looks in a real VS Code: its own themes, its content security policy, its width of half a window.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkout, openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

interface Sample {
  readonly file: string;
  readonly loss: string;
  readonly ends: RegExp;
  /** Its first four charts. */
  readonly charts: readonly string[];
}

const ofAdam = ['Loss', 'Gradient norm', 'Effective learning rate', 'Update / bound'];
const samples: readonly Sample[] = [
  { file: 'rosenbrock.ts', loss: 'rosenbrock', ends: /Finished, 3000 steps/, charts: ofAdam },
  {
    file: 'diverging.ts',
    loss: 'diverging',
    ends: /Finished, 500 steps/,
    charts: ['Loss', 'Gradient norm', 'Effective learning rate', 'Update'],
  },
  { file: 'logisticRegression.ts', loss: 'logisticLoss', ends: /Finished, 320 steps/, charts: ofAdam },
  { file: 'offTheDomain.ts', loss: 'offTheDomain', ends: /not finite/, charts: ofAdam },
];

const themes = ['light', 'dark', 'high-contrast'] as const;

describe('the looks of the dashboard', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  let axeSource: string;

  /** Runs a sample and waits until its charts are drawn. */
  async function show({ file, loss, ends, charts }: Sample): Promise<void> {
    const lines = (await readFile(path.join(vs.workspace, file), 'utf8')).split('\n');
    const line = lines.findIndex((text) => text.includes(`function ${loss}`)) + 1;
    await vs.workbench.openFile(file, { line });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows(loss);
    await dashboard.reaches(ends);
    for (const chart of charts) {
      await expect
        .poll(() => dashboard.drawnPixels(chart), { message: `${loss}: ${chart}`, timeout: 15_000 })
        .toBeGreaterThan(200);
    }
  }

  /** The frame of the dashboard itself: what runs in it is not held back by its content security policy. */
  async function ownFrame(): Promise<Frame> {
    const element = await dashboard.body.elementHandle();
    const frame = await element?.ownerFrame();
    if (!frame) throw new Error('the dashboard has no frame');
    return frame;
  }

  /** Widens or narrows the window until the dashboard is as wide as this. */
  async function setPanelWidth(width: number, height: number): Promise<void> {
    for (let i = 0; i < 6; i++) {
      const now = await (await ownFrame()).evaluate<number>('innerWidth');
      if (Math.abs(now - width) <= 2) return;
      const { width: window } = vs.page.viewportSize()!;
      await vs.page.setViewportSize({ width: Math.round(window + (width - now) * 1.9), height });
      await vs.page.waitForTimeout(250);
    }
    throw new Error(`the dashboard did not become ${width} px wide`);
  }

  beforeAll(async () => {
    axeSource = await readFile(path.join(checkout, 'node_modules/axe-core/axe.min.js'), 'utf8');
    vs = await openServedVsCode({ settings: { 'workbench.sideBar.location': 'left' } });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it.each(samples)('$file: nothing is cut, nothing is blank, axe finds nothing in any theme', async (sample) => {
    await show(sample);
    for (const theme of themes) {
      await vs.workbench.setTheme(theme);
      await vs.page.waitForTimeout(300);
      await vs.workbench.screenshot(`looks/${sample.loss}-${theme}`);
      const frame = await ownFrame();
      expect(await frame.evaluate(cutTexts), `${theme}: cut texts`).toEqual([]);
      expect(await frame.evaluate(blankCharts), `${theme}: blank charts`).toEqual([]);
      await frame.evaluate(axeSource);
      expect(await frame.evaluate(axeViolations), `${theme}: axe`).toEqual([]);
    }
  });
});

/** Labels, buttons and titles that do not fit and have no title that says them whole. */
const cutTexts = `[...document.querySelectorAll(
  'button, vscode-button, h1, h2, p, dt, dd, th, td, label, .chip, .status, .lossNow, .fixTitle, .key, .globals span')]
  .filter((e) => e.clientWidth > 0 && !e.matches('.unseen, .unseen *'))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
  .filter((e) => e.closest('[title]:not([title=""])') === null)
  .map((e) => e.tagName + '.' + e.className + ': ' + e.textContent)`;

/** Charts without a line: canvases of fewer than 200 pixels beside the most frequent colour. */
const blankCharts = `[...document.querySelectorAll('article.card')].filter((card) => {
  const canvas = card.querySelector('canvas');
  if (canvas === null || canvas.width === 0) return canvas !== null;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  return pixels.length - Math.max(...counts.values()) < 200;
}).map((card) => card.getAttribute('aria-label'))`;

const axeViolations = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
  id + ': ' + nodes.map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | ')))`;
