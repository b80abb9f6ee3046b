// Measures what a user waits for: the activation of the extension in fresh processes, without VS Code; and in a served VS Code, from a
// click on *Run Adam* to the first drawn chart, in a new window (cold) and with an open dashboard (warm).
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../.ci/browser/launch.mjs';
import { root } from '../../.ci/paths.mjs';
import { installServedVsCode } from '../../.ci/vscode/install.mjs';
import {
  linkExtension,
  quietSettings,
  shortTemporaryFolder,
  startServer,
  workbenchUrl,
  writeSettings,
} from '../../.ci/vscode/server.mjs';

const { median, report } = createRequire(import.meta.url)(path.join(root, 'dist/test/bench/report.js'));
const activations = 15;
const rounds = 3;
const warmClicks = 5;

function activation() {
  const script = path.join(root, 'test/bench/activateOnce.cjs');
  return JSON.parse(execFileSync(process.execPath, [script]).toString());
}

/** The frame of the dashboard; undefined while there is none. */
async function dashboardOf(page) {
  for (const frame of page.frames())
    if (
      await frame.evaluate(() => document.querySelector('.status[role="status"]') !== null).catch(() => false)
    )
      return frame;
  return undefined;
}

/** The id of the shown run; empty before the first one. */
const shownRun = () => document.querySelector('.history vscode-dropdown')?.value ?? '';

/**
 * Whether the first chart of a run other than `before` is drawn with more than its axes. The drawing of the run before is erased when
 * the page names the new one, because it would count.
 */
const hasChart = (before) => {
  const shown = document.querySelector('.history vscode-dropdown')?.value ?? '';
  const canvas = document.querySelector('canvas');
  if (shown === before || !canvas) return false;
  if (window.measuredRun !== shown) {
    window.measuredRun = shown;
    if (before !== '')
      for (const each of document.querySelectorAll('canvas'))
        each.getContext('2d').clearRect(0, 0, each.width, each.height);
  }
  if (canvas.width === 0) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++;
  return drawn > 200;
};

/** @returns the milliseconds from a click on the code lens to the first chart of its run */
async function click(page, lens) {
  let frame = await dashboardOf(page);
  const before = frame ? await frame.evaluate(shownRun) : '';
  const from = performance.now();
  await lens.click();
  for (; ; await sleep(5)) {
    frame ??= await dashboardOf(page);
    if (frame && (await frame.evaluate(hasChart, before).catch(() => false))) return performance.now() - from;
    if (performance.now() - from > 30_000) throw new Error('no chart after 30 s');
  }
}

async function clicks(installation) {
  const folder = shortTemporaryFolder();
  let server;
  let browser;
  try {
    const workspace = path.join(folder, 'workspace');
    cpSync(path.join(root, 'media/samples'), workspace, { recursive: true });
    const folders = { dataFolder: path.join(folder, 'server'), userDataFolder: path.join(folder, 'user') };
    writeSettings(folders.userDataFolder, { ...quietSettings, 'adamscope.verifyFixes': false });
    linkExtension(folders, root);
    server = await startServer(installation, { ...folders, temporaryFolder: folder, trusted: true });
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, reducedMotion: 'reduce' });
    await page.goto(workbenchUrl(server, { folder: workspace, open: path.join(workspace, 'rosenbrock.ts') }));
    const lens = page.locator('.codelens-decoration a', { hasText: 'Run Adam' }).first();
    await lens.waitFor({ timeout: 60_000 });
    // The window has been drawn, and a process is ready: as for a user who has looked at the file.
    await sleep(3000);
    const cold = await click(page, lens);
    const warm = [];
    for (let i = 0; i < warmClicks; i++) {
      await sleep(3000);
      warm.push(await click(page, lens));
    }
    return { cold, warm: median(warm) };
  } finally {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const starts = Array.from({ length: activations }, activation);
report('load and activation', median(starts.map(({ load, activate }) => load + activate)), 'ms', {
  atMost: 50,
});
report('loading the window after it', median(starts.map(({ window }) => window)), 'ms');
const installation = await installServedVsCode();
const measured = [];
for (let round = 0; round < rounds; round++) measured.push(await clicks(installation));
report('click to first chart, cold', median(measured.map(({ cold }) => cold)), 'ms', { atMost: 600 });
report('click to first chart, warm', median(measured.map(({ warm }) => warm)), 'ms', { atMost: 300 });
