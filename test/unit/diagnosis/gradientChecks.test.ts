import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { coordinateNames } from '../../../src/core/coordinates/coordinateNames';
import type { FindingReport } from '../../../src/core/diagnosis/finding';
import { withGradientChecks } from '../../../src/core/diagnosis/probes/gradientChecks';
import { seededRandom } from '../../../src/core/numerics/random';
import type { Objective } from '../../../src/core/objective';
import { expectWellWorded } from '../../support/findingWords';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

const start = [-1.2, 1];

/** Rosenbrock with a modified gradient. */
function provided(change: (grad: Float64Array, params: Float64Array) => void): Objective {
  const right = analyticObjective('rosenbrock');
  return {
    ...right,
    valueAndGradient(params, grad, open) {
      const loss = right.valueAndGradient(params, grad, open);
      change(grad, params);
      return loss;
    },
  };
}

async function found(
  objective: Objective,
  patch: RunConfigPatch = { steps: 200 },
  exact: Objective | null = null,
  from: readonly number[] = start,
  beside = objective,
): Promise<FindingReport[]> {
  const reports: FindingReport[] = [];
  const { config } = resolveConfig([patch]);
  const nameOf = coordinateNames(config.names, null, objective.dim);
  const report = (found: FindingReport) => reports.push(found);
  const checked = withGradientChecks({ objective, beside, config, nameOf, exact, report });
  await runPatch(checked, from, patch);
  return reports;
}

