// The entry of the suite that runs inside VS Code: `extensionTestsPath` names this file's bundle.
import { readdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

interface TestResult {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  durationMs: number;
  error?: string;
}

/**
 * The result file, which the process that started VS Code reads afterwards. Its name is in the environment of
 * the extension host.
 */
const RESULTS_VARIABLE = 'ADAMSCOPE_TEST_RESULTS';

function testFiles(): string[] {
  return readdirSync(__dirname, { recursive: true })
    .map((name) => path.join(__dirname, String(name)))
    .filter((file) => file.endsWith('.test.js'))
    .sort();
}

export async function run(): Promise<void> {
  // mocha is an ES module and this file is bundled as CommonJS.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', timeout: 20_000, color: false, forbidOnly: true });
  for (const file of testFiles()) mocha.addFile(file);
  await mocha.loadFilesAsync();

  const results: TestResult[] = [];
  const record = (test: Mocha.Test | Mocha.Hook, state: TestResult['state'], error?: Error): void => {
    const detail = error?.stack ?? error?.message;
    results.push({
      title: test.fullTitle(),
      state,
      durationMs: test.duration ?? 0,
      ...(detail === undefined ? {} : { error: detail }),
    });
  };
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => record(test, 'passed'));
    runner.on('fail', (test, error) => record(test, 'failed', error));
    runner.on('pending', (test) => record(test, 'skipped'));
  });
  const resultsFile = process.env[RESULTS_VARIABLE];
  if (resultsFile !== undefined) writeFileSync(resultsFile, JSON.stringify(results));
  const count = (state: TestResult['state']) => results.filter((result) => result.state === state).length;
  if (results.length === 0) throw new Error('no test was found');
  if (failures > 0) throw new Error(`${failures} of ${results.length} tests failed`);
  if (count('skipped') > 0) throw new Error(`${count('skipped')} tests were skipped`);
}
