// Chooses the browser for the tests. playwright-core downloads none.
import { Problem } from '../problem.mjs';
import { debianBrowser } from './debian.mjs';
import { isExecutable } from './executable.mjs';
import { packagedBrowser } from './packaged.mjs';
import { systemBrowser } from './system.mjs';

function namedBrowser() {
  const executablePath = process.env.ADAMSCOPE_CHROMIUM;
  if (!executablePath) return undefined;
  if (!isExecutable(executablePath))
    throw new Problem(`ADAMSCOPE_CHROMIUM names ${executablePath}, which cannot be executed.`);
  return { executablePath, env: {} };
}

async function search() {
  const found =
    namedBrowser() ?? (await systemBrowser()) ?? (await debianBrowser()) ?? (await packagedBrowser());
  if (found !== undefined) return found;
  throw new Problem(
    'No Chromium was found and none could be installed: install Chromium or Chrome, or name it in ADAMSCOPE_CHROMIUM.',
  );
}

let provided;

/**
 * The browser that ADAMSCOPE_CHROMIUM names; else the system's; else one that is installed now.
 *
 * @returns {Promise<{ executablePath: string, env: Record<string, string> }>} env: the additional environment
 * variables
 * @throws Problem if there is none
 */
export function provideBrowser() {
  provided ??= search();
  return provided;
}
