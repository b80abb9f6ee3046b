// The dashboard in a real VS Code, with its themes, its content security policy, and the width of half a
// window.
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
  /** The picture of the path, which stands first. */
  readonly picture?: string;
  readonly ends: RegExp;
}

/** The first four charts, and those that stand beside a picture of the path, which is as high as two of them. */
const charts = ['Loss', 'Gradient norm', 'Stability', 'Effective learning rate'];
const besidePicture = ['Loss', 'Gradient norm'];
const samples: readonly Sample[] = [
  { file: 'rosenbrock.ts', loss: 'rosenbrock', picture: 'Path over the loss', ends: /Finished, 3000 steps/ },
  { file: 'diverging.ts', loss: 'diverging', picture: 'Path over the loss', ends: /Finished, 500 steps/ },
  {
    file: 'logisticRegression.ts',
    loss: 'logisticLoss',
    picture: 'Path in a plane',
    ends: /Finished, 320 steps/,
  },
  { file: 'offTheDomain.ts', loss: 'offTheDomain', ends: /not finite/ },
];

const themes = ['light', 'dark', 'high-contrast'] as const;

describe('the appearance of the dashboard', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  let axeSource: string;

  /** Runs a sample and waits until its charts are drawn. */
  async function show({ file, loss, ends }: Sample): Promise<void> {
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

  /**
   * The frame of the dashboard itself, in which scripts are not restricted by its content security policy.
   */
  async function ownFrame(): Promise<Frame> {
    const element = await dashboard.body.elementHandle();
    const frame = await element?.ownerFrame();
    if (!frame) throw new Error('the dashboard has no frame');
    return frame;
  }

  /** Changes the width of the window until the dashboard has this width. */
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
    vs = await openServedVsCode();
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('draws every sample', async () => {
    for (const sample of samples) await show(sample);
  });

  it.each(themes)('%s: nothing is truncated or blank, and axe finds no violation', async (theme) => {
    await vs.workbench.setTheme(theme);
    for (const { loss } of samples) {
      await dashboard.selectRun(loss);
      await dashboard.shows(loss);
      const frame = await ownFrame();
      await expect
        .poll(() => frame.evaluate(blankCharts), { message: `${loss}: blank charts`, timeout: 10_000 })
        .toEqual([]);
      await vs.workbench.screenshot(`looks/${loss}-${theme}`);
      await vs.page
        .locator('iframe.webview.ready')
        .screenshot({ path: path.join(checkout, `test-results/looks/${loss}-${theme}-dashboard.png`) });
      expect(await frame.evaluate(innerOverflow), `${loss}: scrolls sideways`).toBe(0);
      expect(await frame.evaluate(cutTexts), `${loss}: cut texts`).toEqual([]);
      await frame.evaluate(axeSource);
      expect(await frame.evaluate(axeViolations), `${loss}: axe`).toEqual([]);
    }
  });

  it('at 600 px the main charts of every sample are on one screen, and nothing covers them', async () => {
    await setPanelWidth(600, 900);
    for (const sample of samples) {
      await dashboard.selectRun(sample.loss);
      await dashboard.shows(sample.loss);
      const frame = await ownFrame();
      await expect
        .poll(
          () => frame.evaluate(coveredCharts(sample.picture ? [sample.picture, ...besidePicture] : charts)),
          {
            message: sample.loss,
            timeout: 5_000,
          },
        )
        .toEqual([]);
      expect(await frame.evaluate(cutTexts), `${sample.loss}: cut texts`).toEqual([]);
      expect(await frame.evaluate(controlRows), `${sample.loss}: rows of controls`).toBe(1);
      await vs.workbench.screenshot(`looks/${sample.loss}-600`);
    }
  });

  it.each([480, 522])('at %i px all controls are in one row, and nothing is truncated', async (width) => {
    await setPanelWidth(width, 900);
    const frame = await ownFrame();
    expect(await frame.evaluate(controlRows)).toBe(1);
    expect(await frame.evaluate(cutTexts)).toEqual([]);
    expect(await frame.evaluate(innerOverflow)).toBe(0);
  });

  it.each(['dark', 'high-contrast'] as const)(
    'Tab reaches every control, with a visible focus: %s',
    async (theme) => {
      await vs.workbench.setTheme(theme);
      const frame = await ownFrame();
      const wanted = await frame.evaluate<string[]>(controlNames);
      expect(wanted.length).toBeGreaterThan(20);
      // Forward and back, because only a focus that was moved by a key is drawn.
      await frame.evaluate(`document.querySelector('.headline button').focus()`);
      await vs.page.keyboard.press('Tab');
      await vs.page.keyboard.press('Shift+Tab');
      const reached = new Map<string, boolean>([await frame.evaluate<[string, boolean]>(focusNow)]);
      // After the last control, Tab leaves the frame.
      for (let i = 0; i < wanted.length + 12; i++) {
        await vs.page.keyboard.press('Tab');
        const [name, ring] = await frame.evaluate<[string, boolean]>(focusNow);
        if (name !== '') reached.set(name, ring);
      }
      expect(
        wanted.filter((name) => !reached.has(name)),
        'not reached',
      ).toEqual([]);
      expect(
        [...reached].filter(([, ring]) => !ring).map(([name]) => name),
        'without a ring',
      ).toEqual([]);
    },
  );
});

