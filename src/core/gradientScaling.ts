import type { Precision, RunConfig } from './config/runConfig';
import { toBfloat16, toFloat16 } from './numerics/rounding';

const roundings: { readonly [P in Precision]: (x: number) => number } = {
  float64: (x) => x,
  float32: Math.fround,
  float16: toFloat16,
  bfloat16: toBfloat16,
};

/** torch.amp.GradScaler's constants. */
const initialScale = 65_536;
const growthInterval = 2000;
/** torch has no lower limit. Below this limit, g / scale could overflow. */
const leastScale = 2 ** -126;

export interface ScalingMemory {
  readonly scale: number;
  /** Steps in a row without overflow. */
  readonly good: number;
}

/**
 * The rounding of a gradient in mixed precision (Micikevicius et al., arXiv:1710.03740): the loss is
 * multiplied by the scale, its gradient is rounded to the format, and divided by the scale in float64.
 *
 *   g = round(scale · g) / scale
 *
 * A dynamic scale follows torch.amp.GradScaler. It starts at 65536. If a component overflows, the step is
 * skipped and the scale is halved. After 2000 consecutive steps without overflow it is doubled. Difference
 * from torch: only the gradient is rounded, not the intermediate values of the loss.
 */
export class GradientScaling {
  readonly #round: (x: number) => number;
  readonly #isDynamic: boolean;
  #scale: number;
  #good = 0;

  /** The share of nonzero components that the last rounding changed to 0. */
  underflow = 0;
  /** The share of finite components that the last rounding changed to infinity. */
  overflow = 0;

  constructor(precision: Precision, lossScale: RunConfig['lossScale']) {
    this.#round = roundings[precision];
    this.#isDynamic = lossScale === 'dynamic';
    this.#scale = lossScale === 'dynamic' ? initialScale : lossScale;
  }

  /** The scale of the next step. */
  get scale(): number {
    return this.#scale;
  }

  /**
   * Rounds the gradient in place and updates the scale.
   *
   * @param grad  shape [dim]
   * @returns false if the step must be skipped, because the gradient overflowed with a dynamic scale
   */
  apply(grad: Float64Array): boolean {
    const scale = this.#scale;
    let [nonZero, lost, finite, burst, broken] = [0, 0, 0, 0, 0];
    for (let i = 0; i < grad.length; i++) {
      const g = grad[i]!;
      const rounded = this.#round(scale * g);
      if (g !== 0) {
        nonZero++;
        if (rounded === 0) lost++;
      }
      if (Number.isFinite(g)) finite++;
      if (!Number.isFinite(rounded)) {
        broken++;
        if (Number.isFinite(g)) burst++;
      }
      grad[i] = rounded / scale;
    }
    this.underflow = nonZero === 0 ? 0 : lost / nonZero;
    this.overflow = finite === 0 ? 0 : burst / finite;
    if (!this.#isDynamic) return true;
    if (broken > 0) {
      this.#scale = Math.max(scale / 2, leastScale);
      this.#good = 0;
      return false;
    }
    this.#good++;
    if (this.#good === growthInterval) {
      this.#scale = scale * 2;
      this.#good = 0;
    }
    return true;
  }

  save(): ScalingMemory {
    return { scale: this.#scale, good: this.#good };
  }

  restore({ scale, good }: ScalingMemory): void {
    this.#scale = scale;
    this.#good = good;
  }
}

/** null if the gradient is not rounded. */
export function gradientScalingOf({ precision, lossScale }: RunConfig): GradientScaling | null {
  return precision === 'float64' && lossScale === 1 ? null : new GradientScaling(precision, lossScale);
}
