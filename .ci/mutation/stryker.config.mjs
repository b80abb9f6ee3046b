/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  // Adam's own loop is in a kernel.
  mutate: ['src/core/optimizers/**/*.ts', 'src/core/schedules/**/*.ts', 'src/core/kernels/adamLoop.ts'],
  // Texts are not mutated, because tests that compare them word by word would have no value.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: '.ci/mutation/vitest.config.mts', related: false },
  concurrency: 2,
  // Only the tests that reach a mutant are run for it. For code that runs on import, all tests are run.
  coverageAnalysis: 'perTest',
  // The time limit in addition to 1.5 times the normal duration: a busy machine is slow, and some mutants
  // loop forever.
  timeoutMS: 30_000,
  incremental: false,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  // Rewriting the compiler options for the copy needs the compiler's API, which this version does not have.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  packageManager: 'npm',
  ignorePatterns: ['/dist', '/media', '/webview', '/docs', '/test-results', '/.vscode-test', '*.vsix'],
  tempDirName: 'reports/mutation/copy',
  cleanTempDir: 'always',
  allowConsoleColors: false,
};
