import { defineConfig } from 'vitest/config';
import { watForVite } from './watPlugin.js';

export default defineConfig({
  plugins: [watForVite],
  test: {
    maxWorkers: 2,
    // Tests must not depend on what earlier runs kept.
    env: { ADAMSCOPE_CACHE_DIR: '' },
    projects: [
      // A limit ends what hangs; on a busy machine a test of a few hundred milliseconds takes seconds.
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      {
        extends: true,
        test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // A window on a busy machine needs seconds for what it does in a tenth of one.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      // Not part of the tests: makes the pictures of the documentation.
      {
        extends: true,
        test: {
          name: 'pictures',
          include: ['test/pictures/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
