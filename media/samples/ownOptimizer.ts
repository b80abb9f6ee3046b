/**
 * Two user-defined optimizers to compare with the reference: click *Check against adam* above each of them, or put the
 * cursor into it and run *Adamscope: Check invariances*.
 *
 * Both look like Adam, and both decrease the loss. One equals Adam up to rounding. The other one has an error, and the
 * report names it.
 */
interface Moments {
  m?: number[];
  v?: number[];
}

/** @optimizerStep adam lr=0.01 */
export function myAdam(params: number[], grad: number[], state: Moments, t: number): void {
  const [lr, beta1, beta2, eps] = [0.01, 0.9, 0.999, 1e-8];
  state.m ??= params.map(() => 0);
  state.v ??= params.map(() => 0);
  for (let i = 0; i < params.length; i++) {
    const m = beta1 * state.m[i]! + (1 - beta1) * grad[i]!;
    const v = beta2 * state.v[i]! + (1 - beta2) * grad[i]! ** 2;
    state.m[i] = m;
    state.v[i] = v;
    params[i]! -= (lr * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + eps);
  }
}

/** @optimizerStep adam lr=0.01 */
export function almostAdam(params: number[], grad: number[], state: Moments): number[] {
  const [lr, beta1, beta2, eps] = [0.01, 0.9, 0.999, 1e-8];
  const m = grad.map((g, i) => beta1 * (state.m?.[i] ?? 0) + (1 - beta1) * g);
  const v = grad.map((g, i) => beta2 * (state.v?.[i] ?? 0) + (1 - beta2) * g * g);
  Object.assign(state, { m, v });
  return params.map((theta, i) => theta - (lr * m[i]!) / (Math.sqrt(v[i]!) + eps));
}
