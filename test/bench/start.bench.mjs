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
      frame.parentFrame() &&
      (await frame.evaluate(() => document.querySelector('#root') !== null).catch(() => false))
    )
      return frame;
  return undefined;
}

/** The id of the shown run; empty before the first one. */
const shownRun = () => document.querySelector('.history vscode-dropdown')?.value ?? '';

/**
 * Waits in the page until the first chart of a run other than `before` is drawn with more than its axes, and looks once in each
 * of its frames, so that the measurement does not slow down what it measures. The drawing of the run before is erased when the
 * page names the new one, because it would count.
 *
 * @returns the time, in milliseconds since 1970
 */
const firstChart = (before) =>
  new Promise((resolve) => {
    let isErased = before === '';
    const isDrawn = () => {
      const shown = document.querySelector('.history vscode-dropdown')?.value ?? '';
      if (shown === before) return false;
      if (!isErased)
        for (const each of document.querySelectorAll('canvas'))
          each.getContext('2d').clearRect(0, 0, each.width, each.height);
      isErased = true;
      const canvas = document.querySelector('.charts:not(.undrawn) canvas');
      if (!canvas || canvas.width === 0) return false;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let drawn = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++;
      return drawn > 200;
    };
    const look = () => {
      if (isDrawn()) resolve(performance.timeOrigin + performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });

/** Notes the time of the next press of the mouse. */
const noteClick = () =>
  window.addEventListener(
    'mousedown',
    () => {
      window.clickedAt = performance.timeOrigin + performance.now();
    },
    { capture: true, once: true },
  );

/** @returns the milliseconds from a click on the code lens to the first chart of its run */
async function click(page, lens) {
  await page.evaluate(noteClick);
  let frame = await dashboardOf(page);
  const shown = frame?.evaluate(firstChart, await frame.evaluate(shownRun));
  await lens.click();
  const until = performance.now() + 30_000;
  for (; !frame; await sleep(20)) {
    if (performance.now() > until) throw new Error('no dashboard after 30 s');
    frame = await dashboardOf(page);
  }
  const drawnAt = await (shown ?? frame.evaluate(firstChart, ''));
  return drawnAt - (await page.evaluate(() => window.clickedAt));
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
