import type { MakeStep, Options } from '../stepper';
import { type AdamText, adamStep, adamText, beforeCorrection, one, outside, type Weights } from './adamText';
import { decayingBetas } from './decayingBetas';
import { pools } from './pools';
import type { SeenPath } from './seenPath';
import type { Slip } from './slip';

type Kind = Slip['kind'];

/** An error in Adam, as a change of its formula. */
export interface AdamChange extends Pick<Slip, 'code' | 'says' | 'kind'> {
  readonly change: Partial<AdamText>;
}

type Row = readonly [Slip['code'], string, Partial<AdamText>, Kind?];

/** Common errors in implementations of Adam and AdamW. */
export function adamSlips(options: Options, weights: Weights, path: SeenPath): Slip[] {
  const make = makerOf(options, weights);
  const factor = beta1Factor(options, weights, path);
  const decaying = decayingBetas(options, factor).map(
    ([code, says, change]): AdamChange => ({ code, says, change, kind: 'bug' }),
  );
  return [...adamChanges(options, weights), ...decaying].map(({ change, ...slip }) => ({
    ...slip,
    make: make(change),
  }));
}

/** Two errors at once, in different parts of the formula. */
export function adamPairs(options: Options, weights: Weights): Slip[] {
  const make = makerOf(options, weights);
  const changes = adamChanges(options, weights);
  return changes.flatMap((a, k) =>
    changes
      .slice(k + 1)
      .filter((b) => Object.keys(a.change).every((key) => !(key in b.change)))
      .map(
        (b): Slip => ({
          code: `${a.code}+${b.code}`,
          says: `there are two errors: ${a.says}; and ${b.says}`,
          kind: 'bug',
          make: make({ ...a.change, ...b.change }),
        }),
      ),
  );
}

/** λ of beta1·λ^(t − 1), as the second step implies it; null if it implies none. */
function beta1Factor(
  options: Options,
  weights: Weights,
  { points, gradients, coordinate }: SeenPath,
): number | null {
  const { lr, eps, beta1, beta2 } = options;
  const [b1, b2] = [beta1 as number, beta2 as number];
  const [theta0, theta1, theta2] = points.map((point) => point[coordinate]!);
  if (theta0 === undefined || theta1 === undefined || theta2 === undefined) return null;
  const text = adamText(options, weights);
  const g1 = gradients[0]![coordinate]! + weights.l2 * theta0;
  const g2 = gradients[1]![coordinate]! + weights.l2 * theta1;
  const v = b2 * (1 - b2) * g1 * g1 + (1 - b2) * g2 * g2;
  const p = text.denominator(v, text.vDivisor(2), eps as number);
  const m1 = (1 - b1) * g1;
  const m2 = ((theta1 * weights.decay - theta2) * p * text.mDivisor(2)) / (lr as number);
  // Nine digits: the difference of the parameters is not more accurate.
  const lambda = Number(((m2 - g2) / (m1 - g2) / b1).toPrecision(9));
  return lambda > 0 && lambda < 1 ? lambda : null;
}

function makerOf(options: Options, weights: Weights): (change: Partial<AdamText>) => MakeStep {
  const text = adamText(options, weights);
  return (change) => adamStep({ ...text, ...change }, options);
}

function adamChanges(options: Options, weights: Weights): AdamChange[] {
  const text = adamText(options, weights);
  return [
    ...correctionRows(options, text),
    ...denominatorRows(options),
    ...momentRows(options),
    ...sharingRows,
    ...decayRows(options),
    ...(options.amsgrad ? amsgradRows(text) : []),
  ].map(([code, says, change, kind = 'bug']) => ({ code, says, change, kind }));
}

