import type { MakeStep, Options } from '../stepper';

/** The formula of Adam as parameters, so that each common error is a change of one of them. */
export interface AdamText {
  /** The factors of g in m, and of g² in v. */
  readonly mGain: (t: number) => number;
  readonly vGain: (t: number) => number;
  /** The factors of the previous m and v. */
  readonly mKeep: (t: number) => number;
  readonly vKeep: (t: number) => number;
  /** The quantity that v averages. */
  readonly squared: (g: number, m: number, mBefore: number) => number;
  /** What replaces the averaged quantity, if it is the same for all coordinates. */
  readonly pooled: ((squares: Float64Array) => number) | null;
  /** The coordinate whose m or v coordinate i uses. */
  readonly mIndex: (i: number) => number;
  readonly vIndex: (i: number) => number;
  /** m and v that the step uses, from those of this step and of the step before. */
  readonly mUsed: (m: number, before: number) => number;
  readonly vUsed: (v: number, before: number) => number;
  /** 'no': m and v are separate. 'both': one array holds both. 'afterM': the same, but the step uses m of before v was stored. */
  readonly isOneArray: 'no' | 'both' | 'afterM';
  /** The divisors of the bias correction. */
  readonly mDivisor: (t: number) => number;
  readonly vDivisor: (t: number) => number;
  /** Whether the corrected m and v replace the uncorrected ones. */
  readonly stores: boolean;
  /** The preconditioner P, from v, its correction, and eps. */
  readonly denominator: (v: number, vDivisor: number, eps: number) => number;
  /** What is added to the parameter after the step. */
  readonly added: (eps: number) => number;
  /** AMSGrad's maximum, from the maximum so far, v of this step, v of the step before, and g. */
  readonly largest: (vMax: number, v: number, before: number, g: number) => number;
  /** Whether the maximum is taken over the corrected v. */
  readonly largestOfCorrected: boolean;
  /** Whether the maximum is stored in v. */
  readonly largestInV: boolean;
  /** The factor of params before the step. */
  readonly decay: number;
  /** The weight of params in the gradient that enters m, in the one that enters v, and in mHat. */
  readonly l2OfM: number;
  readonly l2OfV: number;
  readonly l2OfStep: number;
}

/** The weight decay of a reference: a factor before the step, and a penalty inside the gradient. */
export interface Weights {
  readonly decay: number;
  readonly l2: number;
}

export const outside = (v: number, divisor: number, eps: number) => Math.sqrt(v / divisor) + eps;
export const beforeCorrection = (v: number, divisor: number, eps: number) =>
  (Math.sqrt(v) + eps) / Math.sqrt(divisor);
export const one = () => 1;
const itself = (i: number) => i;

/** The reference: Adam or AdamW in its dialect, as in adamForm.ts. */
export function adamText({ beta1, beta2, amsgrad, dialect }: Options, { decay, l2 }: Weights): AdamText {
  const [b1, b2] = [beta1 as number, beta2 as number];
  const isCorrected = !(amsgrad && dialect === 'paper');
  return {
    mGain: () => 1 - b1,
    vGain: () => 1 - b2,
    mKeep: () => b1,
    vKeep: () => b2,
    squared: (g) => g * g,
    pooled: null,
    mIndex: itself,
    vIndex: itself,
    mUsed: itself,
    vUsed: itself,
    isOneArray: 'no',
    mDivisor: isCorrected ? (t) => 1 - b1 ** t : one,
    vDivisor: isCorrected ? (t) => 1 - b2 ** t : one,
    stores: false,
    denominator: dialect === 'keras' ? beforeCorrection : outside,
    added: () => 0,
    largest: (vMax, v) => Math.max(vMax, v),
    largestOfCorrected: dialect === 'optax',
    largestInV: false,
    decay,
    l2OfM: l2,
    l2OfV: l2,
    l2OfStep: 0,
  };
}

export function adamStep(text: AdamText, { lr, eps, amsgrad }: Options): MakeStep {
  const [rate, e] = [lr as number, eps as number];
  return (dim) => {
    const m = new Float64Array(dim);
    const v = text.isOneArray === 'no' ? new Float64Array(dim) : m;
    const vMax = new Float64Array(dim);
    const squares = new Float64Array(dim);
    return (params, grad, t) => {
      const [c1, c2] = [text.mDivisor(t), text.vDivisor(t)];
      const [mKeep, mGain, vKeep, vGain] = [text.mKeep(t), text.mGain(t), text.vKeep(t), text.vGain(t)];
      let pooled = 0;
      if (text.pooled) {
        for (let i = 0; i < dim; i++) squares[i] = (grad[i]! + text.l2OfV * params[i]!) ** 2;
        pooled = text.pooled(squares);
      }
      for (let i = 0; i < dim; i++) {
        const theta = params[i]! * text.decay;
        const [k, l] = [text.mIndex(i), text.vIndex(i)];
        const mBefore = m[k]!;
        let mi = mKeep * mBefore + mGain * (grad[i]! + text.l2OfM * theta);
        m[k] = mi;
        const before = v[l]!;
        const g = grad[i]! + text.l2OfV * theta;
        let vi = vKeep * before + vGain * (text.pooled ? pooled : text.squared(g, mi, mBefore));
        v[l] = vi;
        if (text.isOneArray === 'both') mi = m[k]!;
        let [d1, d2] = [c1, c2];
        if (text.stores) {
          mi /= c1;
          vi /= c2;
          [d1, d2] = [1, 1];
          m[k] = mi;
          v[l] = vi;
        }
        if (amsgrad) {
          const candidate = text.largestOfCorrected ? vi / d2 : vi;
          if (text.largestOfCorrected) d2 = 1;
          vi = text.largest(text.largestInV ? before : vMax[i]!, candidate, before, g);
          if (text.largestInV) v[l] = vi;
          else vMax[i] = vi;
        }
        const direction = text.mUsed(mi, mBefore) / d1 + text.l2OfStep * theta;
        const p = text.denominator(text.vUsed(vi, before), d2, e);
        params[i] = theta - (rate * direction) / p + text.added(e);
      }
    };
  };
}
