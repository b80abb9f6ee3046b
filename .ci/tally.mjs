// How the results of each runner are counted.

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {string} details  shown only if something failed: what failed and why
 */

/** A runner that is a single check: it passes or it does not. */
export function oneCheck(ok, details) {
  return ok ? { passed: 1, failed: 0, details: '' } : { passed: 0, failed: 1, details };
}

/** A runner that gave no results is one failure. */
export function noResults(sentence, output = '') {
  return { passed: 0, failed: 1, details: `${output.trimEnd()}\n${sentence}`.trim() };
}

function count(tests, details) {
  if (tests.length === 0) return noResults('no test was found.', details);
  const passed = tests.filter((test) => test.state === 'passed').length;
  return { passed, failed: tests.length - passed, details };
}

/** A test that is skipped or only planned says nothing, so it counts as one that failed. */
function skippedLines(tests) {
  return tests.filter((test) => test.state === 'skipped').map((test) => `skipped: ${test.title}`);
}

/** vitest's JSON report, and its exit code: an error outside of any test is only in the latter. */
export function tallyVitest(report, exitCode, output) {
  const tests = [];
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      const state = { passed: 'passed', failed: 'failed' }[test.status] ?? 'skipped';
      tests.push({ title: test.fullName, state });
    }
    // A file that could not be loaded has no tests to report.
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

/** What test/extension/index.ts writes. */
export function tallySuite(tests, output) {
  const failures = tests
    .filter((test) => test.state === 'failed')
    .map((test) => `failed: ${test.title}\n${test.error ?? ''}`.trimEnd());
  const lines = [...failures, ...skippedLines(tests)];
  return count(tests, lines.length > 0 ? lines.join('\n') : output);
}