function correctionRows({ beta1, beta2 }: Options, text: AdamText): Row[] {
  const [b1, b2] = [beta1 as number, beta2 as number];
  const corrections = (of: (b: number, t: number) => number): Partial<AdamText> => ({
    mDivisor: (t) => of(b1, t),
    vDivisor: (t) => of(b2, t),
  });
  const inverseM = (t: number) => 1 / text.mDivisor(t);
  const inverseV = (t: number) => 1 / text.vDivisor(t);
  const later = (by: (t: number) => number): Partial<AdamText> => ({
    mDivisor: (t) => text.mDivisor(by(t)),
    vDivisor: (t) => text.vDivisor(by(t)),
  });
  return [
    [
      'no-bias-correction',
      'the bias of m and v, which start at 0, is not corrected: divide m by 1 − beta1^t and v by 1 − beta2^t',
      { mDivisor: one, vDivisor: one },
    ],
    ['no-bias-correction-m', 'the bias of m is not corrected: divide m by 1 − beta1^t', { mDivisor: one }],
    ['no-bias-correction-v', 'the bias of v is not corrected: divide v by 1 − beta2^t', { vDivisor: one }],
    [
      'corrections-multiplied',
      'm and v are multiplied by their corrections: divide m by 1 − beta1^t and v by 1 − beta2^t',
      { mDivisor: inverseM, vDivisor: inverseV },
    ],
    [
      'correction-multiplied-m',
      'm is multiplied by its correction: divide m by 1 − beta1^t',
      { mDivisor: inverseM },
    ],
    [
      'correction-multiplied-v',
      'v is multiplied by its correction: divide v by 1 − beta2^t',
      { vDivisor: inverseV },
    ],
    [
      'correction-stored',
      'the corrected m and v replace the moving averages: store m and v uncorrected, and correct only the copies used in the step',
      { stores: true },
    ],
    [
      'correction-of-the-other',
      'the corrections are exchanged: divide m by 1 − beta1^t, and v by 1 − beta2^t',
      { mDivisor: text.vDivisor, vDivisor: text.mDivisor },
    ],
    [
      'correction-of-beta1-twice',
      'v is divided by the correction of m: divide v by 1 − beta2^t',
      { vDivisor: text.mDivisor },
    ],
    [
      'correction-of-beta2-twice',
      'm is divided by the correction of v: divide m by 1 − beta1^t',
      { mDivisor: text.vDivisor },
    ],
    [
      'correction-without-power',
      'the corrections are 1 − beta instead of 1 − beta^t: they must depend on t',
      corrections((b) => 1 - b),
    ],
    [
      'correction-with-product',
      'the corrections are 1 − beta·t instead of 1 − beta^t: use the power, not the product',
      corrections((b, t) => 1 - b * t),
    ],
    [
      'correction-power-outside',
      'the corrections are (1 − beta)^t instead of 1 − beta^t: the power belongs to beta alone',
      corrections((b, t) => (1 - b) ** t),
    ],
    [
      'correction-without-one',
      'm and v are divided by beta^t instead of 1 − beta^t',
      corrections((b, t) => b ** t),
    ],
    [
      'correction-power-swapped',
      'the corrections are 1 − t^beta instead of 1 − beta^t: base and exponent are exchanged',
      corrections((b, t) => 1 - t ** b),
    ],
    [
      'correction-of-xor',
      'the corrections use the operator ^, which is the bitwise exclusive or: write 1 − beta ** t',
      corrections((b, t) => (1 - b) ^ t),
    ],
    [
      'correction-of-xor',
      'the corrections use the operator ^, which is the bitwise exclusive or: write 1 − beta ** t',
      corrections((b, t) => 1 - (b ^ t)),
    ],
    ['t-from-0', 't counts from 0 in the corrections: t must be 1 at the first step', later((t) => t - 1)],
    [
      't-one-ahead',
      't is too large by 1 in the corrections: t must be 1 at the first step',
      later((t) => t + 1),
    ],
  ];
}

