// Finds and starts Chromium. playwright-core downloads none: the system's is used.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ELSEWHERE = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
};

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser's path, or undefined. ADAMSCOPE_CHROMIUM names one that is not found by itself. */
export function findChromium() {
  const named = process.env.ADAMSCOPE_CHROMIUM;
  if (named) return isExecutable(named) ? named : undefined;
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return [...onPath, ...(ELSEWHERE[process.platform] ?? [])].find(isExecutable);
}

export function requireChromium() {
  const file = findChromium();
  if (file === undefined) {
    throw new Problem(
      'Chromium was not found; install it (Debian: apt-get install chromium) or name it in ADAMSCOPE_CHROMIUM.',
    );
  }
  return file;
}

export async function launchChromium({ headless = true } = {}) {
  const executablePath = requireChromium();
  const { chromium } = await import('playwright-core');
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    headless,
    timeout: 60_000,
    args: [
      // Chromium refuses to sandbox for root.
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
