import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { ViewRequest } from '../../../src/protocol/panel';
import type { Fake } from './page/fakeHost';

/** Functions with which tests read the page and its fake host. */

/** The globals of the page that the functions in the page use. */
declare const fake: Fake;

/** The properties of an element that the functions in the page use. */
export interface PageElement {
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  readonly textContent: string;
  scrollIntoView(options: { readonly block: 'center' }): void;
}

interface PageCanvas extends PageElement {
  readonly width: number;
  readonly height: number;
  toDataURL(): string;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
  };
}

export function chart(page: Page, quantity: string) {
  return page.locator(`[data-chart="${quantity}"]`);
}

export async function callsOf(page: Page, name: string): Promise<unknown[][]> {
  const calls = await page.evaluate(() => fake.calls);
  return calls.filter(([call]) => call === name).map(([, ...args]) => args);
}

export async function lastView(page: Page): Promise<ViewRequest> {
  const views = await callsOf(page, 'setView');
  return views.at(-1)![0] as ViewRequest;
}

/** The canvas of a chart, once it is drawn: a chart is drawn when it is nearly visible. */
export async function drawnCanvas(page: Page, quantity: string): Promise<Locator> {
  const card = chart(page, quantity);
  await card.scrollIntoViewIfNeeded();
  // chart.js sets the style of a canvas; a contour draws on its own.
  await card.locator('.plot:not(.contourPlot) > canvas:not([style]) + *').waitFor({ state: 'detached' });
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
  return card.locator('canvas');
}

/** The number of pixels of a chart's canvas with a colour close to this one. */
export async function pixelsLike(
  page: Page,
  quantity: string,
  wanted: readonly [number, number, number],
): Promise<number> {
  const canvas = await drawnCanvas(page, quantity);
  return canvas.evaluate((element, [red, green, blue]) => {
    const canvas = element as unknown as PageCanvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const near =
        Math.abs(data[i]! - red) < 24 &&
        Math.abs(data[i + 1]! - green) < 24 &&
        Math.abs(data[i + 2]! - blue) < 24;
      if (near && data[i + 3]! > 120) count++;
    }
    return count;
  }, wanted);
}

/** The current picture of a chart's canvas, as a data URL. Two are equal if and only if all pixels are. */
export async function picture(page: Page, quantity: string): Promise<string> {
  const canvas = await drawnCanvas(page, quantity);
  return canvas.evaluate((element) => (element as unknown as PageCanvas).toDataURL());
}

/** The texts on canvases, recorded while everything is drawn again. */
export function drawnTexts(page: Page): Promise<string[]> {
  return page.evaluate(
    `(() => {
      const texts = [];
      const original = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        texts.push(String(text));
        return original.call(this, text, ...rest);
      };
      const { style } = document.documentElement;
      const dimmed = style.getPropertyValue('--vscode-foreground') === '#dddddd';
      style.setProperty('--vscode-foreground', dimmed ? '#cccccc' : '#dddddd');
      return new Promise((resolve) => setTimeout(() => {
        CanvasRenderingContext2D.prototype.fillText = original;
        resolve(texts);
      }, 300));
    })()`,
  ) as Promise<string[]>;
}

/** Truncated labels and buttons whose title does not contain the full text. */
export function cutTexts(page: Page): Promise<string[]> {
  return page
    .locator(
      'button, vscode-button, .buttonFace, h1, h2, p:not(.unseen), .chip, .status, .lossNow, label, th, td',
    )
    .evaluateAll((elements) =>
      (elements as unknown as (PageElement & { closest(s: string): unknown })[])
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .filter((element) => element.closest('[title]') === null)
        .map((element) => element.textContent),
    );
}

export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > window.innerWidth') as Promise<boolean>;
}

const axeSource = fs.readFileSync(
  path.resolve(import.meta.dirname, '../../../node_modules/axe-core/axe.min.js'),
  'utf8',
);

/** The violations that axe finds in the current page. */
export async function axeViolations(page: Page): Promise<unknown> {
  await page.evaluate(axeSource);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary).join(' | ')))`,
  );
}
