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
/** torch has no floor; below this one g / scale would lose its meaning. */
const leastScale = 2 ** -126;

export interface ScalingMemory {
  readonly scale: number;
  /** Steps in a row without overflow. */
  readonly good: number;
}

/**
 * What a gradient goes through in mixed precision (Micikevicius et al., arXiv:1710.03740): the loss is multiplied by the
 * scale, the gradient of it is rounded to the format, and divided by the scale again in float64.
 *
 *   g = round(scale · g) / scale
 *
 * A dynamic scale is torch.amp.GradScaler's: it starts at 65536; where a component overflows the step is skipped and
 * the scale halved; after 2000 steps in a row without overflow it is doubled. Departure: only the gradient is rounded,
 * not what the loss computes on the way to it.
 */
export class GradientScaling {
  readonly #round: (x: number) => number;
  readonly #isDynamic: boolean;
  #scale: number;
  #good = 0;

  /** Share of the non-zero components that the last rounding made 0. */
  underflow = 0;
  /** Share of the finite components that it made infinite. */
  overflow = 0;

  constructor(precision: Precision, lossScale: RunConfig['lossScale']) {
    this.#round = roundings[precision];
    this.#isDynamic = lossScale === 'dynamic';
    this.#scale = lossScale === 'dynamic' ? initialScale : lossScale;
  }

  /** The scale of the step to come. */
  get scale(): number {
    return this.#scale;
  }

  /**
   * Rounds the gradient in place and moves the scale on.
   *
   * @param grad  shape [dim]
   * @returns whether the step may be taken: a dynamic scale leaves out those that overflow
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

/** null where the gradient goes to the optimizer as it is. */
export function gradientScalingOf({ precision, lossScale }: RunConfig): GradientScaling | null {
  return precision === 'float64' && lossScale === 1 ? null : new GradientScaling(precision, lossScale);
}
