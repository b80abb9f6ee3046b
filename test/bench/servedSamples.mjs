// The samples in a served VS Code, and what a bench looks for in their dashboard.
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../.ci/browser/launch.mjs';
import { root } from '../../.ci/paths.mjs';
import {
  linkExtension,
  quietSettings,
  shortTemporaryFolder,
  startServer,
  workbenchUrl,
  writeSettings,
} from '../../.ci/vscode/server.mjs';

/**
 * Opens a new window with the samples.
 *
 * @param extension  the folder of the extension
 * @param buttonText  the start of the text of what is clicked: by default, the code lens *Run Adam*
 * @returns its page, this button, the address of the window as it was left, the folder in which VS Code stores data,
 *   and a function that closes everything
 */
export async function openSamples(installation, extension = root, buttonText = 'Run Adam') {
  const folder = shortTemporaryFolder();
  let server;
  let browser;
  const close = async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const workspace = path.join(folder, 'workspace');
    cpSync(path.join(root, 'media/samples'), workspace, { recursive: true });
    const folders = { dataFolder: path.join(folder, 'server'), userDataFolder: path.join(folder, 'user') };
    writeSettings(folders.userDataFolder, { ...quietSettings, 'adamscope.verifyFixes': false });
    linkExtension(folders, extension);
    server = await startServer(installation, { ...folders, temporaryFolder: folder, trusted: true });
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, reducedMotion: 'reduce' });
    await page.goto(workbenchUrl(server, { folder: workspace, open: path.join(workspace, 'rosenbrock.ts') }));
    const button = page.locator('.codelens-decoration a, .statusbar-item a', { hasText: buttonText }).first();
    await button.waitFor({ timeout: 60_000 });
    // The window has been drawn, and a process is ready: as for a user who has looked at the file.
    await sleep(3000);
    // An address that names a file opens only this one.
    const address = workbenchUrl(server, { folder: workspace });
    return { page, button, address, userDataFolder: folders.userDataFolder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The frame of the dashboard, or of the empty page; undefined while there is none. */
export async function dashboardOf(page) {
  for (const frame of page.frames())
    if (
      frame.parentFrame() &&
      (await frame.evaluate(() => document.querySelector('#root') !== null).catch(() => false))
    )
      return frame;
  return undefined;
}

/** The id of the shown run; empty before the first one. */
export const shownRun = () => document.querySelector('.history vscode-dropdown')?.value ?? '';

/**
 * Waits in the page until the first chart of a run other than `before` is drawn with more than its axes, and looks once in each
 * of its frames, so that the measurement does not slow down what it measures. The drawing of the run before is erased when the
 * page names the new one, because it would count.
 *
 * @returns the time, in milliseconds since 1970
 */
export const firstChart = (before) =>
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

/** The frame of the dashboard, as soon as there is one. */
export async function dashboardSoon(page) {
  for (const until = performance.now() + 30_000; ; await sleep(20)) {
    const frame = await dashboardOf(page);
    if (frame) return frame;
    if (performance.now() > until) throw new Error('no dashboard after 30 s');
  }
}
