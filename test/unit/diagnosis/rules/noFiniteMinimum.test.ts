import { describe, expect, it } from 'vitest';
import type { Asymptote } from '../../../../src/core/ending/runEnd';
import { RuleBench } from '../support/ruleBench';
import { farEnd } from '../support/runEnds';

const reported = (asymptote: Asymptote | null, patch = {}) =>
  new RuleBench('no-finite-minimum', patch, { dim: 2 }).losses(10, 7, 5).finish({}, { ...farEnd, asymptote });

const along = (...direction: number[]): Asymptote => ({
  loss: 0.25,
  direction: Float64Array.from(direction),
  distance: 12_000,
});

describe('no-finite-minimum', () => {
  it('is an info about the coordinates that grow', () => {
    expect(reported(along(0.01, -0.99)).finding).toMatchObject({
      severity: 'info',
      headline: 'No finite minimum: the loss falls as theta[1] decreases.',
      coordinates: [1],
      evidence: { finalLoss: 5, limit: 0.25, distance: 12_000 },
      fixes: [],
    });
  });

  it('says where each of them goes', () => {
    expect(reported(along(0.7, 0.7)).finding!.headline).toContain('theta[0] and theta[1] grow.');
    expect(reported(along(0.7, -0.7)).finding!.headline).toContain('theta[0] and theta[1] grow in size.');
    expect(reported(along(0.7, -0.7)).finding!.detail).toContain('to plus and minus infinity');
  });

  it('has headlines that fit, and words for a maximum', () => {
    const names = ['coefficientOfAge', 'effectOfDay'];
    const finding = reported(along(0.7, -0.7), { names, maximize: true }).finding!;
    expect(finding.headline).toMatch(
      /^No finite maximum: the objective rises as coefficientOfAge and effectOfDay grow in size\.$/,
    );
    expect(finding.headline.length).toBeLessThanOrEqual(90);
  });

  it('is not reported without such a limit', () => {
    expect(reported(null).found).toEqual([]);
  });
});
