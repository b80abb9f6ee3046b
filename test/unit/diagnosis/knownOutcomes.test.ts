import { describe, expect, it } from 'vitest';
import type { StepView } from '../../../src/core/update';
import { labelledRuns } from './support/cases';
import { diagnosed } from './support/diagnosed';
import { affine, bowl, rosenbrock } from './support/problems';

describe('runs with a known outcome', () => {
  it('adam on Rosenbrock at lr 10 rises to 4e5 and returns', async () => {
    const { of, outcome, labels } = await diagnosed(rosenbrock(), [
      { optimizer: { name: 'adam', lr: 10 }, steps: 1000 },
    ]);
    expect(labels).toEqual(['instability-at-start']);
    const finding = of('instability-at-start')!;
    expect(finding.evidence.peakLoss).toBeCloseTo(4.41e5, -4);
    expect(outcome.final.loss).toBeCloseTo(2.2, 1);
    expect(finding.steps[0]).toBe(2);
    expect(finding.detail).toContain('of 24.2, reached 4.41e5 and first returned');
  });

  it('Rosenbrock × 1e-10 is slowed by eps, but not when eps is scaled as well', async () => {
    const small = affine(rosenbrock(), 1e-10);
    const slowed = await diagnosed(small, [{ optimizer: { name: 'adam', lr: 0.01 }, steps: 1000 }]);
    expect(slowed.outcome.final.loss * 1e10).toBeCloseTo(3.922, 3);
    const scaled = await diagnosed(small, [
      { optimizer: { name: 'adam', lr: 0.01, eps: 1e-20 }, steps: 1000 },
    ]);
    expect(scaled.outcome.final.loss * 1e10).toBeCloseTo(1.25497, 5);
    expect(scaled.alarms).toEqual([]);
  });

  it('adam moves x = [2, 4] to [1.9, 3.9], then to [1.8, 3.8]', async () => {
    const seen: { readonly loss: number; readonly params: readonly number[] }[] = [];
    const patch = { optimizer: { name: 'adam', lr: 0.1, beta1: 0.8, beta2: 0.9 }, steps: 3 };
    await diagnosed(bowl([2, 2], [2, 4]), [patch], {
      also: { onStep: ({ loss, params }) => void seen.push({ loss, params: [...params] }) },
    });
    // The first step differs from lr by up to eps/√v, here 3e-9. The second differs by a thousandth of lr.
    const apart = (wanted: readonly number[], found: readonly number[]) =>
      Math.max(...wanted.map((each, i) => Math.abs(each - found[i]!)));
    expect(
      apart(
        [20, 18.82, 17.68],
        seen.map(({ loss }) => loss),
      ),
    ).toBeLessThan(5e-3);
    expect(apart([1.9, 3.9], seen[0]!.params)).toBeLessThan(1e-8);
    expect(apart([1.8, 3.8], seen[1]!.params)).toBeLessThan(2e-4);
  });

  it('radam on Rosenbrock at lr 0.01 jumps to x = 0.956 and a loss of 2.6e70, but not at lr 0.001', async () => {
    const losses: number[] = [];
    let first = Number.NaN;
    const leap = await diagnosed(rosenbrock(), [{ optimizer: { name: 'radam', lr: 0.01 }, steps: 200 }], {
      also: {
        onStep({ t, loss, params }) {
          losses.push(loss);
          if (t === 1) first = params[0]!;
        },
      },
    });
    expect(first).toBeCloseTo(0.956, 3);
    expect(losses[5]! / 2.6e70).toBeCloseTo(1, 1);
    expect(leap.labels).toEqual(['unrectified-steps', 'divergence']);
    const fine = await diagnosed(rosenbrock(), [{ optimizer: { name: 'radam', lr: 0.001 }, steps: 200 }]);
    expect(fine.alarms).toEqual([]);
  });

  it('eps-dominates is reported for Rosenbrock × 1e-10', async () => {
    const patch = { optimizer: { name: 'adam', lr: 0.01 }, steps: 1000 };
    const { findings } = await diagnosed(affine(rosenbrock(), 1e-10), [patch]);
    expect(findings.map(({ subject }) => subject)).toEqual([{ kind: 'option', path: ['optimizer', 'eps'] }]);
  });

  it('coupled weight decay is reported for adam, but not for adamw', async () => {
    for (const [name, told] of [
      ['adam', ['coupled-weight-decay']],
      ['adamw', []],
    ] as const) {
      const patch = { optimizer: { name, lr: 0.01, weightDecay: 0.1 }, steps: 1000 };
      expect((await diagnosed(rosenbrock(), [patch])).labels).toEqual(told);
    }
  });

  it('divergence reports the curvature along the path', async () => {
    const { of } = await diagnosed(bowl([100, 1], [1, 1]), [
      { optimizer: { name: 'sgd', lr: 0.03 }, steps: 200 },
    ]);
    expect(of('divergence')!.evidence.curvature).toBeLessThanOrEqual(100);
    expect(of('divergence')!.evidence.curvature).toBeGreaterThan(99.9);
    expect(of('divergence')!.fixes[0]!.patch).toEqual({ optimizer: { lr: 0.01 } });
  });

  it('findings use the names that the user gave to the coordinates', async () => {
    const patch = { optimizer: { name: 'adam', lr: 1e-4 }, names: ['depth'], steps: 1000 };
    const { findings } = await diagnosed(bowl([2], [0], [3]), [patch]);
    expect(findings[0]!.detail).toContain('depth');
    expect(findings[0]!.coordinates).toEqual([0]);
  });
});

