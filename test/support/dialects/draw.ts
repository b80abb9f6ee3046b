import type { Random } from '../../../src/core/numerics/random';

/** Draws options from their ranges. */
export class Draw {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** Uniform in the logarithm. */
  logBetween(low: number, high: number): number {
    return Math.exp(this.between(Math.log(low), Math.log(high)));
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }
}
