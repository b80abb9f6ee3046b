import type { Metafile } from 'esbuild';

export function bundledPackages(metafile: Metafile): string[];
export function thirdPartyLicenses(metafiles: readonly Metafile[], root: string): string;
