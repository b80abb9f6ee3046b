/** The numbers of one step that do not depend on the coordinate. */
export interface AdamScalars {
  /** The factor of the parameters before the step (decoupled decay); 1: none. */
  decay: number;
  /** g = grad + l2 · theta, theta after the decay. */
  l2: number;
  beta1: number;
  beta2: number;
  /** lr √(1 − beta2^t) / (1 − beta1^t) */
  stepSize: number;
  /** eps √(1 − beta2^t), which is added to the uncorrected √v. */
  eps: number;
  /** vMax = max(vMax, v / maxDivisor); 1 in torch's form of AMSGrad. */
  maxDivisor: number;
}

/**
 * One Adam step over all coordinates, in JavaScript. adam.wat performs the same operations in the same order,
 * with bit-identical results. Change both together.
 *
 *   theta = params · decay                      g = grad + l2 · theta
 *   m = beta1 m + (1 − beta1) g                 v = beta2 v + (1 − beta2) g²
 *   vMax = max(vMax, v / maxDivisor)            with AMSGrad; replaces v below
 *   params = theta − stepSize m / (√v + eps)
 *
 * Both bias corrections are part of the scalars (the more efficient form at the end of section 2 of Kingma &
 * Ba), so a coordinate costs only one square root and one division, which dominate the time.
 *
 * @param params  written in place, as are m, v and vMax; all of m's length
 * @param grad    not modified
 */
export function adamLoop(
  params: Float64Array,
  grad: Float64Array,
  m: Float64Array,
  v: Float64Array,
  vMax: Float64Array | null,
  s: AdamScalars,
): void {
  if (vMax) amsgradLoop(params, grad, m, v, vMax, s);
  else plainLoop(params, grad, m, v, s);
}

// Two loops, because a test for AMSGrad inside one loop would take a fifth of its time.

function plainLoop(
  params: Float64Array,
  grad: Float64Array,
  m: Float64Array,
  v: Float64Array,
  { decay, l2, beta1, beta2, stepSize, eps }: AdamScalars,
): void {
  const dim = m.length;
  for (let i = 0; i < dim; i++) {
    const theta = params[i]! * decay;
    const g = grad[i]! + l2 * theta;
    const mi = beta1 * m[i]! + (1 - beta1) * g;
    const vi = beta2 * v[i]! + (1 - beta2) * g * g;
    m[i] = mi;
    v[i] = vi;
    params[i] = theta - (stepSize * mi) / (Math.sqrt(vi) + eps);
  }
}

function amsgradLoop(
  params: Float64Array,
  grad: Float64Array,
  m: Float64Array,
  v: Float64Array,
  vMax: Float64Array,
  { decay, l2, beta1, beta2, stepSize, eps, maxDivisor }: AdamScalars,
): void {
  const dim = m.length;
  for (let i = 0; i < dim; i++) {
    const theta = params[i]! * decay;
    const g = grad[i]! + l2 * theta;
    const mi = beta1 * m[i]! + (1 - beta1) * g;
    const vi = beta2 * v[i]! + (1 - beta2) * g * g;
    m[i] = mi;
    v[i] = vi;
    // Math.max propagates NaN, as torch.maximum does.
    const largest = Math.max(vMax[i]!, vi / maxDivisor);
    vMax[i] = largest;
    params[i] = theta - (stepSize * mi) / (Math.sqrt(largest) + eps);
  }
}
