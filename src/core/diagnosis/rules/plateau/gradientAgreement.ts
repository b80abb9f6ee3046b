/**
 * How far the gradients of consecutive steps agree, over a window: Σ g_t·g_{t−1} / Σ ‖g_t‖². Near 1 where the parameters
 * follow a minimum that moves slowly; near 0 where the loss functions of the steps differ by chance; negative where they
 * overshoot.
 */
export class GradientAgreement {
  readonly #last: Float64Array;
  #product = 0;
  #size = 0;

  constructor(dim: number) {
    this.#last = new Float64Array(dim);
  }

  /** @param grad  shape [dim]; not modified */
  push(grad: Float64Array): void {
    for (let i = 0; i < grad.length; i++) {
      const g = grad[i]!;
      this.#product += g * this.#last[i]!;
      this.#size += g * g;
      this.#last[i] = g;
    }
  }

  /** NaN for gradients that are all 0. */
  get value(): number {
    return this.#product / this.#size;
  }

  reset(): void {
    this.#product = 0;
    this.#size = 0;
  }
}
