// npm run test:desktop: runs the suite of test/extension in the desktop VS Code, which is downloaded on first
// use. ADAMSCOPE_VSCODE_VERSION chooses a version (default: stable). Without a display: xvfb-run -a npm run
// test:desktop
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { main } from './problem.mjs';
import { noResults, tallySuite } from './tally.mjs';
import { quietSettings, writeSettings } from './vscode/server.mjs';

await main(async () => {
  await prepare();
  const { runTests } = await import('@vscode/test-electron');
  const folder = mkdtempSync(path.join(tmpdir(), 'adamscope-'));
  const resultsFile = path.join(folder, 'results.json');
  try {
    const workspace = path.join(folder, 'workspace');
    cpSync(path.join(root, 'media', 'samples'), workspace, { recursive: true });
    const userDataFolder = path.join(folder, 'user');
    writeSettings(userDataFolder, quietSettings);
    let problem = 'the suite ended without results.';
    await runTests({
      version: process.env.ADAMSCOPE_VSCODE_VERSION || 'stable',
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist', 'test', 'extension', 'index.js'),
      extensionTestsEnv: { ADAMSCOPE_TEST_RESULTS: resultsFile },
      launchArgs: [
        workspace,
        `--user-data-dir=${userDataFolder}`,
        '--disable-extensions',
        '--disable-workspace-trust',
      ],
    }).catch((error) => {
      problem = String(error?.message ?? error);
    });
    const tally = existsSync(resultsFile)
      ? tallySuite(JSON.parse(readFileSync(resultsFile, 'utf8')), '')
      : noResults(problem);
    if (tally.details !== '') console.log(tally.details);
    console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
    if (tally.failed > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});
