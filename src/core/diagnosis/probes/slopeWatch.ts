import { isPromise, type MaybePromise } from '../../objective';

/** The gradient and the losses of two consecutive steps agree if the changes that they give differ by at most this share. */
const agreement = 0.05;
/** The number of changes that are compared: a gradient that depends on its earlier calls is right at the first one. */
const compared = 2;

/**
 * Compares the gradients of the first steps with the change of the loss from one to the next, which needs no evaluation:
 *
 *   ℓ_{t+1} − ℓ_t = Σ ½(g_t + g_{t+1})·(θ_{t+1} − θ_t)      up to the third order of the step
 *
 * It finds neither a wrong gradient of a few among very many coordinates nor a small error, but a gradient of another scale or sign, and a
 * loss that differs between two evaluations. A disagreement proves nothing: it says where to look.
 */
export class SlopeWatch {
  #last: { readonly loss: number; readonly params: Float64Array; readonly grad: Float64Array } | null = null;
  #count = 0;

  /**
   * Whether the loss of this step does not follow from that of the last one. A loss that must be awaited cannot be compared.
   *
   * @param params  theta of the evaluation, shape [dim]; not modified
   * @param grad    shape [dim]; not modified
   */
  isDoubtful(loss: MaybePromise<number>, params: Float64Array, grad: Float64Array): boolean {
    if (isPromise(loss)) return true;
    if (this.#count > compared) return false;
    const last = this.#last;
    const isOver = this.#count++ === compared;
    if (!last) this.#last = { loss, params: params.slice(), grad: grad.slice() };
    if (!last) return false;
    let slope = 0;
    for (let i = 0; i < grad.length; i++)
      slope += 0.5 * (grad[i]! + last.grad[i]!) * (params[i]! - last.params[i]!);
    const change = loss - last.loss;
    const rounding = Number.EPSILON * grad.length * Math.abs(loss);
    if (isOver) this.#last = null;
    else {
      last.params.set(params);
      last.grad.set(grad);
      this.#last = { ...last, loss };
    }
    return Math.abs(change - slope) > agreement * Math.max(Math.abs(change), Math.abs(slope)) + rounding;
  }
}
