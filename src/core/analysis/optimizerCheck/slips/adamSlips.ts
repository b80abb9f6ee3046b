import type { MakeStep, Options } from '../stepper';
import { bug, type Slip } from './slip';

/** The formula of Adam as parameters, so that each common error is a change of one of them. */
export interface AdamText {
  /** The factors of g in m, and of g² in v. */
  readonly mGain: number;
  readonly vGain: number;
  /** The factors of the previous m and v. */
  readonly mKeep: number;
  readonly vKeep: number;
  /** The quantity that v averages. */
  readonly squared: (g: number, m: number) => number;
  /** The divisors of the bias correction. */
  readonly mDivisor: (t: number) => number;
  readonly vDivisor: (t: number) => number;
  /** Whether the corrected m and v replace the uncorrected ones. */
  readonly stores: boolean;
  /** The preconditioner P, from v, its correction, and eps. */
  readonly denominator: (v: number, vDivisor: number, eps: number) => number;
  /** AMSGrad's maximum, from the maximum so far, v of this step, v of the step before, and g. */
  readonly largest: (vMax: number, v: number, before: number, g: number) => number;
  /** Whether the maximum is taken over the corrected v. */
  readonly largestOfCorrected: boolean;
  /** Whether the maximum is stored in v. */
  readonly largestInV: boolean;
}

const outside = (v: number, divisor: number, eps: number) => Math.sqrt(v / divisor) + eps;
const beforeCorrection = (v: number, divisor: number, eps: number) =>
  (Math.sqrt(v) + eps) / Math.sqrt(divisor);
const one = () => 1;

/** The reference: Adam or AdamW in its dialect, as in adamForm.ts. */
export function adamText({ beta1, beta2, amsgrad, dialect }: Options): AdamText {
  const [b1, b2] = [beta1 as number, beta2 as number];
  const isCorrected = !(amsgrad && dialect === 'paper');
  return {
    mGain: 1 - b1,
    vGain: 1 - b2,
    mKeep: b1,
    vKeep: b2,
    squared: (g) => g * g,
    mDivisor: isCorrected ? (t) => 1 - b1 ** t : one,
    vDivisor: isCorrected ? (t) => 1 - b2 ** t : one,
    stores: false,
    denominator: dialect === 'keras' ? beforeCorrection : outside,
    largest: (vMax, v) => Math.max(vMax, v),
    largestOfCorrected: dialect === 'optax',
    largestInV: false,
  };
}

/** @param weights  the weight decay */
export function adamStep(text: AdamText, { lr, eps, amsgrad }: Options, weights: Weights): MakeStep {
  const [rate, e] = [lr as number, eps as number];
  return (dim) => {
    const m = new Float64Array(dim);
    const v = new Float64Array(dim);
    const vMax = new Float64Array(dim);
    return (params, grad, t) => {
      const [c1, c2] = [text.mDivisor(t), text.vDivisor(t)];
      for (let i = 0; i < dim; i++) {
        const theta = params[i]! * weights.decay;
        const g = grad[i]! + weights.l2 * theta;
        const before = v[i]!;
        let mi = text.mKeep * m[i]! + text.mGain * g;
        let vi = text.vKeep * before + text.vGain * text.squared(g, mi);
        let [d1, d2] = [c1, c2];
        if (text.stores) {
          mi /= c1;
          vi /= c2;
          [d1, d2] = [1, 1];
        }
        m[i] = mi;
        v[i] = vi;
        if (amsgrad) {
          const candidate = text.largestOfCorrected ? vi / d2 : vi;
          if (text.largestOfCorrected) d2 = 1;
          vi = text.largest(text.largestInV ? before : vMax[i]!, candidate, before, g);
          if (text.largestInV) v[i] = vi;
          else vMax[i] = vi;
        }
        params[i] = theta - (rate * (mi / d1)) / text.denominator(vi, d2, e);
      }
    };
  };
}

/** The weight decay of a reference: a factor before the step, and a penalty inside the gradient. */
export interface Weights {
  readonly decay: number;
  readonly l2: number;
}

