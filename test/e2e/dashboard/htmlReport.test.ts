import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../.ci/browser/launch.mjs';
import { screenshotPath } from './harness';
import { axeViolations } from './inPage';

const cli = path.join(import.meta.dirname, '../../../dist/cli.js');
const losses = `/**
 * @loss
 * @start [1, 1]
 * @names x "a</script><b>"
 * @optimizer adam lr=0.1
 * @steps 120
 */
export function bowl([x, y]: number[]): number {
  return 0.5 * (100 * x ** 2 + y ** 2);
}
`;

let folder: string;
let browser: Browser;

function adamscope(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
  return [status, stderr];
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'adamscope-test-'));
  writeFileSync(path.join(folder, 'fit.ts'), losses);
  const run = (out: string, ...args: string[]) =>
    adamscope('run', 'fit.ts#bowl', '--no-verify', ...args, '--out', out);
  run('base.adamscope');
  run('steep.adamscope', '--optimizer', 'sgd', '--lr', '0.03');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Everything that went wrong, and every request beyond the page itself. */
  readonly troubles: string[];
}

async function open(name: string, colorScheme: 'light' | 'dark' = 'light', width = 1000): Promise<Opened> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    if (!/^(data:|file:.*\.html$)/.test(request.url())) troubles.push(request.url());
  });
  await page.goto(pathToFileURL(path.join(folder, name)).href);
  return { page, troubles };
}

describe('adamscope report', () => {
  test('writes a page about a run: verdict, configuration, findings and charts', async () => {
    expect(adamscope('report', 'steep.adamscope', '--out', 'one.html')).toEqual([0, '']);
    const { page, troubles } = await open('one.html');
    await expect.poll(() => page.locator('figure').count()).toBe(5);
    expect(await page.locator('figcaption').allTextContents()).toEqual([
      expect.stringMatching(/^Loss/),
      expect.stringMatching(/^Gradient norm/),
      expect.stringMatching(/^Learning rate/),
      expect.stringMatching(/^Effective learning rate/),
      expect.stringMatching(/^Parameter/),
    ]);
    expect(await page.locator('.verdict').textContent()).toMatch(/^Diverged: /);
    expect(await page.getByText('sgd lr=0.03').count()).toBe(1);
    const finding = await page.locator('li', { hasText: 'divergence' }).textContent();
    expect(finding).toMatch(/^error: The loss diverges/);
    expect(finding).toContain('Decrease lr or clip the gradient norm.');
    const paths = await page.locator('figure').last().locator('svg[role=img] path:not(.axis)').all();
    expect(paths).toHaveLength(2);
    for (const each of paths) expect((await each.getAttribute('d'))!.length).toBeGreaterThan(500);
    expect(troubles).toEqual([]);
  });

  test('shows the values at the step of the slider and of the pointer', async () => {
    adamscope('report', 'base.adamscope', '--out', 'base.html');
    const { page, troubles } = await open('base.html');
    const slider = page.getByRole('slider', { name: 'Step' });
    expect(await page.locator('output').textContent()).toBe('120 of 120');
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await page.locator('output').textContent()).toBe('1 of 120');
    const legend = (title: RegExp) =>
      page
        .locator('figure')
        .filter({ has: page.locator('figcaption', { hasText: title }) })
        .locator('li');
    expect(await legend(/^Loss/).allTextContents()).toEqual(['Loss: 50.5']);
    await page.keyboard.press('ArrowRight');
    expect(await legend(/^Loss/).allTextContents()).toEqual(['Loss: 40.905']);
    expect((await legend(/^Parameter/).allTextContents())[1]).toMatch(/^a<\/script><b>: 0\.8/);
    const box = (await page.locator('figure svg[role=img]').first().boundingBox())!;
    await page.mouse.move(box.x + box.width - 2, box.y + 60);
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    expect(await page.locator('output').textContent()).toMatch(/^[56]\d of 120$/);
    expect(troubles).toEqual([]);
  });

  test('compares several files', async () => {
    expect(adamscope('report', 'base.adamscope', 'steep.adamscope', '--out', 'two.html')).toEqual([0, '']);
    const { page, troubles } = await open('two.html');
    expect(await page.locator('figcaption').allTextContents()).toEqual([
      'Loss',
      'Gradient norm',
      'Learning rate (lr)',
      'Stability value',
    ]);
    expect(await page.locator('figure').first().locator('li').allTextContents()).toEqual([
      expect.stringMatching(/^base: /),
      expect.stringMatching(/^steep: /),
    ]);
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'Charts',
      'Results',
      'Where each run parts from base',
      'Options that differ',
      'Notes',
      'base',
      'steep',
    ]);
    expect(await page.getByRole('row', { name: /^optimizer\.name/ }).textContent()).toBe(
      'optimizer.nameadamsgd',
    );
    expect(troubles).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('is accessible and fits a narrow window (%s)', async (scheme) => {
    for (const [name, ...files] of [
      ['one.html', 'steep'],
      ['two.html', 'base', 'steep'],
    ]) {
      adamscope('report', ...files.map((file) => `${file}.adamscope`), '--out', name!);
      const { page } = await open(name!, scheme, 500);
      await page.locator('figure').first().waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(500);
      await page.screenshot({ path: screenshotPath(`htmlReport-${name}-${scheme}`), fullPage: true });
    }
  });

  test('refuses what is not a run, and a file that cannot be written, in one line', () => {
    expect(adamscope('report', 'fit.ts', '--out', 'x.html')).toEqual([
      2,
      'adamscope: fit.ts is not a run: it does not begin like a run\n',
    ]);
    expect(adamscope('report', 'base.adamscope', '--out', 'none/x.html')).toEqual([
      2,
      expect.stringMatching(/^adamscope: --out: none\/x\.html cannot be written: .*\n$/),
    ]);
    expect(adamscope('report', 'base.adamscope')[0]).toBe(2);
    expect(readFileSync(path.join(folder, 'fit.ts'), 'utf8')).toBe(losses);
  });
});