function denominatorRows({ dialect }: Options): Row[] {
  const withoutRoot =
    'the correction of v is outside the square root: use √(v/(1 − beta2^t)), not √v/(1 − beta2^t)';
  return [
    [
      'correction-without-root',
      withoutRoot,
      { denominator: (v, divisor, eps) => Math.sqrt(v) / divisor + eps },
    ],
    [
      'correction-without-root',
      withoutRoot,
      { denominator: (v, divisor, eps) => (Math.sqrt(v) + eps) / divisor },
    ],
    [
      'eps-inside-root',
      'eps is added inside the square root: use √vHat + eps',
      { denominator: (v, divisor, eps) => Math.sqrt(v / divisor + eps) },
    ],
    [
      'eps-inside-root-before-correction',
      'eps is added to v inside the square root, before the correction: use √vHat + eps',
      { denominator: (v, divisor, eps) => Math.sqrt((v + eps) / divisor) },
    ],
    [
      'eps-squared',
      'eps² is added inside the square root: use √vHat + eps',
      { denominator: (v, divisor, eps) => Math.sqrt(v / divisor + eps * eps) },
    ],
    [
      'eps-as-maximum',
      'the divisor is the larger one of √vHat and eps: use their sum',
      { denominator: (v, divisor, eps) => Math.max(Math.sqrt(v / divisor), eps) },
    ],
    [
      'eps-outside-fraction',
      'eps is not part of the divisor but is added to the fraction: put √vHat + eps into parentheses',
      { denominator: (v, divisor) => Math.sqrt(v / divisor), added: (eps) => eps },
    ],
    [
      'eps-outside-fraction',
      'eps is not part of the divisor but is added to the step: put √vHat + eps into parentheses',
      { denominator: (v, divisor) => Math.sqrt(v / divisor), added: (eps) => -eps },
    ],
    dialect === 'keras'
      ? [
          'eps-after-correction',
          'eps is added to √vHat, after the correction, as in torch; Keras adds it before',
          { denominator: outside },
          'form',
        ]
      : [
          'eps-before-correction',
          'eps is added to √v before the correction, as in Keras and in the second form of Adam’s paper (“epsilon hat”); torch adds it after',
          { denominator: beforeCorrection },
          'form',
        ],
    [
      'no-root',
      'the step is divided by vHat: the square root is missing',
      { denominator: (v, divisor, eps) => v / divisor + eps },
    ],
  ];
}

function momentRows({ beta1, beta2 }: Options): Row[] {
  const [b1, b2] = [beta1 as number, beta2 as number];
  const always = (value: number) => () => value;
  return [
    ['m-without-gain', 'g is added to m without the factor 1 − beta1', { mGain: one }],
    ['v-without-gain', 'g² is added to v without the factor 1 − beta2', { vGain: one }],
    [
      'm-and-v-without-gain',
      'the factors 1 − beta1 in m and 1 − beta2 in v are missing',
      { mGain: one, vGain: one },
    ],
    [
      'beta1-inverted',
      'beta1 and 1 − beta1 are exchanged in m',
      { mGain: always(b1), mKeep: always(1 - b1) },
    ],
    [
      'beta2-inverted',
      'beta2 and 1 − beta2 are exchanged in v',
      { vGain: always(b2), vKeep: always(1 - b2) },
    ],
    [
      'betas-inverted',
      'beta and 1 − beta are exchanged in m and v',
      { mGain: always(b1), mKeep: always(1 - b1), vGain: always(b2), vKeep: always(1 - b2) },
    ],
    ['m-gain-of-beta2', 'm adds g with the factor 1 − beta2: use 1 − beta1', { mGain: always(1 - b2) }],
    ['v-gain-of-beta1', 'v adds g² with the factor 1 − beta1: use 1 − beta2', { vGain: always(1 - b1) }],
    ['m-keep-of-beta2', 'm keeps beta2 of its last value: use beta1', { mKeep: always(b2) }],
    ['v-keep-of-beta1', 'v keeps beta1 of its last value: use beta2', { vKeep: always(b1) }],
    ['m-without-decay', 'm keeps its whole last value: multiply it by beta1', { mKeep: one }],
    ['v-without-decay', 'v keeps its whole last value: multiply it by beta2', { vKeep: one }],
    ['v-of-abs', 'v averages abs(g) instead of g²', { squared: Math.abs }],
    ['v-of-g', 'v averages g instead of g²', { squared: (g) => g }],
    ['v-of-double', 'v averages 2·g instead of g²', { squared: (g) => 2 * g }],
    [
      'v-of-xor',
      'v averages g ^ 2, which is the bitwise exclusive or: write g ** 2',
      { squared: (g) => g ^ 2 },
    ],
    ['v-of-m', 'v averages m² instead of g²', { squared: (_g, m) => m * m }],
    ['v-of-last-m', 'v averages the square of the last m instead of g²', { squared: (_g, _m, m) => m * m }],
    ['v-of-m-times-g', 'v averages m·g instead of g²', { squared: (g, m) => m * g }],
    ['v-of-deviation', 'v averages (g − m)², as in AdaBelief: use g²', { squared: (g, m) => (g - m) ** 2 }],
    [
      'm-of-last-step',
      'the step uses m of the previous step: update m before the step',
      { mUsed: (_m, before) => before },
    ],
    [
      'v-of-last-step',
      'the step uses v of the previous step: update v before the step',
      { vUsed: (_v, before) => before },
    ],
    [
      'm-and-v-of-last-step',
      'the step uses m and v of the previous step: update them before the step',
      { mUsed: (_m, before) => before, vUsed: (_v, before) => before },
    ],
  ];
}

