import { defineConfig } from 'vitest/config';
import { watForVite } from '../../watPlugin.js';

/** Only the tests of the core: they are what should notice a change of an optimizer or a schedule. */
export default defineConfig({
  plugins: [watForVite],
  // A test that is slow on a busy machine has not noticed anything.
  test: { include: ['test/unit/core/**/*.test.ts'], testTimeout: 60_000 },
});
