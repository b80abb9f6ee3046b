import type { Plugin } from 'esbuild';

export const watForEsbuild: Plugin;
