import type { FaultCode } from '../../support/faults/codes';
import type { ExpectedReport, ReportCase, ReportTable } from './case';

const noSaddle: readonly FaultCode[] = ['plateau:saddle'];
const noMismatch: readonly FaultCode[] = ['gradient-mismatch'];

function healthy(never: readonly FaultCode[], ...finds: readonly ExpectedReport[]): ReportCase {
  return { run: { verdict: ['converged'], exit: 0, finds, never } };
}

export const file = 'falseAlarms.ts';
export const cases: ReportTable['cases'] = {
  product: healthy(noSaddle),
  productByAdam: healthy(noSaddle),
  twoProducts: healthy(noSaddle),
  sigmoids: { run: { verdict: ['converged', 'still-improving'], exit: 0, finds: [], never: noSaddle } },
  scaleTimesShape: healthy(noSaddle),
  nestedTie: {
    evaluation: { value: 0, gradient: [0], mode: 'exact' },
    run: {
      verdict: ['stalled', 'converged'],
      exit: 0,
      finds: [{ code: 'zero-gradient', at: 'x', within: '[x]' }],
      never: noMismatch,
    },
  },
  rectifierAtZero: {
    evaluation: { value: 2, gradient: [0, -2], mode: 'exact' },
    ...healthy(noMismatch, { code: 'zero-gradient', at: 'b', within: '[b, w]' }),
  },
  oneFlatCoordinate: {
    run: {
      verdict: ['converged'],
      exit: 0,
      finds: [],
      never: ['edge-of-stability'],
      isBelowStabilityLimit: true,
    },
  },
};
