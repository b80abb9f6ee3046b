import { defineConfig } from 'vitest/config';
import { watForVite } from '../../watPlugin.js';

/** Only the tests of the core: they are what should notice a change of an optimizer or a schedule. */
export default defineConfig({
  plugins: [watForVite],
  test: { include: ['test/unit/core/**/*.test.ts'] },
});
