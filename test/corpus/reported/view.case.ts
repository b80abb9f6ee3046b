import type { ReportTable } from './case';

export const file = 'view.tsx';
export const cases: ReportTable['cases'] = {
  jsxLoss: { evaluation: { value: 5, gradient: [2, 4], mode: 'exact' } },
};
