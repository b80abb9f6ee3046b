import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { seededRandom } from '../../../src/core/numerics/random';
import type { VerdictKind } from '../../../src/core/verdict/verdict';
import { diagnosed } from '../diagnosis/support/diagnosed';
import { type Problem, problem } from '../diagnosis/support/problems';

/** Least squares of a line through 20 values at 0, 0.1, …, 1.9, which are no line: batches disagree everywhere. */
function wave(value: (i: number) => number): Problem {
  return problem([0, 0], (p, grad, { indices }) => {
    grad.fill(0);
    return indices.reduce((sum, i) => {
      const off = p[0]! + (p[1]! * i) / 10 - value(i);
      grad[0]! += (2 * off) / indices.length;
      grad[1]! += (2 * off * i) / 10 / indices.length;
      return sum + off ** 2 / indices.length;
    }, 0);
  });
}

const sine = wave(Math.sin);

/** Logistic regression of 60 samples with overlapping classes. */
function logistic(seed: number): Problem {
  const random = seededRandom(77, seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rows = Array.from({ length: 60 }, () => {
    const x = [1, normal(), normal()];
    return { x, label: 1.5 * x[1]! - x[2]! + normal() > 0 ? 1 : 0 };
  });
  return problem([0, 0, 0], (w, grad, { indices }) => {
    grad.fill(0);
    return indices.reduce((sum, i) => {
      const { x, label } = rows[i]!;
      const z = x.reduce((dot, each, j) => dot + each * w[j]!, 0);
      const error = (1 / (1 + Math.exp(-z)) - label) / indices.length;
      x.forEach((each, j) => {
        grad[j]! += error * each;
      });
      return sum + (Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)))) / indices.length;
    }, 0);
  });
}

const batches = (optimizer: RunConfigPatch['optimizer'], steps: number, samples = 20): RunConfigPatch => ({
  ...(optimizer ? { optimizer } : {}),
  steps,
  samples,
  batch: 4,
});

describe('a run with mini-batches', () => {
  // The curvature of the loss is at most 4.2, so gradient descent is stable below lr 0.48.
  it.for<[number, number, readonly VerdictKind[]]>([
    // A third of the decrease is left, and the losses of the last epochs do not fall clearly.
    [0.03, 50, ['stalled', 'still-improving']],
    // The start is as near to the minimum as the noise allows.
    [0.1, 50, ['stalled']],
    [0.1, 2000, ['stalled']],
    // The last epochs are far above the start: the run made it worse.
    [0.3, 50, ['unstable']],
  ])('is not unstable because of noise at lr %d in %d steps', async ([lr, steps, kinds]) => {
    const { verdict } = await diagnosed(sine, [batches({ name: 'sgd', lr }, steps)], { around: true });
    expect(kinds, verdict.headline).toContain(verdict.kind);
    if (verdict.kind === 'stalled') expect(verdict.headline).toContain('mini-batch noise');
  });

  it('has converged to within its noise if little is left over all samples, whatever its batches show', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const of = logistic(seed);
      const patch = {
        ...batches({ name: 'adam', lr: 0.01 }, 1500, 60),
        batch: 10,
        ...(seed % 2 === 0 ? { validation: 'heldOut' } : {}),
      };
      const validation = (params: Float64Array) =>
        of.objective.value(params, () => ({
          step: 0,
          epoch: 0,
          indices: [1, 2, 3],
          random: () => 0,
        })) as number;
      const { verdict, end } = await diagnosed(of, [patch], {
        around: true,
        ...(seed % 2 === 0 ? { validation } : {}),
      });
      const share = (end.finalLoss - end.polished!.loss) / (end.startLoss - end.polished!.loss);
      // The loss over all samples may still fall.
      const kinds: VerdictKind[] =
        share < 0.009 ? ['converged', 'still-improving'] : ['stalled', 'still-improving'];
      expect(kinds, `${seed} ${share} ${verdict.headline} ${verdict.detail}`).toContain(verdict.kind);
      if (verdict.kind !== 'still-improving') expect(verdict.headline).toContain('mini-batch noise');
    }
  });
});
