import type { FormulaLine, GradientMemory, UpdateFormula } from '../formula';
import { gradientName, penaltyLine } from '../formula';
import type { SymbolName } from '../symbols';

/** How the weight decay of an optimizer of the family enters its step. */
export interface DecayForm {
  readonly l2: number;
  /** The line of the factor of params before the step; null: the decay is not decoupled. */
  readonly factor: string | null;
}

export const noDecoupling = (l2: number): DecayForm => ({ l2, factor: null });
export const decoupledDecay = (weightDecay: number): DecayForm => ({
  l2: 0,
  factor: weightDecay === 0 ? null : '1 - lr * lambda',
});

/** The lines of weight decay, before the moments. */
export function decayLines({ l2, factor }: DecayForm): readonly FormulaLine[] {
  const shrunk: readonly FormulaLine[] =
    factor === null
      ? []
      : [
          ['decay', factor],
          ['theta1', 'theta0 * decay'],
        ];
  return [...shrunk, ...penaltyLine(l2, factor === null ? 'theta0' : 'theta1')];
}

/** The last line: the step, and decoupled decay. */
export function updateLine({ factor }: DecayForm, step: string): FormulaLine {
  return ['update', factor === null ? `-${step}` : `theta1 - theta0 - ${step}`];
}

/** First and second moment: `m` and `v` with the own gradient. */
export function momentLines(gradient: string, keep: SymbolName = 'beta1'): readonly FormulaLine[] {
  return [
    ['m', `${keep} * m0 + (1 - ${keep}) * ${gradient}`],
    ['v', `beta2 * v0 + (1 - beta2) * ${gradient} * ${gradient}`],
  ];
}

export const averagedGradients: GradientMemory = {
  state: 'm',
  keep: 'beta1',
  take: '1 - beta1',
  ofState: '1 / c1',
  ofGradient: '0',
  scale: 'effectiveLr',
};

/** Adam in the dialects of adamForm.ts. */
export function adamFormula(
  options: {
    readonly amsgrad?: unknown;
    readonly dialect?: unknown;
    readonly beta2?: unknown;
    readonly eps?: unknown;
  },
  decay: DecayForm,
  constants: UpdateFormula['constants'],
): UpdateFormula {
  const { amsgrad, dialect } = options;
  const isOptax = amsgrad === true && dialect === 'optax';
  const isPaper = amsgrad === true && dialect === 'paper';
  const gradient = gradientName(decay.l2);
  const second = amsgrad === true ? 'vMax' : 'v';
  const mHat = isPaper ? 'm' : 'mHat';
  const vHat = isPaper || isOptax ? second : 'vHat';
  const eps = dialect === 'keras' ? 'epsCorrected' : 'eps';
  const maximum: readonly FormulaLine[] =
    amsgrad === true ? [['vMax', isOptax ? 'max(vMax0, v / c2)' : 'max(vMax0, v)']] : [];
  const corrections: readonly FormulaLine[] = isPaper
    ? []
    : [
        ['c1', '1 - beta1 ^ t'],
        ['c2', '1 - beta2 ^ t'],
      ];
  return {
    lines: [
      ...decayLines(decay),
      ...momentLines(gradient),
      ...corrections,
      ...maximum,
      ...(isPaper ? [] : ([['mHat', 'm / c1']] as const)),
      ...(vHat === 'vHat' ? ([['vHat', `${second} / c2`]] as const) : []),
      ...(eps === 'eps' ? [] : ([['epsCorrected', 'eps / sqrt(c2)']] as const)),
      ['P', `sqrt(${vHat}) + ${eps}`],
      ['effectiveLr', 'lr / P'],
      updateLine(decay, `effectiveLr * ${mHat}`),
    ],
    constants,
    gradient,
    memory: isPaper ? { ...averagedGradients, ofState: '1' } : averagedGradients,
  };
}

/** The options that the lines read, by their names there. */
export function constantsOf(
  options: Readonly<Record<string, unknown>>,
  names: Readonly<Partial<Record<SymbolName, string>>>,
): UpdateFormula['constants'] {
  const entries = Object.entries(names).map(([name, option]) => [name, Number(options[option])]);
  return Object.fromEntries(entries) as UpdateFormula['constants'];
}

export const adamConstants = { lambda: 'weightDecay', beta2: 'beta2', eps: 'eps', lrSet: 'lr' } as const;
