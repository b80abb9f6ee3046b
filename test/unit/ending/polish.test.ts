import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { contextAt } from '../../../src/core/context';
import { polish } from '../../../src/core/ending/polish/polish';
import { bowl, type Problem, problem, rosenbrock } from '../diagnosis/support/problems';

const open = contextAt(0, batchesOf(null, null, 0), 1, []);

/** Polishes from the start of a problem. */
function polished(
  { objective, start }: Problem,
  evaluations: number,
  reach = { gradient: 1, move: 0 },
  isOverTime = () => false,
) {
  return polish({
    objective,
    params: Float64Array.from(start),
    open,
    evaluations,
    isOverTime,
    largestGradient: reach.gradient,
    lastMove: reach.move,
  });
}

describe('a polish', () => {
  it.for([1e100, 1e170])(
    'has a result only where its inner products are finite: curvature %s',
    async (scale) => {
      const result = await polished(bowl([scale], [2]), 60, { gradient: 2 * scale, move: 0.1 });
      expect(result === null).toBe(scale > 1e160);
    },
  );

  it('reaches the minimum of an ill-conditioned bowl', async () => {
    const { loss } = (await polished(bowl([1, 1e4], [1, 1]), 60))!;
    expect(loss).toBeLessThan(1e-20);
  });

  it('reaches the minimum of the Rosenbrock function from the usual start', async () => {
    const { loss } = (await polished(rosenbrock(), 120))!;
    expect(loss).toBeLessThan(1e-10);
  });

  it('does not depend on the scale of the parameters', async () => {
    for (const scale of [1e-17, 1e12]) {
      const scaled = bowl([1 / scale ** 2, 3 / scale ** 2], [scale, scale]);
      expect((await polished(scaled, 60))!.loss).toBeLessThan(1e-15);
    }
  });

  it('does not depend on units that differ between the parameters', async () => {
    const units = [1e-26, 400];
    const request = {
      ...{ open, evaluations: 90, isOverTime: () => false, largestGradient: 1, lastMove: 0 },
      start: Float64Array.of(1e-26, 300),
      params: Float64Array.of(3e-26, 430),
      objective: problem([0, 0], (p, grad) => {
        const [a, b] = [p[0]! / units[0]!, p[1]! / units[1]!];
        grad[0] = (2 * (a - 4) + 2 * (a - b - 3)) / units[0]!;
        grad[1] = (-2 * (a - b - 3)) / units[1]!;
        return (a - 4) ** 2 + (a - b - 3) ** 2;
      }).objective,
    };
    const found = (await polish(request))!;
    expect(found.loss).toBeLessThan(1e-12);
    expect(found.params[0]! / 4e-26).toBeCloseTo(1, 4);
    expect(found.params[1]! / 400).toBeCloseTo(1, 4);
  });

  it('descends to a kink, where the gradient does not become small', async () => {
    const kink = problem([0.7, -0.2], (p, grad) => {
      grad[0] = Math.sign(p[0]! - 0.33);
      grad[1] = Math.sign(p[1]!);
      return Math.abs(p[0]! - 0.33) + Math.abs(p[1]!);
    });
    const { loss } = (await polished(kink, 120, { gradient: 1.4, move: 0.1 }))!;
    expect(loss).toBeLessThan(1e-4);
  });

  it('makes at most the allowed number of evaluations', async () => {
    let made = 0;
    const counted = problem([-1.2, 1, 0.4, -0.8], (p, grad) => {
      made++;
      grad.set(p.map((x) => Math.cos(3 * x) + 2 * x));
      return p.reduce((sum, x) => sum + Math.sin(3 * x) / 3 + x * x, 0);
    });
    const { evaluations } = (await polished(counted, 17, { gradient: 1, move: 1 }))!;
    expect(made).toBe(evaluations);
    expect(made).toBeLessThanOrEqual(17);
  });

  it('never returns a higher loss, and counts errors and non-finite losses as too high', async () => {
    const walled = problem([1], (p, grad) => {
      if (p[0]! < 0.5) throw new RangeError('outside');
      grad[0] = 1;
      return p[0]! > 2 ? Number.NaN : p[0]!;
    });
    const { loss } = (await polished(walled, 60, { gradient: 1, move: 0.1 }))!;
    expect(loss).toBeLessThanOrEqual(1);
    expect(loss).toBeCloseTo(0.5, 3);
  });

  it('has no result if the last point cannot be evaluated', async () => {
    const broken = problem([1], () => Number.NaN);
    expect(await polished(broken, 20)).toBeNull();
  });

  it('has no result if the time is over first', async () => {
    let evaluations = 0;
    const counted = problem([1, 1], (p, grad) => {
      evaluations++;
      grad.set([p[0]!, 100 * p[1]!]);
      return 0.5 * p[0]! ** 2 + 50 * p[1]! ** 2;
    });
    expect(await polished(counted, 60, undefined, () => evaluations >= 4)).toBeNull();
    expect(evaluations).toBe(4);
  });
});
