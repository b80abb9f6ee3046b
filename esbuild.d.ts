import type { BuildOptions } from 'esbuild';

/** The bundle that VS Code activates, as ES modules and unwritten. */
export const extension: BuildOptions;
