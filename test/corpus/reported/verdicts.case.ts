import type { ReportCase, ReportTable } from './case';

function unbounded(name: string): ReportCase {
  return {
    run: {
      verdict: ['unbounded'],
      exit: 0,
      finds: [{ code: 'unbounded-loss', at: name, fix: null }],
      never: ['plateau:lr-too-small', 'divergence'],
      neverFix: /^lr /,
    },
  };
}

export const file = 'verdicts.ts';
export const cases: ReportTable['cases'] = {
  shortAndSlow: {
    run: {
      verdict: ['still-improving'],
      exit: 0,
      // 150 steps cover 0.15 of a distance of 4: ten times as many would not suffice either.
      finds: [{ code: 'plateau:lr-too-small', at: 'lr=0.001', fix: /^lr / }],
      never: ['plateau:converged'],
      proposal: /^lr /,
    },
  },
  leapToFlat: {
    run: {
      verdict: ['diverged'],
      exit: 1,
      finds: [{ code: 'divergence', at: 'lr=0.01', fix: /^lr 1e-4/ }],
      never: ['plateau:converged', 'zero-gradient'],
    },
  },
  downhillForEver: unbounded('downhillForEver'),
  line: unbounded('line'),
  bilinear: unbounded('bilinear'),
  heldByDecay: {
    run: {
      verdict: ['stalled'],
      exit: 0,
      finds: [{ code: 'weight-decay-dominates', at: 'weightDecay=2', fix: /^weightDecay / }],
      never: ['plateau:converged'],
    },
  },
  heldByDecoupledDecay: {
    run: {
      verdict: ['stalled'],
      exit: 0,
      finds: [{ code: 'weight-decay-dominates', at: 'weightDecay=5', fix: /^weightDecay / }],
      never: ['plateau:lr-too-small', 'plateau:converged'],
    },
  },
  decaysEarlyInBatches: {
    run: {
      verdict: ['stalled', 'still-improving'],
      exit: 0,
      finds: [{ code: 'schedule-mismatch', at: 'stepSize=4', fix: /^stepSize |^schedule per epoch/ }],
      never: ['plateau:converged'],
    },
  },
  cycleUnfinished: {
    run: {
      verdict: ['still-improving'],
      exit: 0,
      finds: [{ code: 'schedule-mismatch', at: 'totalSteps=4000', fix: /^totalSteps 200/ }],
    },
  },
  tightClip: {
    run: {
      verdict: ['still-improving', 'stalled'],
      exit: 0,
      finds: [{ code: 'clipping-dominates', at: 'norm=0.001', fix: /clip/ }],
      never: ['plateau:lr-too-small'],
    },
  },
  stopsAtOnce: {
    run: {
      verdict: ['still-improving'],
      exit: 0,
      finds: [{ code: 'stopped-while-improving', at: 'minDelta=0.5', fix: /^early stopping/ }],
    },
  },
};
