import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunConfigPatch } from '../../src/core/config/runConfig';

/** A trajectory of torch, written by `test/golden/make_variants.py`. */
export interface GoldenVariant {
  readonly case: string;
  /** With a minus, the negated function is maximized. */
  readonly loss: `${'' | '-'}${'rosenbrock' | 'anisotropicQuadratic'}`;
  readonly start: readonly number[];
  readonly config: RunConfigPatch;
  readonly steps: readonly {
    readonly t: number;
    readonly loss: number;
    /** As torch's `.grad`: of the function itself, also if it is maximized. */
    readonly grad: readonly number[];
    readonly theta: readonly number[];
    /** The learning rate of each coordinate. */
    readonly lrs: readonly number[];
    /** By our names. Null in coordinates whose group does not have the state. */
    readonly state: Readonly<Record<string, readonly (number | null)[]>>;
  }[];
}

export function readGoldenVariants(): readonly GoldenVariant[] {
  const file = path.join(import.meta.dirname, '../golden/variants.json');
  return JSON.parse(readFileSync(file, 'utf8')).cases;
}