/** Common errors in implementations of Adam and AdamW. */
export function adamSlips(options: Options, weights: Weights): Slip[] {
  const text = adamText(options);
  const [b1, b2] = [options.beta1 as number, options.beta2 as number];
  const make = (change: Partial<AdamText>) => adamStep({ ...text, ...change }, options, weights);
  return [
    bug(
      'no-bias-correction',
      'the bias of m and v, which start at 0, is not corrected: divide m by 1 − beta1^t and v by 1 − beta2^t',
      make({ mDivisor: one, vDivisor: one }),
    ),
    bug(
      'no-bias-correction-m',
      'the bias of m is not corrected: divide m by 1 − beta1^t',
      make({ mDivisor: one }),
    ),
    bug(
      'no-bias-correction-v',
      'the bias of v is not corrected: divide v by 1 − beta2^t',
      make({ vDivisor: one }),
    ),
    bug(
      'correction-stored',
      'the corrected m and v replace the moving averages: store m and v uncorrected, and correct only the copies used in the step',
      make({ stores: true }),
    ),
    bug(
      'correction-of-the-other',
      'the corrections are exchanged: divide m by 1 − beta1^t, and v by 1 − beta2^t',
      make({ mDivisor: text.vDivisor, vDivisor: text.mDivisor }),
    ),
    bug(
      'correction-without-power',
      'the corrections are 1 − beta instead of 1 − beta^t: they must depend on t',
      make({ mDivisor: () => 1 - b1, vDivisor: () => 1 - b2 }),
    ),
    bug(
      'correction-with-product',
      'the corrections are 1 − beta·t instead of 1 − beta^t: use the power, not the product',
      make({ mDivisor: (t) => 1 - b1 * t, vDivisor: (t) => 1 - b2 * t }),
    ),
    bug(
      'correction-without-root',
      'the correction of v is outside the square root: use √(v/(1 − beta2^t)), not √v/(1 − beta2^t)',
      make({ denominator: (v, divisor, eps) => Math.sqrt(v) / divisor + eps }),
    ),
    bug(
      't-from-0',
      't counts from 0 in the corrections: t must be 1 at the first step',
      make({ mDivisor: (t) => text.mDivisor(t - 1), vDivisor: (t) => text.vDivisor(t - 1) }),
    ),
    bug(
      't-one-ahead',
      't is too large by 1 in the corrections: t must be 1 at the first step',
      make({ mDivisor: (t) => text.mDivisor(t + 1), vDivisor: (t) => text.vDivisor(t + 1) }),
    ),
    bug(
      'eps-inside-root',
      'eps is added inside the square root: use √vHat + eps',
      make({ denominator: (v, divisor, eps) => Math.sqrt(v / divisor + eps) }),
    ),
    bug(
      'eps-inside-root-before-correction',
      'eps is added to v inside the square root, before the correction: use √vHat + eps',
      make({ denominator: (v, divisor, eps) => Math.sqrt((v + eps) / divisor) }),
    ),
    options.dialect === 'keras'
      ? {
          code: 'eps-after-correction',
          says: 'eps is added to √vHat, after the correction, as in torch; Keras adds it before',
          kind: 'form',
          make: make({ denominator: outside }),
        }
      : {
          code: 'eps-before-correction',
          says: 'eps is added to √v before the correction, as in Keras and in the second form of Adam’s paper (“epsilon hat”); torch adds it after',
          kind: 'form',
          make: make({ denominator: beforeCorrection }),
        },
    bug(
      'no-root',
      'the step is divided by vHat: the square root is missing',
      make({ denominator: (v, divisor, eps) => v / divisor + eps }),
    ),
    bug('m-without-gain', 'g is added to m without the factor 1 − beta1', make({ mGain: 1 })),
    bug('v-without-gain', 'g² is added to v without the factor 1 − beta2', make({ vGain: 1 })),
    bug(
      'm-and-v-without-gain',
      'the factors 1 − beta1 in m and 1 − beta2 in v are missing',
      make({ mGain: 1, vGain: 1 }),
    ),
    bug('beta1-inverted', 'beta1 and 1 − beta1 are exchanged in m', make({ mGain: b1, mKeep: 1 - b1 })),
    bug('beta2-inverted', 'beta2 and 1 − beta2 are exchanged in v', make({ vGain: b2, vKeep: 1 - b2 })),
    bug(
      'betas-inverted',
      'beta and 1 − beta are exchanged in m and v',
      make({ mGain: b1, mKeep: 1 - b1, vGain: b2, vKeep: 1 - b2 }),
    ),
    bug('v-of-abs', 'v averages abs(g) instead of g²', make({ squared: Math.abs })),
    bug('v-of-g', 'v averages g instead of g²', make({ squared: (g) => g })),
    bug('v-of-m', 'v averages m² instead of g²', make({ squared: (_g, m) => m * m })),
    ...(options.amsgrad
      ? [
          {
            code: text.largestOfCorrected ? 'amsgrad-of-plain-v' : 'amsgrad-of-corrected-v',
            says: text.largestOfCorrected
              ? 'the maximum of AMSGrad is taken over v and corrected afterwards, as in torch; optax takes it over the corrected v'
              : 'the maximum of AMSGrad is taken over the corrected v, as in optax; torch takes it over v and corrects the maximum',
            kind: 'form',
            make: make({ largestOfCorrected: !text.largestOfCorrected }),
          } satisfies Slip,
          bug(
            'amsgrad-of-squares',
            'the maximum of AMSGrad is taken over g²: take it over v',
            make({ largest: (vMax, _v, _before, g) => Math.max(vMax, g * g) }),
          ),
          bug(
            'amsgrad-forgets',
            'the maximum of AMSGrad uses only this v and the previous one: take it over all steps so far',
            make({ largest: (_vMax, v, before) => Math.max(v, before) }),
          ),
          bug(
            'amsgrad-in-v',
            'the maximum of AMSGrad is stored in v: store v and vMax separately',
            make({ largestInV: true }),
          ),
        ]
      : []),
  ];
}
