// Counts the results of each runner.

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {string} details  shown only if something failed: what failed and why
 */

/** The result of a runner that is a single check. */
export function oneCheck(ok, details) {
  return ok ? { passed: 1, failed: 0, details: '' } : { passed: 0, failed: 1, details };
}

/** A runner without results counts as one failure. */
export function noResults(sentence, output = '') {
  return { passed: 0, failed: 1, details: `${output.trimEnd()}\n${sentence}`.trim() };
}

function count(tests, details) {
  if (tests.length === 0) return noResults('no test was found.', details);
  const passed = tests.filter((test) => test.state === 'passed').length;
  return { passed, failed: tests.length - passed, details };
}

/** A skipped or planned test gives no result, so it counts as failed. */
function skippedLines(tests) {
  return tests.filter((test) => test.state === 'skipped').map((test) => `skipped: ${test.title}`);
}

/** Counts vitest's JSON report and its exit code: an error outside a test appears only in the exit code. */
export function tallyVitest(report, exitCode, output) {
  const tests = [];
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      const state = { passed: 'passed', failed: 'failed' }[test.status] ?? 'skipped';
      tests.push({ title: test.fullName, state });
    }
    // A file that could not be loaded has no tests in the report.
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
      tests.push({ title: file.name, state: 'failed' });
  }
  const failed = tests.some((test) => test.state !== 'passed');
  const tally = count(tests, failed ? [output.trimEnd(), ...skippedLines(tests)].join('\n') : output);
  if (tally.failed === 0 && exitCode !== 0) {
    return { ...tally, failed: 1, details: `${output.trimEnd()}\nan error was thrown outside of any test.` };
  }
  return tally;
}

/** Counts the results that test/extension/index.ts wrote. */
export function tallySuite(tests, output) {
  const failures = tests
    .filter((test) => test.state === 'failed')
    .map((test) => `failed: ${test.title}\n${test.error ?? ''}`.trimEnd());
  const lines = [...failures, ...skippedLines(tests)];
  return count(tests, lines.length > 0 ? lines.join('\n') : output);
}
