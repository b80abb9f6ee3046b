import type { ReportTable } from './case';

const angle = (30 * Math.PI) / 180;

export const file = 'prototypes.js';
export const cases: ReportTable['cases'] = {
  latLoss: {
    evaluation: {
      value: Math.sin(angle) ** 2,
      gradient: [(2 * Math.sin(angle) * Math.cos(angle) * Math.PI) / 180],
      mode: 'exact',
    },
  },
};
