import type { ReportTable } from './case';

const start = [0.3, 0.2, 0.1];
const norm = Math.hypot(...start);
const peak = 20 * Math.exp(-0.2 * norm);

export const file = 'cutAndData.ts';
export const cases: ReportTable['cases'] = {
  rounded: {
    run: {
      verdict: ['unstable', 'stalled'],
      exit: 1,
      finds: [{ code: 'piecewise-constant', at: 'Math.round(x)', fix: null }],
      never: ['divergence'],
    },
  },
  nanDatum: {
    run: {
      verdict: ['broken'],
      exit: 1,
      finds: [{ code: 'non-finite-loss', at: 'x - m', says: /\bdata\[2\] is NaN/ }],
    },
  },
  targetOutOfReach: {
    run: {
      verdict: ['stalled'],
      exit: 0,
      finds: [
        {
          code: 'saturation',
          at: '1 / (1 + Math.exp(-z))',
          isElsewhere: true,
          class: 'out-of-reach',
          fix: null,
        },
      ],
      never: ['plateau:saddle', 'plateau:lr-too-small', 'plateau:converged'],
    },
  },
  withDefaults: {
    evaluation: {
      value: peak + 0.14,
      gradient: start.map((x) => (-0.2 * peak * x) / norm + 2 * x),
      mode: 'exact',
    },
  },
  notZeroed: {
    run: {
      verdict: ['still-improving', 'unstable', 'stalled', 'diverged'],
      exit: 1,
      finds: [
        {
          code: 'gradient-mismatch',
          at: 'accumulates',
          within: '@gradient accumulates',
          class: 'accumulates',
          fix: /gradientMode exact/,
        },
      ],
      never: ['divergence', 'oscillation'],
      isSameAtEveryLevel: true,
    },
  },
};
