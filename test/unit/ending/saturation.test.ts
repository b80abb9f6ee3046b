import { describe, expect, it } from 'vitest';
import type { SaturatedExpression } from '../../../src/core/ending/heldBack';
import { heldBySaturation } from '../../../src/core/ending/saturation';
import type { Objective } from '../../../src/core/objective';
import { farEnd } from '../diagnosis/support/runEnds';

const expression: SaturatedExpression = {
  place: {
    location: { file: '/loss.ts', line: 1, column: 1, endLine: 1, endColumn: 9 },
    expression: 'Math.tanh(z)',
  },
  count: 10,
  saturated: 10,
  value: 0.9999,
  bound: 1,
  depth: 10,
  pulled: 10,
  coordinates: [0],
};

/** A pit of this depth around 0, and a plateau of height 5 beyond 3. */
const pit = (depth: number): Objective => ({
  dim: 1,
  gradientMode: 'exact',
  value: ([x]) => 5 - (Math.abs(x!) < 3 ? depth * (1 - (x! / 3) ** 2) : 0),
  valueAndGradient([x], grad) {
    grad[0] = Math.abs(x!) < 3 ? (2 * depth * x!) / 9 : 0;
    return 5 - (Math.abs(x!) < 3 ? depth * (1 - (x! / 3) ** 2) : 0);
  },
});

/** At 20 on the plateau, at the end of a run from 10 to 5. */
const held = (
  more: {
    share?: number;
    depth?: number;
    polishedLoss?: number;
    finalLoss?: number;
    startLoss?: number;
  } = {},
  about: Partial<SaturatedExpression> = {},
) => {
  const { share = 0, depth = 4, polishedLoss = 5, finalLoss = 5, startLoss = 10 } = more;
  return heldBySaturation({
    saturation: { expressions: [{ ...expression, ...about }], pulledShare: share },
    end: {
      ...farEnd,
      startLoss,
      finalLoss,
      leastLoss: finalLoss,
      polished: { loss: polishedLoss, evaluations: 20, distance: 0, stepsAway: 0, gradientShare: 0 },
    },
    objective: pit(depth),
    params: Float64Array.of(20),
    open: () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 }),
    evaluations: 40,
    largestGradient: 1,
    isOverTime: () => false,
  });
};

describe('a target out of reach', () => {
  it('needs half of the loss in such outputs', async () => {
    expect(await held({ share: 0.5 })).toMatchObject({ kind: 'out-of-reach', share: 0.5 });
    expect(await held({ share: 0.49, depth: 0 })).toBeNull();
  });

  it('needs a loss above a twentieth of its start', async () => {
    expect(await held({ share: 1, depth: 0, startLoss: 99 })).not.toBeNull();
    expect(await held({ share: 1, depth: 0, startLoss: 101 })).toBeNull();
  });

  it('needs a fifth of the values', async () => {
    expect(await held({ share: 1, depth: 0 }, { pulled: 2 })).not.toBeNull();
    expect(await held({ share: 1, depth: 0 }, { pulled: 1 })).toBeNull();
  });
});

describe('a vanished derivative', () => {
  it('needs a loss that is lower by a tenth of the decrease from smaller parameters', async () => {
    const found = await held();
    expect(found).toMatchObject({ kind: 'vanished', factor: 0.1 });
    expect(found).toHaveProperty('loss', 1);
    // A pit of depth d is worth d of 5 + d.
    expect(await held({ depth: 0.56 })).not.toBeNull();
    expect(await held({ depth: 0.55 })).toBeNull();
  });

  it('needs a loss that a local search from the last point does not reach', async () => {
    expect(await held({ polishedLoss: 1 })).toBeNull();
  });

  it('needs 60 % of the values', async () => {
    expect(await held({}, { saturated: 6 })).not.toBeNull();
    expect(await held({}, { saturated: 5 })).toBeNull();
  });

  it('needs arguments that a smaller start makes smaller', async () => {
    expect(await held({}, { depth: 0.9 })).toBeNull();
  });
});

describe('another minimum of the loss', () => {
  /** Two bowls in x, with values 5 at 12 and 0 at 0; the gate g changes nothing, or only the end at a gate of at most 3 is low. */
  const bowls = (isOfGate: boolean): Objective => {
    const at = ([x, g]: Float64Array) => {
      const [near, far] = [5 + (x! - 12) ** 2, x! ** 2];
      if (!isOfGate) return Math.min(near, far);
      return 5 + (x! - 12) ** 2 - (Math.abs(g!) < 3 ? 4 * (1 - (g! / 3) ** 2) : 0);
    };
    return {
      dim: 2,
      gradientMode: 'exact',
      value: at,
      valueAndGradient(params, grad) {
        const [x, g] = params;
        const isNear = isOfGate || 5 + (x! - 12) ** 2 < x! ** 2;
        grad[0] = isNear ? 2 * (x! - 12) : 2 * x!;
        grad[1] = isOfGate && Math.abs(g!) < 3 ? (8 * g!) / 9 : 0;
        return at(params);
      },
    };
  };
  const heldAt = (isOfGate: boolean, coordinates: readonly number[]) =>
    heldBySaturation({
      saturation: { expressions: [{ ...expression, coordinates }], pulledShare: 0 },
      end: { ...farEnd, startLoss: 10, finalLoss: 5, leastLoss: 5, polished: null },
      objective: bowls(isOfGate),
      params: Float64Array.of(12, 20),
      open: () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 }),
      evaluations: 40,
      largestGradient: 1,
      isOverTime: () => false,
    });

  it('is no consequence of an expression that does not depend on its coordinates', async () => {
    expect(await heldAt(false, [1])).toBeNull();
    expect(await heldAt(true, [1])).toMatchObject({ kind: 'vanished' });
  });

  it('is one if the expression depends on all coordinates', async () => {
    expect(await heldAt(false, [0, 1])).toMatchObject({ kind: 'vanished' });
  });
});
