import {
  type FormulaLine,
  type FormulaOf,
  type GradientMemory,
  gradientName,
  penaltyLine,
  withoutMemory,
} from '../formula';
import { constantsOf } from './adamFormula';

export const sgdFormula: FormulaOf = (options, { t, beta }) => {
  const l2 = Number(options.weightDecay);
  const gradient = gradientName(l2);
  const constants = constantsOf(options, { lambda: 'weightDecay', dampening: 'dampening' });
  const penalty = penaltyLine(l2);
  if (beta === 0)
    return {
      lines: [...penalty, ['update', `-lr * ${gradient}`]],
      constants,
      ...withoutMemory(gradient, 'lr'),
    };
  const isFirst = t === 1;
  const isDamped = Number(options.dampening) !== 0;
  const buffer = isDamped ? `momentum * b0 + (1 - dampening) * ${gradient}` : `momentum * b0 + ${gradient}`;
  const isNesterov = options.nesterov === true;
  const lookAhead: readonly FormulaLine[] = isNesterov ? [['direction', `${gradient} + momentum * b`]] : [];
  const memory: GradientMemory = {
    state: 'momentum',
    keep: isFirst ? '0' : 'momentum',
    take: isFirst || !isDamped ? '1' : '1 - dampening',
    ofState: isNesterov ? 'momentum' : '1',
    ofGradient: isNesterov ? '1' : '0',
    scale: 'lr',
  };
  return {
    lines: [
      ...penalty,
      ['b', isFirst ? gradient : buffer],
      ...lookAhead,
      ['update', `-lr * ${isNesterov ? 'direction' : 'b'}`],
    ],
    constants,
    gradient,
    memory,
  };
};

export const adagradFormula: FormulaOf = (options) => {
  const l2 = Number(options.weightDecay);
  const gradient = gradientName(l2);
  const isDecaying = Number(options.lrDecay) !== 0;
  const slowed: readonly FormulaLine[] = isDecaying ? [['stepSize', 'lr / (1 + (t - 1) * lrDecay)']] : [];
  return {
    lines: [
      ...penaltyLine(l2),
      ['sum', `sum0 + ${gradient} * ${gradient}`],
      ...slowed,
      ['P', 'sqrt(sum) + eps'],
      ['effectiveLr', `${isDecaying ? 'stepSize' : 'lr'} / P`],
      ['update', `-effectiveLr * ${gradient}`],
    ],
    constants: constantsOf(options, { lambda: 'weightDecay', lrDecay: 'lrDecay', eps: 'eps' }),
    ...withoutMemory(gradient, 'effectiveLr'),
  };
};

export const rmspropFormula: FormulaOf = (options, { beta }) => {
  const l2 = Number(options.weightDecay);
  const gradient = gradientName(l2);
  const isCentered = options.centered === true;
  const centre: readonly FormulaLine[] = isCentered
    ? [['gAvg', `rate * gAvg0 + (1 - rate) * ${gradient}`]]
    : [];
  const rest: readonly FormulaLine[] =
    beta === 0
      ? [
          ['effectiveLr', 'lr / P'],
          ['update', `-effectiveLr * ${gradient}`],
        ]
      : [
          ['b', `momentum * b0 + ${gradient} / P`],
          ['update', '-lr * b'],
        ];
  return {
    lines: [
      ...penaltyLine(l2),
      ['v', `rate * v0 + (1 - rate) * ${gradient} * ${gradient}`],
      ...centre,
      ['P', isCentered ? 'sqrt(v - gAvg * gAvg) + eps' : 'sqrt(v) + eps'],
      ...rest,
    ],
    constants: constantsOf(options, { lambda: 'weightDecay', rate: 'alpha', eps: 'eps' }),
    ...(beta === 0
      ? withoutMemory(gradient, 'effectiveLr')
      : {
          gradient,
          // Each gradient was divided by the P of its own step.
          memory: {
            state: 'momentum',
            keep: 'momentum',
            take: '1 / P',
            ofState: '1',
            ofGradient: '0',
            scale: 'lr',
          } satisfies GradientMemory,
        }),
  };
};

export const signsgdFormula: FormulaOf = (options) => {
  const l2 = Number(options.weightDecay);
  const gradient = gradientName(l2);
  return {
    lines: [
      ...penaltyLine(l2),
      ['P', `abs(${gradient}) + eps`],
      ['effectiveLr', 'lr / P'],
      ['update', `-effectiveLr * ${gradient}`],
    ],
    constants: constantsOf(options, { lambda: 'weightDecay', eps: 'eps' }),
    ...withoutMemory(gradient, 'effectiveLr'),
  };
};