/** The number of pixels by which the page is wider than its frame. */
const innerOverflow = 'document.documentElement.scrollWidth - innerWidth';

/** The charts with these titles that extend beyond the window or are covered by another element. */
const coveredCharts = (titles: readonly string[]): string => `(() => {
  scrollTo(0, 0);
  return ${JSON.stringify(titles)}.flatMap((title) => {
    const card = document.querySelector('article[aria-label="' + title + '"]');
    const box = card.getBoundingClientRect();
    if (box.bottom > innerHeight || box.right > innerWidth || box.left < 0) return [title + ' reaches out'];
    for (let x = box.left + 4; x < box.right; x += 20) {
      for (let y = box.top + 4; y < box.bottom - 2; y += 12) {
        const top = document.elementFromPoint(x, y);
        if (!card.contains(top)) return [title + ' is covered by ' + top?.className];
      }
    }
    return [];
  });
})()`;

/** The number of rows of the controls of the run. */
const controlRows = `(() => {
  const middles = [...document.querySelectorAll('.controlRow > *')].map((e) => {
    const { top, bottom } = e.getBoundingClientRect();
    return (top + bottom) / 2;
  });
  return 1 + Math.floor((Math.max(...middles) - Math.min(...middles)) / 10);
})()`;

const nameOf = `const nameOf = (e) => e.getAttribute('aria-label') ?? e.textContent.trim();`;

/** The names of all elements that can currently be operated. */
const controlNames = `(() => {
  ${nameOf}
  return [...document.querySelectorAll('button, vscode-button, vscode-dropdown, vscode-text-field, input, [tabindex="0"]')]
    .filter((e) => !e.disabled && e.tabIndex >= -1 && e.checkVisibility())
    .map(nameOf)
    .filter((name) => name !== '');
})()`;

/**
 * The name of the element with the focus, and whether an outline or a border of the focus colour shows it.
 */
const focusNow = `(() => {
  ${nameOf}
  let e = document.activeElement;
  if (e === null || e === document.body) return ['', true];
  const name = nameOf(e);
  const focus = getComputedStyle(document.body).getPropertyValue('--vscode-focusBorder');
  const probe = document.createElement('i');
  probe.style.color = focus;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  for (;;) {
    for (const part of [e, ...(e.shadowRoot?.querySelectorAll('*') ?? [])]) {
      const style = getComputedStyle(part);
      if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) return [name, true];
      if (style.borderTopColor === colour && parseFloat(style.borderTopWidth) >= 1) return [name, true];
    }
    if (!e.shadowRoot?.activeElement) return [name, false];
    e = e.shadowRoot.activeElement;
  }
})()`;

/**
 * Labels, buttons and titles that do not fit, unless they have an ellipsis and a title with the full text.
 */
const cutTexts = `[...document.querySelectorAll(
  'button, vscode-button, .buttonFace, h1, h2, p, dt, dd, th, td, label, .chip, .status, .lossNow, .fixTitle, .globals')]
  .filter((e) => e.clientWidth > 0 && !e.matches('.unseen, .unseen *'))
  .filter((e) => {
    const style = getComputedStyle(e);
    if (style.display === 'inline') return false;
    const byLines = style.webkitLineClamp !== 'none' && e.scrollHeight > e.clientHeight + 1;
    if (!byLines && e.scrollWidth <= e.clientWidth + 1) return false;
    const told = e.closest('[title]:not([title=""])') !== null;
    return !(told && (byLines || style.textOverflow === 'ellipsis'));
  })
  .map((e) => e.tagName + '.' + e.className + ': ' + e.textContent)`;

/**
 * Charts without a line: canvases with fewer than 200 pixels that do not have the most frequent colour. The
 * page scrolls to each chart, which is then drawn within two frames, and finally back to the top.
 */
const blankCharts = `(async () => {
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const cards = [...document.querySelectorAll('article.card')];
for (const card of cards) {
  card.scrollIntoView({ block: 'center' });
  for (let i = 0; i < 3; i++) await frame();
}
cards[0]?.scrollIntoView({ block: 'end' });
await frame();
return cards.filter((card) => {
  const canvas = card.querySelector('canvas');
  if (canvas === null || canvas.width === 0) return canvas !== null;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  return pixels.length - Math.max(...counts.values()) < 200;
}).map((card) => card.getAttribute('aria-label'));
})()`;

const axeViolations = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
  id + ': ' + nodes.map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | ')))`;
