// Finds an installed Chromium or Chrome.
import { isExecutable, onPath, starts } from './executable.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ELSEWHERE = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
};

export async function systemBrowser() {
  for (const executablePath of [...onPath(NAMES), ...(ELSEWHERE[process.platform] ?? [])]) {
    if (isExecutable(executablePath) && (await starts(executablePath))) return { executablePath, env: {} };
  }
  return undefined;
}