describe('fixes that are tried', () => {
  const withDivergence = labelledRuns.filter(({ finds }) => finds.includes('divergence'));
  it.each(withDivergence)('$name: the first fix ends the divergence', async ({ problem, patch }) => {
    const before = await diagnosed(problem, [patch]);
    const [fix] = before.of('divergence')!.fixes;
    const after = await diagnosed(problem, [patch, fix!.patch!]);
    expect(after.alarms).toEqual([]);
    expect(after.outcome.final.loss).toBeLessThan(before.outcome.best.loss);
    const { optimizer, ...nothingElse } = fix!.patch!;
    expect(Object.keys(optimizer!)).toEqual(['lr']);
    expect(nothingElse).toEqual({});
  });

  const helped = labelledRuns.filter(({ finds }) =>
    /^plateau:(lr-too-small|eps-stall|flat-valley)$/.test(finds[0] ?? ''),
  );
  it.each(helped)('$name: one of the fixes reaches a lower loss', async ({ problem, patch }) => {
    const before = await diagnosed(problem, [patch]);
    const outcomes = await Promise.all(
      before.findings[0]!.fixes.map((fix) => diagnosed(problem, [patch, fix.patch!])),
    );
    const least = Math.min(...outcomes.map(({ outcome }) => outcome.best.loss));
    expect(least).toBeLessThan(before.outcome.best.loss);
  });

  const jumps = labelledRuns.filter(({ finds }) => finds.includes('instability-at-start'));
  it.each(jumps)(
    '$name: with one of the fixes, the rise at the start is less than a tenth',
    async ({ problem, patch }) => {
      const before = await diagnosed(problem, [patch]);
      const rises = await Promise.all(
        before.findings[0]!.fixes.map(async (fix) => {
          const { of } = await diagnosed(problem, [patch, fix.patch!]);
          return (of('instability-at-start')?.evidence.rise ?? 0) as number;
        }),
      );
      const rise = before.findings[0]!.evidence.rise as number;
      expect(Math.min(...rises)).toBeLessThan(rise / 10);
    },
  );

  it('a fix changes lr even if the schedule sets the learning rate', async () => {
    const patch = {
      optimizer: { name: 'sgd', lr: 0.03 },
      schedule: { name: 'cosine', tMax: 1000, etaMin: 0.025 },
      steps: 200,
    };
    const { of } = await diagnosed(bowl([100, 1], [1, 1]), [patch]);
    expect(of('divergence')!.fixes[0]!.patch).toEqual({ optimizer: { lr: 0.01 } });
  });
});

/** A shift makes the loss coarser, because of rounding, so that the run converges earlier. */
const isNoConvergence = (found: string) => found !== 'plateau:converged';

describe('findings that do not change', () => {
  const sizeable = labelledRuns.filter(
    ({ finds }) => !finds.some((find) => /non-finite|eps-stall/.test(find)),
  );

  it.each(sizeable)('$name, when the loss is shifted', async ({ problem, patch, finds }) => {
    let first = Number.NaN;
    const note = ({ t, loss }: StepView) => {
      if (t === 1) first = loss;
    };
    await diagnosed(problem, [patch], { also: { onStep: note } });
    for (const by of [16 * first, -16 * first]) {
      const { labels } = await diagnosed(affine(problem, 1, by), [patch]);
      expect(labels.filter(isNoConvergence).sort(), `shift ${by}`).toEqual(
        finds.filter(isNoConvergence).sort(),
      );
    }
  });

  it.each(sizeable)('$name, when the loss is multiplied by 2^-33', async ({ problem, patch, finds }) => {
    const scale = 2 ** -33;
    const optimizer = patch.optimizer ?? { name: 'adam' };
    const isSgd = optimizer.name === 'sgd';
    const scaled = {
      ...patch,
      optimizer: isSgd
        ? { ...optimizer, lr: (optimizer.lr as number) / scale }
        : { ...optimizer, eps: ((optimizer.eps as number | undefined) ?? 1e-8) * scale },
      clip: patch.clip?.norm ? { norm: patch.clip.norm * scale } : null,
    };
    const { labels } = await diagnosed(affine(problem, scale), [scaled]);
    expect([...labels].sort()).toEqual([...finds].sort());
  });

  it.each([1, 2, 5])(
    'a shift of %de6 does not change divergence, instability-at-start and lr-too-small',
    async (k) => {
      const kept = ['divergence', 'instability-at-start', 'plateau:lr-too-small'];
      for (const { name, problem, patch, finds } of sizeable) {
        if (!kept.includes(finds[0]!)) continue;
        const { labels } = await diagnosed(affine(problem, 1, k * 1e6), [patch]);
        expect(labels.filter(isNoConvergence), name).toEqual(finds);
      }
    },
  );
});
