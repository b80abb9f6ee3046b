import { defineConfig } from 'vitest/config';
import { watForVite } from '../../watPlugin.js';

/**
 * Only the tests of the core, because they are the ones that should detect a change of an optimizer or a
 * schedule.
 */
export default defineConfig({
  plugins: [watForVite],
  // The long timeout prevents a slow test on a busy machine from counting as a detection.
  test: { include: ['test/unit/core/**/*.test.ts'], testTimeout: 60_000 },
});
