import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import type { HeldBySaturation, SaturatedExpression } from '../../../../src/core/ending/heldBack';
import { RuleBench } from '../support/ruleBench';
import { farEnd } from '../support/runEnds';

const expression: SaturatedExpression = {
  place: {
    location: { file: '/loss.ts', line: 1, column: 1, endLine: 1, endColumn: 9 },
    expression: 'Math.tanh(z)',
  },
  count: 4,
  saturated: 3,
  value: 0.999,
  bound: 1,
  depth: 8,
  pulled: 3,
  coordinates: [0],
};

const ended = (saturation: HeldBySaturation | null, patch: RunConfigPatch = {}) =>
  new RuleBench('saturation', { optimizer: { name: 'sgd', lr: 0.1 }, ...patch })
    .steps(100, () => ({ loss: 5, grad: 1 }))
    .finish({}, { ...farEnd, saturation });

describe('saturation', () => {
  it('is reported at the expression, without fixes if the target is out of reach', () => {
    const { finding } = ended({ kind: 'out-of-reach', expression, share: 0.75 });
    expect(finding).toMatchObject({
      severity: 'warning',
      location: expression.place.location,
      evidence: { class: 'out-of-reach', share: 0.75, saturated: 3, count: 4 },
      fixes: [],
    });
  });

  it('proposes a smaller start and a smaller learning rate if the derivative has vanished', () => {
    const { finding } = ended({ kind: 'vanished', expression, factor: 0.125, loss: 1 });
    expect(finding!.evidence).toMatchObject({ class: 'vanished', freedLoss: 1 });
    expect(finding!.fixes.map(({ patch }) => patch)).toContainEqual({ optimizer: { lr: 0.01 } });
  });

  it('proposes a smaller start of the coordinates in the expression alone', () => {
    const bench = new RuleBench(
      'saturation',
      { optimizer: { name: 'sgd', lr: 0.1 } },
      { dim: 2, start: [8, 3] },
    );
    const saturation = { kind: 'vanished', expression, factor: 0.125, loss: 1 } as const;
    const { finding } = bench.steps(100, () => ({ loss: 5, grad: 1 })).finish({}, { ...farEnd, saturation });
    expect(finding!.fixes.map(({ patch }) => patch?.start)).toContainEqual([0.8, 3]);
    expect(finding!.detail).toContain('from the last point with');
  });

  it('is silent without evidence', () => {
    expect(ended(null).found).toEqual([]);
  });
});
