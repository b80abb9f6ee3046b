import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A reference trajectory of torch.optim from `test/golden/`. */
export interface Golden {
  readonly case: string;
  readonly loss: 'rosenbrock' | 'anisotropicQuadratic' | 'beale';
  readonly start: readonly number[];
  readonly optimizer: string;
  readonly kwargs: Readonly<Record<string, number | boolean | readonly number[]>>;
  readonly scheduler: {
    readonly name: string;
    readonly kwargs: Readonly<Record<string, number | string | readonly number[]>>;
  } | null;
  readonly clip: { readonly norm: number } | { readonly value: number } | null;
  readonly steps: readonly {
    readonly t: number;
    readonly loss: number;
    readonly grad: readonly number[];
    readonly theta: readonly number[];
    readonly lr: number;
    readonly state: Readonly<Record<string, number | readonly number[]>>;
  }[];
}

const folder = path.join(import.meta.dirname, '../golden');

/**
 * The names of all trajectories. The folder also contains other references. Only a trajectory has a case
 * name.
 */
export function goldenNames(): string[] {
  return readdirSync(folder)
    .filter((file) => path.extname(file) === '.json')
    .map((file) => path.basename(file, '.json'))
    .filter((name) => readGolden(name).case === name);
}

export function readGolden(name: string): Golden {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));
}
