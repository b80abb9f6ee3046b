// Runs a mocha suite in the extension host of a served VS Code and reads what it wrote.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../browser/launch.mjs';
import { installServedVsCode } from './install.mjs';
import { quietSettings, shortTemporaryFolder, startServer, workbenchUrl, writeSettings } from './server.mjs';

/**
 * @param options.development  the extension's folder
 * @param options.tests        the suite's index.js
 * @param options.samples      a folder whose copy is the workspace; may be absent
 * @param options.limitMs      the whole suite, start included
 * @returns {Promise<{ results: object | undefined, output: string, problem: string | undefined }>}
 *   results: what test/extension/index.ts wrote; problem: why there are none, one sentence
 */
export async function runSuite({ development, tests, samples, limitMs }) {
  const installation = await installServedVsCode();
  const folder = shortTemporaryFolder();
  const workspace = path.join(folder, 'workspace');
  const resultsFile = path.join(folder, 'results.json');
  let server;
  let browser;
  let output = '';
  try {
    mkdirSync(workspace);
    if (samples !== undefined && existsSync(samples)) cpSync(samples, workspace, { recursive: true });
    const userDataFolder = path.join(folder, 'user');
    writeSettings(userDataFolder, quietSettings);
    server = await startServer(installation, {
      dataFolder: path.join(folder, 'server'),
      userDataFolder,
      temporaryFolder: folder,
      development: true,
      env: { ADAMSCOPE_TEST_RESULTS: resultsFile },
    });
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

    let finish;
    const finished = new Promise((resolve) => {
      finish = resolve;
    });
    await page.exposeFunction('codeAutomationExit', (code) => finish(Number(code)));
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      output += `${args.map(String).join(' ')}\n`;
    });
    page.on('pageerror', (error) => {
      output += `${error.stack ?? error.message}\n`;
    });
    page.on('crash', () => finish('crash'));
    const timer = setTimeout(() => finish('limit'), limitMs);
    await page.goto(workbenchUrl(server, { folder: workspace, development, tests }));
    const end = await Promise.race([finished, server.exited.then(() => 'server')]);
    clearTimeout(timer);

    const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : undefined;
    const problem = {
      crash: 'the page of VS Code crashed',
      limit: `the suite did not end within ${Math.round(limitMs / 1000)} s`,
      server: 'the VS Code server ended before the suite did',
    }[end];
    if (problem !== undefined) return { results: undefined, output: `${output}${server.log()}`, problem };
    if (results === undefined) {
      return { results, output: `${output}${server.log()}`, problem: 'the suite ended without results' };
    }
    return { results, output, problem: undefined };
  } finally {
    await browser?.close().catch(() => {});
    await server?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
