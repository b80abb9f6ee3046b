import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../../../.ci/browser/launch.mjs';
import { katexFonts } from '../../../katexFonts.js';
import { contentPolicy } from '../../../src/host/panel/contentPolicy';
import { watForEsbuild } from '../../../watPlugin.js';
import type { Fake } from './page/fakeHost';
import type { ScenarioName } from './page/scenarios';
import { recordingPlugin } from './recordingContent';
import { type ThemeName, themes } from './themes';

declare const fake: Fake;

const root = path.resolve(import.meta.dirname, '../../..');
const screenshots = path.join(root, 'test-results', 'dashboard');

export interface OpenOptions {
  readonly scenario: ScenarioName;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

/** A browser and a server that serves the dashboard with a fake host. */
interface Harness {
  open(options: OpenOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Opens pages of the dashboard for the tests of this file; each is closed after its test. */
export function dashboardPages(): (options: OpenOptions) => Promise<Page> {
  let harness: Harness | undefined;
  let pages: Page[] = [];
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
  });
  afterAll(() => harness?.close());
  return async (options) => {
    const page = await harness!.open(options);
    pages.push(page);
    return page;
  };
}

/** The same, for pages with a run: each is returned once it has drawn steps. */
export function runPages(): (options: OpenOptions) => Promise<Page> {
  const openPage = dashboardPages();
  return async (options) => {
    const page = await openPage(options);
    await page.waitForFunction(() => fake.calls.some(([call]) => call === 'ack'));
    return page;
  };
}

/** The path of the screenshot with this name. */
export function screenshotPath(name: string): string {
  return path.join(screenshots, `${name}.png`);
}

async function startHarness(): Promise<Harness> {
  const files = await bundles();
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const file = files.get(pathname);
    if (pathname === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-security-policy', policy);
      response.end(pageHtml((searchParams.get('theme') ?? 'dark') as ThemeName));
    } else if (file !== undefined) {
      response.setHeader(
        'content-type',
        pathname.endsWith('.css') ? 'text/css' : 'text/javascript; charset=utf-8',
      );
      response.end(file);
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await launchChromium();
  fs.mkdirSync(screenshots, { recursive: true });
  return {
    open: async ({ scenario, theme = 'dark', width = 900, height = 800 }) => {
      const context = await browser.newContext({ viewport: { width, height } });
      const page = await context.newPage();
      page.on('pageerror', (error) => {
        throw error;
      });
      await page.goto(`http://127.0.0.1:${port}/?scenario=${scenario}&theme=${theme}`);
      return page;
    },
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const nonce = 'fixedForTests';
const policy = contentPolicy(nonce, "'self'");

async function bundles(): Promise<Map<string, string | Uint8Array>> {
  const result = await build({
    entryPoints: {
      dashboard: path.join(root, 'webview/main.tsx'),
      typeset: path.join(root, 'webview/typeset/main.ts'),
      fakeHost: path.join(root, 'test/e2e/dashboard/page/fakeHost.ts'),
    },
    outdir: '/',
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome128',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    logLevel: 'silent',
    plugins: [watForEsbuild, recordingPlugin],
    ...katexFonts,
  });
  return new Map(
    result.outputFiles.map((file) => [
      `/${path.relative('/', file.path).replaceAll('\\', '/')}`,
      file.contents,
    ]),
  );
}

function pageHtml(theme: ThemeName): string {
  const { bodyClass, tokens } = themes[theme];
  const style = Object.entries(tokens)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(' ')
    .replaceAll('"', "'");
  return `<!DOCTYPE html>
<html lang="en" style="${style}">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>Adamscope</title>
<link rel="stylesheet" href="/dashboard.css">
</head>
<body class="${bodyClass}">
<div id="root"></div>
<script nonce="${nonce}" src="/fakeHost.js"></script>
<script nonce="${nonce}" src="/dashboard.js"></script>
</body>
</html>`;
}
