import { provideBrowser } from './provide.mjs';

/**
 * Starts Chromium without a window; the caller closes it. playwright-core disables Chromium's sandbox, which
 * root and many containers require. This is safe because the tests open only their own pages.
 */
export async function launchChromium() {
  const { executablePath, env } = await provideBrowser();
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    headless: true,
    timeout: 60_000,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
