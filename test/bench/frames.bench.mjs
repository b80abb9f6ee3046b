// Measures the frames of the dashboard during a run of 200,000 steps in a real VS Code: the time between two
// animation frames of its page, and the time for painting. It is plain JavaScript so that it can import the
// set-up scripts directly.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launchChromium } from '../../.ci/browser/launch.mjs';
import { installServedVsCode } from '../../.ci/vscode/install.mjs';
import {
  linkExtension,
  quietSettings,
  shortTemporaryFolder,
  startServer,
  workbenchUrl,
  writeSettings,
} from '../../.ci/vscode/server.mjs';

const steps = 200_000;
// Each evaluation takes 30 µs, so that the run lasts some seconds and the panel draws it while it grows.
const loss = `/**
 * @loss
 * @start [-1.2, 1, -1.2, 1]
 * @gradient slope
 * @optimizer adam lr=0.01
 * @steps ${steps}
 */
export function long([a, b, c, d]: number[]): number {
  const until = performance.now() + 0.03;
  while (performance.now() < until);
  return 100 * (b - a * a) ** 2 + (1 - a) ** 2 + 100 * (d - c * c) ** 2 + (1 - c) ** 2;
}
export const slope = ([a, b, c, d]: number[]) => [
  -400 * a * (b - a * a) - 2 * (1 - a),
  200 * (b - a * a),
  -400 * c * (d - c * c) - 2 * (1 - c),
  200 * (d - c * c),
];
`;

function report(name, values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  console.log(
    JSON.stringify({ name, value: Number(value.toPrecision(3)), unit: 'ms', goal: 100, met: value <= 100 }),
  );
}

const installation = await installServedVsCode();
const folder = shortTemporaryFolder();
let server;
let browser;
try {
  const workspace = path.join(folder, 'workspace');
  await mkdir(workspace);
  await writeFile(path.join(workspace, 'long.ts'), loss);
  const folders = { dataFolder: path.join(folder, 'server'), userDataFolder: path.join(folder, 'user') };
  writeSettings(folders.userDataFolder, quietSettings);
  linkExtension(folders, path.resolve(import.meta.dirname, '../..'));
  server = await startServer(installation, {
    ...folders,
    temporaryFolder: folder,
    trusted: true,
    development: false,
  });
  browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(workbenchUrl(server, { folder: workspace, open: path.join(workspace, 'long.ts') }));
  await page.locator('.codelens-decoration a', { hasText: 'Run Adam' }).first().click({ timeout: 60_000 });
  const dashboard = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  const status = dashboard.locator('.status[role="status"]');
  await status.filter({ hasText: 'Running' }).waitFor({ timeout: 60_000 });
  const measured = await status.evaluate(
    (element) =>
      new Promise((resolve) => {
        const frames = [];
        let last = performance.now();
        const next = (now) => {
          frames.push(now - last);
          last = now;
          if (element.textContent.includes('Running')) requestAnimationFrame(next);
          else
            resolve({
              frames,
              paints: performance.getEntriesByName('adamscope:paint').map(({ duration }) => duration),
            });
        };
        requestAnimationFrame(next);
      }),
  );
  if (!(await status.textContent()).includes(`${'200'}`) || measured.frames.length < 50)
    throw new Error(`only ${measured.frames.length} frames were seen: ${await status.textContent()}`);
  report('dashboard, 200,000 steps: from frame to frame (99 %)', measured.frames, 0.99);
  report('dashboard, 200,000 steps: painting a frame (99 %)', measured.paints, 0.99);
} finally {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
