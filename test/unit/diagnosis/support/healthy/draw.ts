import { type Random, seededRandom } from '../../../../../src/core/numerics/random';
import { normal } from '../problems';

/** The random draws of one healthy run, determined by its seed. */
export class Draw {
  readonly random: Random;

  constructor(...seed: readonly number[]) {
    this.random = seededRandom(...seed);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  logBetween(low: number, high: number): number {
    return Math.exp(this.between(Math.log(low), Math.log(high)));
  }

  oneOf<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  normals(count: number, scale = 1): number[] {
    return Array.from({ length: count }, () => scale * normal(this.random));
  }
}
