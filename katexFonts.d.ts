import type { BuildOptions } from 'esbuild';

export const katexFonts: Pick<BuildOptions, 'loader' | 'assetNames' | 'external'>;
