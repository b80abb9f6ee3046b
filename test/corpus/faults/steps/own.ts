/** User-defined optimizers. */
interface Moments {
  m?: number[];
  v?: number[];
}

/**
 * Finds: nothing
 * Silent: step-bound
 * Because: the step is Adam as in the paper.
 *
 * @optimizerStep adam lr=0.01
 */
export function faithful(params: number[], grad: number[], state: Moments, t: number): void {
  const [lr, beta1, beta2, eps] = [0.01, 0.9, 0.999, 1e-8];
  state.m ??= params.map(() => 0);
  state.v ??= params.map(() => 0);
  for (let i = 0; i < params.length; i++) {
    state.m[i] = beta1 * state.m[i] + (1 - beta1) * grad[i];
    state.v[i] = beta2 * state.v[i] + (1 - beta2) * grad[i] ** 2;
    params[i] -= (lr * (state.m[i] / (1 - beta1 ** t))) / (Math.sqrt(state.v[i] / (1 - beta2 ** t)) + eps);
  }
}

/**
 * Finds: step-bound
 * Because: without bias correction the first step is 0.1/√0.001 = 3.2 times lr, and the bound there is lr.
 *
 * @optimizerStep adam lr=0.01
 */
export function uncorrected(params: number[], grad: number[], state: Moments): number[] {
  const m = grad.map((g, i) => 0.9 * (state.m?.[i] ?? 0) + 0.1 * g);
  const v = grad.map((g, i) => 0.999 * (state.v?.[i] ?? 0) + 0.001 * g * g);
  Object.assign(state, { m, v });
  return params.map((p, i) => p - (0.01 * m[i]) / (Math.sqrt(v[i]) + 1e-8));
}

/**
 * Finds: step-bound
 * Because: divided by v instead of its root, the step is 1/|g|
 * times lr: above the bound wherever gradients are small.
 *
 * @optimizerStep adam lr=0.01
 */
export function withoutTheRoot(params: number[], grad: number[], state: Moments, t: number): number[] {
  const m = grad.map((g, i) => 0.9 * (state.m?.[i] ?? 0) + 0.1 * g);
  const v = grad.map((g, i) => 0.999 * (state.v?.[i] ?? 0) + 0.001 * g * g);
  Object.assign(state, { m, v });
  return params.map((p, i) => p - (0.01 * (m[i] / (1 - 0.9 ** t))) / (v[i] / (1 - 0.999 ** t) + 1e-8));
}

/**
 * Finds: nothing
 * Silent: step-bound
 * Because: m is not corrected: the first step is a tenth of what it should be. That is not Adam, but it is within
 * Adam’s bound.
 *
 * @optimizerStep adam lr=0.01
 */
export function timid(params: number[], grad: number[], state: Moments, t: number): number[] {
  const m = grad.map((g, i) => 0.9 * (state.m?.[i] ?? 0) + 0.1 * g);
  const v = grad.map((g, i) => 0.999 * (state.v?.[i] ?? 0) + 0.001 * g * g);
  Object.assign(state, { m, v });
  return params.map((p, i) => p - (0.01 * m[i]) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8));
}

/**
 * Finds: nothing
 * Silent: step-bound
 * Because: the decay of AdamW is added to the bounded step: at a parameter of 1 it alone is ten times lr.
 *
 * @optimizerStep adamw lr=0.01 weightDecay=10
 */
export function decaying(params: number[], grad: number[], state: Moments, t: number): number[] {
  const m = grad.map((g, i) => 0.9 * (state.m?.[i] ?? 0) + 0.1 * g);
  const v = grad.map((g, i) => 0.999 * (state.v?.[i] ?? 0) + 0.001 * g * g);
  Object.assign(state, { m, v });
  return params.map((p, i) => p * (1 - 0.01 * 10) - (0.01 * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8));
}

/**
 * Finds: nothing
 * Silent: step-bound
 * Because: gradient descent has no bound: its steps are proportional to its gradients.
 *
 * @optimizerStep sgd lr=0.1 momentum=0.9
 */
export function heavyBall(params: number[], grad: number[], state: { velocity?: number[] }): number[] {
  const velocity = grad.map((g, i) => 0.9 * (state.velocity?.[i] ?? 0) + g);
  state.velocity = velocity;
  return params.map((p, i) => p - 0.1 * velocity[i]);
}
