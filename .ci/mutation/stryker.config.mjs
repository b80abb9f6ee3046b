/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  // Adam's own loop is a kernel.
  mutate: ['src/core/optimizers/**/*.ts', 'src/core/schedules/**/*.ts', 'src/core/kernels/adamLoop.ts'],
  // Texts are for people: tests that pin them word by word would say nothing.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: '.ci/mutation/vitest.config.mts', related: false },
  concurrency: 2,
  // A mutant is asked of the tests that reach it; what runs on import is asked of all.
  coverageAnalysis: 'perTest',
  // What is allowed beyond half as long again as the tests took: a busy machine is slow, and loops are made endless.
  timeoutMS: 30_000,
  incremental: false,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  // Rewriting the compiler's options for the copy needs the compiler's API, which this version of it has not.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  packageManager: 'npm',
  ignorePatterns: ['/dist', '/media', '/webview', '/docs', '/test-results', '/.vscode-test', '*.vsix'],
  tempDirName: 'reports/mutation/copy',
  cleanTempDir: 'always',
  allowConsoleColors: false,
};
