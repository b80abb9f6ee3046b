import type { ReportTable } from './case';

const squares = { value: 5, gradient: [2, 4], mode: 'exact' } as const;
const single = [0.3 - 1, 0.2 - 2, 0.1 - 3].map(Math.fround);
/** Rounding to a float32 changes a gradient by at most this share. */
const singleTolerance = 2 ** -23;

export const file = 'gradients.ts';
export const cases: ReportTable['cases'] = {
  // d = x (x + y): f = d², with the gradient 2 d (2 x + y, x).
  scaleLoss: { evaluation: { value: 27.5625, gradient: [52.5, 15.75], mode: 'exact' } },
  ridgeLoss: { evaluation: { value: 2, gradient: [-2, -2], mode: 'exact' } },
  // The residuals are −2 at x = 1 and −4 at x = 2.
  dataLoss: { evaluation: { value: 20, gradient: [-20, -12], mode: 'exact' } },
  bitsLoss: { evaluation: squares },
  deadCodeLoss: { evaluation: squares },
  heldMethodLoss: { evaluation: squares },
  roundedLoss: {
    evaluation: {
      value: 2.5,
      gradient: [-1, -3],
      mode: 'finite-difference',
      tolerance: 1e-5,
      reasonAt: 'Math.round(x * 10 ** n)',
    },
    run: {
      verdict: ['still-improving'],
      exit: 0,
      finds: [{ code: 'piecewise-constant', at: 'Math.round(x * 10 ** n)', isElsewhere: true, fix: null }],
      never: ['gradient-mismatch', 'zero-gradient'],
    },
  },
  jsonLoss: {
    evaluation: { ...squares, mode: 'finite-difference', tolerance: 1e-8, reasonAt: 'stringify' },
  },
  float32Loss: {
    evaluation: {
      value: single.reduce((sum, x) => sum + x ** 2, 0),
      gradient: single.map((x) => 2 * x),
      mode: 'exact',
      tolerance: singleTolerance,
      differences: 1e-3,
    },
  },
  objectLoss: { evaluation: { value: 1, gradient: [-2, 0], mode: 'exact' } },
  twoNumbers: { evaluation: squares },
  restLoss: { evaluation: squares },
  decoratedLoss: { evaluation: { value: 4, gradient: [4], mode: 'exact' } },
  namespaceLoss: { evaluation: { value: 4 * Math.PI, gradient: [4 * Math.PI], mode: 'exact' } },
  usingLoss: { evaluation: { value: 4, gradient: [4], mode: 'exact' } },
};