describe('the checks of a run’s gradient', () => {
  it('find a wrong gradient after a start at which the loss is infinite', async () => {
    const right = analyticObjective('rosenbrock');
    let calls = 0;
    const objective: Objective = {
      ...provided((grad) => {
        grad[0]! *= 1.5;
      }),
    };
    const wrong = objective.valueAndGradient.bind(objective);
    const infiniteAtFirst: Objective = {
      ...objective,
      value: (params, open) => (calls <= 1 ? Number.POSITIVE_INFINITY : right.value(params, open)),
      valueAndGradient(params, grad, open) {
        const loss = wrong(params, grad, open);
        return ++calls === 1 ? Number.POSITIVE_INFINITY : loss;
      },
    };
    expect(await found(infiniteAtFirst)).toMatchObject([{ code: 'gradient-mismatch' }]);
  });

  it('report nothing for a correct gradient, and do not change the run', async () => {
    const objective = analyticObjective('rosenbrock');
    expect(await found(objective, { steps: 3000 })).toEqual([]);
    const plain = await runPatch(objective, start, { steps: 100 });
    const { config } = resolveConfig([{ steps: 100 }]);
    const checked = withGradientChecks({
      objective,
      beside: objective,
      config,
      nameOf: String,
      exact: null,
      report: () => {},
    });
    expect([...(await runPatch(checked, start, { steps: 100 })).final.params]).toEqual([
      ...plain.final.params,
    ]);
  });

  describe('of a loss in single precision', () => {
    const { fround } = Math;
    const single = (factor: number): Objective => ({
      dim: 2,
      gradientMode: 'exact',
      value: ([x, y]) => fround(x! - 1) ** 2 + fround(fround(y! - 2) ** 2),
      valueAndGradient([x, y], grad) {
        grad.set([2 * factor * (x! - 1), 2 * (y! - 2)]);
        return this.value(Float64Array.of(x!, y!), undefined as never) as number;
      },
    });
    const starts = Array.from({ length: 200 }, (_, i) => [0.3 + Math.sin(i), 0.2 + Math.cos(7 * i)]);

    it('report nothing for a correct gradient', async () => {
      for (const [seed, at] of starts.entries())
        expect(await found(single(1), { steps: 3, seed }, null, at), `seed ${seed}`).toEqual([]);
    });

    it('report a wrong gradient', async () => {
      const reports = await Promise.all(
        starts.slice(0, 20).map((at) => found(single(2), { steps: 3 }, null, at)),
      );
      expect(reports.filter(([report]) => report?.code === 'gradient-mismatch').length).toBeGreaterThan(10);
    });
  });

  describe('of a loss whose parameters are in different units', () => {
    const random = seededRandom(11);
    const times = Array.from({ length: 12 }, (_, k) => 0.3 * k);
    /** Σ (a exp(−b t) + c − y)², the derivatives by hand. */
    const decay = ([a, b, c]: readonly number[], grad: Float64Array): number => {
      let loss = 0;
      grad.fill(0);
      for (const t of times) {
        const e = Math.exp(-b! * t);
        const miss = a! * e + c! - 3 * Math.exp(-0.7 * t) - 0.4;
        loss += miss * miss;
        grad[0]! += 2 * miss * e;
        grad[1]! -= 2 * miss * a! * t * e;
        grad[2]! += 2 * miss;
      }
      return loss;
    };
    const inUnits = (units: readonly number[], factors: readonly number[]): Objective => {
      const inner = new Float64Array(3);
      const at = (params: Float64Array) =>
        decay(
          [...params].map((x, i) => x / units[i]!),
          inner,
        );
      return {
        dim: 3,
        gradientMode: 'provided',
        value: at,
        valueAndGradient(params, grad) {
          const loss = at(params);
          for (let i = 0; i < 3; i++) grad[i] = (factors[i]! * inner[i]!) / units[i]!;
          return loss;
        },
      };
    };
    const cases = Array.from({ length: 200 }, (_, seed) => {
      const units = [0, 1, 2].map(() => 10 ** (24 * random() - 12));
      const z = [1 + 3 * random(), 0.2 + random(), random() - 0.5];
      return { seed, units, at: z.map((x, i) => x * units[i]!) };
    });

    it('report nothing for a correct gradient', async () => {
      for (const { seed, units, at } of cases)
        expect(await found(inUnits(units, [1, 1, 1]), { steps: 1, seed }, null, at), `${units}`).toEqual([]);
    });

    it.each([0, 1, 2])('report a wrong derivative along coordinate %d', async (wrong) => {
      for (const factor of [-1, 0, 1.02, 1e6]) {
        const factors = [1, 1, 1].map((one, i) => (i === wrong ? factor : one));
        let right = 0;
        for (const { seed, units, at } of cases.slice(0, 60)) {
          const [report] = await found(inUnits(units, factors), { steps: 1, seed }, null, at);
          if (report?.coordinates[0] === wrong) right++;
        }
        expect(right, `factor ${factor}`).toBeGreaterThanOrEqual(57);
      }
    });
  });

  describe('of a loss with a kink at the point', () => {
    const kinked = (dim: number, loss: (at: readonly number[]) => number, gradient: number[]): Objective => ({
      dim,
      gradientMode: 'provided',
      value: (params) => loss([...params]),
      valueAndGradient(params, grad) {
        grad.set(gradient);
        return loss([...params]);
      },
    });
    const relu = (z: number) => Math.max(0, z);
    const [x, y] = [0, 1] as const;

    it.each([
      ['a rectifier, from the left', (p: readonly number[]) => relu(p[x]!), [0, 0]],
      ['a rectifier, from the right', (p: readonly number[]) => relu(p[x]!), [1, 0]],
      ['an absolute value, between', (p: readonly number[]) => Math.abs(p[x]!) + p[y]!, [0.3, 1]],
      ['a piece that no axis meets', (p: readonly number[]) => relu(Math.min(p[x]!, p[y]!)), [1, 0]],
      [
        'a kink that no line through the point shows',
        (p: readonly number[]) => relu(Math.min(p[x]!, p[y]!)) + Math.min(0, Math.max(p[x]!, p[y]!)),
        [1, 0],
      ],
    ])('report nothing for %s', async (_, loss, gradient) => {
      for (let seed = 0; seed < 20; seed++) {
        const reports = await found(kinked(2, loss, gradient), { steps: 1, seed }, null, [0, 0]);
        // After the first step, the gradient is wrong.
        expect(reports.filter(({ steps: [from] }) => from === 1)).toEqual([]);
      }
    });

    it.each([
      ['a constant loss of nested kinks', (p: readonly number[]) => relu(-relu(p[x]!)) + p[y]!, [-0.25, 1]],
      ['a smooth loss of kinks', (p: readonly number[]) => relu(p[x]!) - relu(-p[x]!) + p[y]!, [0, 1]],
      ['a smooth loss', (p: readonly number[]) => (p[x]! - 1) ** 2 + p[x]! * p[y]!, [2, 0]],
    ])('report a wrong gradient of %s', async (_, loss, gradient) => {
      for (let seed = 0; seed < 20; seed++) {
        const [report] = await found(kinked(2, loss, gradient), { steps: 1, seed }, null, [0, 0]);
        expect(report?.code, `seed ${seed}`).toBe('gradient-mismatch');
      }
    });
  });

  it('report the coordinate, the given value and the correct value', async () => {
    const wrong = provided((grad) => {
      grad[1] = -grad[1]!;
    });
    const [report, ...more] = await found(wrong, { steps: 200, names: ['x', 'y'] });
    expect(more).toEqual([]);
    expect(report).toMatchObject({
      code: 'gradient-mismatch',
      severity: 'error',
      coordinates: [1],
      steps: [1, 1],
      fixes: [{ patch: { gradientMode: 'exact' } }],
    });
    expect(report!.detail).toContain(
      'the provided gradient is 88 for y; finite differences of the loss give -88',
    );
    expect(report!.evidence.given).toBeCloseTo(88, 9);
    expect(report!.evidence.right).toBeCloseTo(-88, 5);
  });

  it('find an error with the exact gradient that a random direction hardly shows', async () => {
    const slightly = provided((grad) => {
      grad[1] = grad[1]! * (1 + 3e-9);
    });
    expect(await found(slightly, { steps: 1 })).toEqual([]);
    const [report] = await found(slightly, { steps: 1 }, analyticObjective('rosenbrock'));
    expect(report?.coordinates).toEqual([1]);
  });

  it('find an error that occurs only later, on another branch', async () => {
    const later = provided((grad, params) => {
      if (params[0]! > 0) grad[0] = 0;
    });
    const [report] = await found(later, { optimizer: { name: 'adam', lr: 0.02 }, steps: 3000 });
    expect(report?.code).toBe('gradient-mismatch');
    expect(report!.steps[0]).toBeGreaterThan(1);
  });

  describe('of a gradient that remembers its calls', () => {
    const remembering = (next: (sum: number, g: number) => number) => () => {
      let sum = 0;
      return provided((grad) => {
        sum = next(sum, grad[1]!);
        grad[1] = sum;
      });
    };
    const mismatchOf = async (make: () => Objective) => {
      const [report] = await found(make(), { steps: 3, names: ['x', 'y'] }, null, start, make());
      expectWellWorded(report!);
      return report!;
    };

    it('say that it accumulates, if each call adds the gradient', async () => {
      const { detail, advice, evidence } = await mismatchOf(remembering((sum, g) => sum + g));
      expect(detail).toContain('It accumulates: a second call at the same point gives another value');
      expect(advice).toContain('Set the sums to 0');
      expect(evidence.class).toBe('accumulates');
      expect(Number(evidence.secondCall) - Number(evidence.firstCall)).toBeCloseTo(Number(evidence.right), 4);
    });

    it('say that it depends on its calls, if it changes in another way', async () => {
      const { detail, evidence } = await mismatchOf(remembering((sum, g) => 0.5 * sum + g));
      expect(detail).toContain('It depends on earlier calls');
      expect(evidence.class).toBe('changes');
    });

    it('say neither of a gradient that is only wrong, and do not call that of the run again', async () => {
      const wrong = () => provided((grad) => grad.fill(1));
      expect((await mismatchOf(wrong)).evidence.class).toBeUndefined();
      let calls = 0;
      const counted = provided((grad) => {
        calls++;
        grad.fill(1);
      });
      await found(counted, { steps: 3 });
      // Three steps, and the final point.
      expect(calls).toBe(4);
    });
  });

  it('become less frequent during the run', async () => {
    let calls = 0;
    const counting = analyticObjective('rosenbrock');
    const value: Objective['value'] = (params, open) => {
      calls++;
      return counting.value(params, open);
    };
    await found({ ...counting, value }, { steps: 20_000 });
    expect(calls).toBeGreaterThan(6 * 5);
    expect(calls).toBeLessThan(6 * 60);
  });

  it('report nothing at a kink, when the loss throws beside the path, or for a gradient from differences', async () => {
    const cone: Objective = {
      dim: 1,
      gradientMode: 'provided',
      value: (p) => Math.abs(p[0]!),
      valueAndGradient(p, grad) {
        grad[0] = 0;
        return Math.abs(p[0]!);
      },
    };
    expect(await found(cone, { steps: 5 }, null, [0])).toEqual([]);
    const fenced: Objective = {
      ...analyticObjective('rosenbrock'),
      value(p) {
        if (p[0] !== -1.2) throw new Error('outside');
        return analyticObjective('rosenbrock').value(p, () => ({}) as never);
      },
    };
    expect(await found(fenced, { steps: 1 })).toEqual([]);
  });

  it('report a loss that gives two values at the same point', async () => {
    let calls = 0;
    const counter: Objective = {
      ...analyticObjective('toy'),
      value: (p) => (p[0]! - 3) ** 2 + 0.01 * ++calls,
    };
    const [report, ...more] = await found(counter, { steps: 50 }, null, [0]);
    expect(more).toEqual([]);
    expect(report).toMatchObject({ code: 'non-deterministic-loss', severity: 'warning', steps: [1, 1] });
  });

  it('report the difference between the two values when three digits do not show it', async () => {
    let calls = 0;
    const counter: Objective = { ...analyticObjective('toy'), value: () => 9 + 2 ** -16 * ++calls };
    const [report] = await found(counter, { steps: 1 }, null, [0]);
    expect(report!.detail).toContain('the loss was 9 both times, but the two values differ by 1.53e-5');
  });
});

