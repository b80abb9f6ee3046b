import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';
import { farEnd } from '../support/runEnds';

const bench = () => new RuleBench('unbounded-loss', {}).losses(10, 7, 5);

describe('unbounded-loss', () => {
  it('is reported if the loss decreases far beyond the last point', () => {
    const run = bench().finish({}, { ...farEnd, beyond: { distance: 1e6, loss: -1e9, evaluations: null } });
    expect(run.finding).toMatchObject({
      severity: 'warning',
      steps: [1, 3],
      coordinates: [],
      subject: null,
      evidence: { startLoss: 10, finalLoss: 5, distance: 1e6, farLoss: -1e9 },
      fixes: [],
    });
  });

  it('says which evidence there is', () => {
    const detailOf = (evaluations: number | null) =>
      bench().finish({}, { ...farEnd, beyond: { distance: 40, loss: -700, evaluations } }).finding!.detail;
    expect(detailOf(null)).toContain('Beyond the last point, at 40 times the distance travelled');
    expect(detailOf(337)).toContain('a local search (337 evaluations) lowers it to -700');
  });

  it('is not reported if the loss has a bound there, or if that is not known', () => {
    expect(bench().finish({}, farEnd).found).toEqual([]);
    expect(bench().finish({}, null).found).toEqual([]);
  });
});
