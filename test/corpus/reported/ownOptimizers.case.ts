import type { ReportTable } from './case';

export const file = 'ownOptimizers.ts';
export const cases: ReportTable['cases'] = {
  multiplied: {
    check: {
      passes: false,
      slip: /multiplied by their corrections/,
      departsAt: /at step 1, coordinate 0/,
    },
  },
  oneScale: {
    check: { passes: false, slip: /one number for all coordinates/, departsAt: /at step 1, coordinate 0/ },
  },
  mine: { check: { passes: true } },
};