const ofAll = 'keep a v for each coordinate';
const first = () => 0;
const sharingRows: Row[] = [
  ...pools.map(
    ({ of, pool }): Row => [
      'v-for-all-coordinates',
      `v is one number for all coordinates, from ${of}: ${ofAll}`,
      { pooled: pool },
    ],
  ),
  ['v-shared', `v is one variable that every coordinate updates in turn: ${ofAll}`, { vIndex: first }],
  [
    'm-shared',
    'm is one variable that every coordinate updates in turn: keep an m for each coordinate',
    { mIndex: first },
  ],
  [
    'm-and-v-are-one-array',
    'm and v are stored in the same array: create two arrays',
    { isOneArray: 'both' },
  ],
  [
    'm-and-v-are-one-array',
    'm and v are stored in the same array: create two arrays',
    { isOneArray: 'afterM' },
  ],
];

function decayRows({ weightDecay, lr }: Options): Row[] {
  const weight = weightDecay as number;
  if (!weight) return [];
  const none = { decay: 1, l2OfM: 0, l2OfV: 0 };
  return [
    [
      'decay-in-m-only',
      'weight decay is added to the gradient in m, but not in v',
      { ...none, l2OfM: weight },
    ],
    [
      'decay-in-v-only',
      'weight decay is added to the gradient in v, but not in m',
      { ...none, l2OfV: weight },
    ],
    [
      'decay-divided',
      'weight decay is added to mHat and therefore divided by √vHat + eps',
      { ...none, l2OfStep: weight },
    ],
    [
      'decay-divided',
      'weight decay, multiplied by lr, is added to mHat and therefore divided by √vHat + eps',
      { ...none, l2OfStep: weight * (lr as number) },
    ],
  ];
}

function amsgradRows({ largestOfCorrected }: AdamText): Row[] {
  return [
    [
      largestOfCorrected ? 'amsgrad-of-plain-v' : 'amsgrad-of-corrected-v',
      largestOfCorrected
        ? 'the maximum of AMSGrad is taken over v and corrected afterwards, as in torch; optax takes it over the corrected v'
        : 'the maximum of AMSGrad is taken over the corrected v, as in optax; torch takes it over v and corrects the maximum',
      { largestOfCorrected: !largestOfCorrected },
      'form',
    ],
    [
      'amsgrad-of-squares',
      'the maximum of AMSGrad is taken over g²: take it over v',
      { largest: (vMax, _v, _before, g) => Math.max(vMax, g * g) },
    ],
    [
      'amsgrad-forgets',
      'the maximum of AMSGrad uses only this v and the previous one: take it over all steps so far',
      { largest: (_vMax, v, before) => Math.max(v, before) },
    ],
    [
      'amsgrad-in-v',
      'the maximum of AMSGrad is stored in v: store v and vMax separately',
      { largestInV: true },
    ],
  ];
}