describe('the checks of very many coordinates', () => {
  const dim = 300_000;
  /** Σ (1 + i mod 10) θ_i², whose gradient is multiplied by a factor, and the number of its additional evaluations. */
  function wideLoss(factor: number, noise = () => 0) {
    const counted = { evaluations: 0 };
    const sum = (params: Float64Array) => params.reduce((all, x, i) => all + (1 + (i % 10)) * x * x, 0);
    const objective: Objective = {
      ...provided(() => {}),
      dim,
      gradientMode: 'provided',
      value: (params) => sum(params) + noise(),
      valueAndGradient(params, grad) {
        for (let i = 0; i < dim; i++) grad[i] = factor * 2 * (1 + (i % 10)) * params[i]!;
        return sum(params) + noise();
      },
    };
    const beside: Objective = {
      ...objective,
      value(params, open) {
        counted.evaluations++;
        return objective.value(params, open);
      },
    };
    return { objective, beside, counted };
  }
  const from = Array.from({ length: dim }, (_, i) => Math.sin(i));

  it('evaluate nothing in a short run whose losses follow from the gradients', async () => {
    const { objective, beside, counted } = wideLoss(1);
    expect(await found(objective, { steps: 5 }, null, from, beside)).toEqual([]);
    expect(counted.evaluations).toBe(0);
  });

  it.each([-1, 0.5, 1.2])('find a gradient that is %d times the right one', async (factor) => {
    const { objective, beside } = wideLoss(factor);
    expect(await found(objective, { steps: 5 }, null, from, beside)).toMatchObject([
      { code: 'gradient-mismatch' },
    ]);
  });

  it('find a loss that differs between two evaluations', async () => {
    const random = seededRandom(1, 2);
    const { objective, beside } = wideLoss(1, () => 1e4 * random());
    expect(await found(objective, { steps: 5 }, null, from, beside)).toMatchObject([
      { code: 'non-deterministic-loss' },
    ]);
  });

  it('are made at once in a run that is long enough', async () => {
    const { objective, beside, counted } = wideLoss(1);
    const { config } = resolveConfig([{ steps: 1000 }]);
    const checked = withGradientChecks({
      objective,
      beside,
      config,
      nameOf: String,
      exact: null,
      report: () => {},
    });
    const context = { step: 1, epoch: 0, indices: [], random: () => 0 };
    await checked.valueAndGradient(Float64Array.from(from), new Float64Array(dim), () => context);
    expect(counted.evaluations).toBeGreaterThan(5);
  });
});
