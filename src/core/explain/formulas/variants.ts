import { rectification } from '../../optimizers/radam';
import { type FormulaLine, type FormulaOf, gradientName } from '../formula';
import {
  adamConstants,
  averagedGradients,
  constantsOf,
  decayLines,
  decoupledDecay,
  momentLines,
  noDecoupling,
  updateLine,
} from './adamFormula';

export const adamaxFormula: FormulaOf = (options) => {
  const decay = noDecoupling(Number(options.weightDecay));
  const gradient = gradientName(decay.l2);
  return {
    lines: [
      ...decayLines(decay),
      ['m', `beta1 * m0 + (1 - beta1) * ${gradient}`],
      ['u', `max(rate2 * u0, abs(${gradient}) + eps)`],
      ['c1', '1 - beta1 ^ t'],
      ['mHat', 'm / c1'],
      ['effectiveLr', 'lr / u'],
      updateLine(decay, 'effectiveLr * mHat'),
    ],
    constants: constantsOf(options, { lambda: 'weightDecay', rate2: 'beta2', eps: 'eps' }),
    gradient,
    memory: averagedGradients,
  };
};

/** NAdam in the dialects of nadamForm.ts. */
export const nadamFormula: FormulaOf = (options) => {
  const { dialect } = options;
  const weightDecay = Number(options.weightDecay);
  const decay = dialect === 'keras' ? decoupledDecay(weightDecay) : noDecoupling(weightDecay);
  const gradient = gradientName(decay.l2);
  const isOptax = dialect === 'optax';
  const mu = (t: string) => (isOptax ? 'beta1' : `beta1 * (1 - 0.5 * 0.96 ^ (${t} * psi))`);
  const keep = dialect === 'paper' ? 'mu' : 'beta1';
  return {
    lines: [
      ...decayLines(decay),
      ['mu', mu('t')],
      ['muNext', mu('(t + 1)')],
      ['muProduct', isOptax ? 'mu ^ t' : 'muProduct0 * mu'],
      ...momentLines(gradient, keep),
      ['c2', '1 - beta2 ^ t'],
      ['mHat', `muNext * m / (1 - muProduct * muNext) + (1 - mu) * ${gradient} / (1 - muProduct)`],
      ['vHat', dialect === 'paper' ? 'beta2 * v / c2' : 'v / c2'],
      ['P', 'sqrt(vHat) + eps'],
      ['effectiveLr', 'lr / P'],
      updateLine(decay, 'effectiveLr * mHat'),
    ],
    constants: constantsOf(options, { ...adamConstants, psi: 'momentumDecay' }),
    gradient,
    memory: {
      state: 'm',
      keep,
      take: `1 - ${keep}`,
      ofState: 'muNext / (1 - muProduct * muNext)',
      ofGradient: '(1 - mu) / (1 - muProduct)',
      scale: 'effectiveLr',
    },
  };
};

/** Until v has averaged enough gradients, the step is not divided. */
export const radamFormula: FormulaOf = (options, { t }) => {
  const decay = noDecoupling(Number(options.weightDecay));
  const gradient = gradientName(decay.l2);
  const isRectified = rectification(Number(options.beta2))(t) !== null;
  const rest: readonly FormulaLine[] = isRectified
    ? [
        ['rect', 'sqrt((rho - 4) * (rho - 2) * rhoInfinity / ((rhoInfinity - 4) * (rhoInfinity - 2) * rho))'],
        ['P', '(sqrt(v) + eps) / sqrt(c2)'],
        ['effectiveLr', 'lr * rect / P'],
        updateLine(decay, 'effectiveLr * mHat'),
      ]
    : [updateLine(decay, 'lr * mHat')];
  return {
    lines: [
      ...decayLines(decay),
      ...momentLines(gradient),
      ['c1', '1 - beta1 ^ t'],
      ['c2', '1 - beta2 ^ t'],
      ['mHat', 'm / c1'],
      ['rhoInfinity', '2 / (1 - beta2) - 1'],
      ['rho', 'rhoInfinity - 2 * t * beta2 ^ t / c2'],
      ...rest,
    ],
    constants: constantsOf(options, adamConstants),
    gradient,
    memory: isRectified ? averagedGradients : { ...averagedGradients, scale: 'lr' },
  };
};

export const adabeliefFormula: FormulaOf = (options) => {
  const decay = decoupledDecay(Number(options.weightDecay));
  return {
    lines: [
      ...decayLines(decay),
      ['m', 'beta1 * m0 + (1 - beta1) * grad'],
      ['deviation', 'grad - m'],
      ['v', 'beta2 * v0 + (1 - beta2) * deviation * deviation + eps'],
      ['c1', '1 - beta1 ^ t'],
      ['c2', '1 - beta2 ^ t'],
      ['mHat', 'm / c1'],
      ['vHat', 'v / c2'],
      ['P', 'sqrt(vHat) + eps'],
      ['effectiveLr', 'lr / P'],
      updateLine(decay, 'effectiveLr * mHat'),
    ],
    constants: constantsOf(options, adamConstants),
    gradient: 'grad',
    memory: averagedGradients,
  };
};
