import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { EvaluationContext } from '../../../src/core/objective';
import { diagnosed } from '../diagnosis/support/diagnosed';
import { type Problem, problem } from '../diagnosis/support/problems';

function normal({ random }: EvaluationContext): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The negated evidence bound of a normal posterior N(3, 1/20) with one draw for each step: mu, and rho = log sigma. */
const bound = problem([0, 0], ([mu, rho], grad, context) => {
  const u = normal(context);
  const sigma = Math.exp(rho!);
  const off = mu! + sigma * u - 3;
  grad.set([20 * off, 20 * off * sigma * u - 1]);
  return 10 * off ** 2 - rho!;
});
/** Its mean above that of the best posterior. */
const boundLeft = ([mu, rho]: Float64Array) =>
  10 * ((mu! - 3) ** 2 + Math.exp(2 * rho!)) - rho! - 0.5 - 0.5 * Math.log(20);

/** Σ ½ λ_i (x_i − 2 − n_i)², with normal n_i of deviation 1. */
function scattered(curvatures: readonly number[], start: number): Problem {
  return problem(
    curvatures.map(() => start),
    (p, grad, context) =>
      curvatures.reduce((sum, each, i) => {
        const off = p[i]! - 2 - normal(context);
        grad[i] = each * off;
        return sum + 0.5 * each * off ** 2;
      }, 0),
  );
}

interface Row {
  readonly because: string;
  readonly of: Problem;
  readonly patch: RunConfigPatch;
  readonly kind: 'converged' | 'still-improving';
}

const adam = (lr: number, steps: number): RunConfigPatch => ({ optimizer: { name: 'adam', lr }, steps });
const sgd = (lr: number, steps: number): RunConfigPatch => ({ optimizer: { name: 'sgd', lr }, steps });

const rows: readonly Row[] = [
  {
    because: 'rho is on its way to −1.5, although the objective scatters by more than it still gains',
    of: bound,
    patch: adam(0.02, 600),
    kind: 'still-improving',
  },
  {
    because: 'rho reached −1.5 long ago, and the mean gradient is 0',
    of: bound,
    patch: adam(0.02, 4000),
    kind: 'converged',
  },
  {
    because: 'the flat coordinates have two thirds of their distance left',
    of: scattered([1, 1, 0.2, 0.2], 0),
    patch: sgd(0.003, 800),
    kind: 'still-improving',
  },
  {
    because: 'all coordinates scatter around 2',
    of: scattered([1, 2, 3], 0),
    patch: sgd(0.02, 1500),
    kind: 'converged',
  },
  {
    because: 'Adam goes straight on, and the gradients of consecutive steps agree, although no minimum moves',
    of: scattered([1, 1, 1], -20),
    patch: adam(0.01, 600),
    kind: 'still-improving',
  },
  {
    because: 'the minimum moves, the parameters follow it, and the loss stays',
    of: problem([3], (p, grad, context) => {
      const off = p[0]! - context.step / 100 + 0.3 * normal(context);
      grad[0] = 2 * off;
      return off ** 2;
    }),
    patch: sgd(0.1, 600),
    kind: 'converged',
  },
];

describe('the verdict on a loss with random numbers', () => {
  it.each(rows)('is $kind, because $because', async ({ of, patch, kind }) => {
    for (let seed = 0; seed < 8; seed++) {
      const { verdict, labels } = await diagnosed(of, [{ ...patch, seed }], {
        around: true,
        isContextual: true,
      });
      expect(verdict.kind, `seed ${seed}: ${verdict.headline} ${verdict.detail}`).toBe(kind);
      // Neither has the loss stopped improving, nor would shorter steps help.
      if (kind === 'still-improving') expect(labels, `seed ${seed}`).not.toContain('plateau:noise-floor');
    }
  });

  it('states a rate that is that of the mean loss', async () => {
    const points: Float64Array[] = [];
    const also = { onStep: ({ params }: { params: Float64Array }) => void points.push(params.slice()) };
    let [stated, true_] = [0, 0];
    for (let seed = 0; seed < 12; seed++) {
      points.length = 0;
      const { end } = await diagnosed(bound, [{ ...adam(0.02, 600), seed }], { isContextual: true, also });
      if (end.drift === null) continue;
      stated += end.drift.fallPerStep;
      true_ += (boundLeft(points[499]!) - boundLeft(points[599]!)) / 100;
    }
    expect(stated / true_).toBeGreaterThan(0.5);
    expect(stated / true_).toBeLessThan(2);
  });
});
