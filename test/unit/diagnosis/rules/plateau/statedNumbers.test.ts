import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../../src/core/config/runConfig';
import { formatNumber } from '../../../../../src/core/numerics/format';
import { seededRandom } from '../../../../../src/core/numerics/random';
import { diagnosed } from '../../support/diagnosed';
import { bowl, linearRegression, normal, type Problem, problem } from '../../support/problems';

const sgd = (lr: number, momentum = 0) => ({ name: 'sgd', lr, momentum });
const adam = (lr: number, more = {}) => ({ name: 'adam', lr, ...more });

/** (x − y_i)² over the samples of a batch, one of which is far from the others. */
function withOutlier(seed: number, samples: number, far: number): Problem {
  const random = seededRandom(seed);
  const targets = Array.from({ length: samples }, (_, i) => (i === 3 ? far : normal(random)));
  return {
    start: [2],
    objective: {
      dim: 1,
      gradientMode: 'provided',
      value: ([x], open) => meanOf(open().indices.map((i) => (x! - targets[i]!) ** 2)),
      valueAndGradient([x], grad, open) {
        const { indices } = open();
        grad[0] = meanOf(indices.map((i) => 2 * (x! - targets[i]!)));
        return meanOf(indices.map((i) => (x! - targets[i]!) ** 2));
      },
    },
  };
}

/** w (x − target)² with a weight and a target of each step. */
function changing(
  of: (step: number, random: () => number) => readonly [weight: number, target: number],
): Problem {
  const evaluate = (x: number, step: number, random: () => number) => {
    const [w, target] = of(step, random);
    return [w * (x - target) ** 2, 2 * w * (x - target)] as const;
  };
  return {
    start: [4],
    objective: {
      dim: 1,
      gradientMode: 'provided',
      value([x], open) {
        const { step, random } = open();
        return evaluate(x!, step, random)[0];
      },
      valueAndGradient([x], grad, open) {
        const { step, random } = open();
        const [value, slope] = evaluate(x!, step, random);
        grad[0] = slope;
        return value;
      },
    },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const heavy = changing((_, random) => (random() < 0.02 ? [100, -1] : [1, 1]));
const moving = changing((step) => [1, Math.sin(step / 40)]);
const kink = problem([1, -2], (p, grad) => {
  grad[0] = Math.sign(p[0]! - 0.33);
  grad[1] = Math.sign(p[1]!);
  return Math.abs(p[0]! - 0.33) + Math.abs(p[1]!);
});

interface Case {
  readonly name: string;
  readonly of: Problem;
  readonly patch: RunConfigPatch;
  readonly isContextual?: boolean;
}

const cases: readonly Case[] = [
  ...[1, 2, 3, 4].map((seed) => ({
    name: `batches with an outlier, seed ${seed}`,
    of: withOutlier(seed, 100, 30),
    patch: { optimizer: sgd(0.08), samples: 100, batch: 5, epochs: 60, seed },
    isContextual: true,
  })),
  {
    name: 'regression in batches',
    of: linearRegression(1, 90, 3, 1),
    patch: { optimizer: adam(0.05), samples: 90, batch: 7, epochs: 60 },
    isContextual: true,
  },
  { name: 'rare large draws', of: heavy, patch: { optimizer: adam(0.02), steps: 2000 }, isContextual: true },
  { name: 'a moving minimum', of: moving, patch: { optimizer: sgd(0.05), steps: 800 }, isContextual: true },
  { name: 'a kink', of: kink, patch: { optimizer: adam(0.1), steps: 2050 } },
  { name: 'a minimum', of: bowl([2], [0], [3]), patch: { optimizer: sgd(0.1), steps: 950 } },
];

describe('the numbers that a plateau states are those of the recorded steps', () => {
  it.each(cases)('$name', async ({ of, patch, isContextual = false }) => {
    const losses: number[] = [];
    const also = { onStep: ({ loss }: { loss: number }) => void losses.push(loss) };
    const { findings } = await diagnosed(of, [patch], { also, around: true, isContextual });
    const details = findings.filter(({ code }) => code === 'plateau').map(({ detail }) => detail);
    expect(details).not.toEqual([]);
    for (const detail of details) {
      const range = /From step (\d+) to (\d+) the (?:batch )?loss was between (\S+) and (\S+)\.(?: |$)/.exec(
        detail,
      );
      if (range) {
        const stated = losses.slice(Number(range[1]) - 1, Number(range[2]));
        const wanted = [Math.min(...stated), Math.max(...stated)].map((x) => formatNumber(x));
        expect(range.slice(3), detail).toEqual(wanted);
      } else expect(detail).toMatch(/stayed near|at step/);
      const spread = /In steps (\d+) to (\d+) the batch losses .* interquartile range is (\S+)\. /.exec(
        detail,
      );
      if (!spread) continue;
      const window = losses.slice(Number(spread[1]) - 1, Number(spread[2])).sort((a, b) => a - b);
      const last = window.length - 1;
      const wanted = window[Math.ceil(0.75 * last)]! - window[Math.floor(0.25 * last)]!;
      expect(spread[3], detail).toBe(formatNumber(wanted));
    }
  });

  it('is one plateau, if the losses fall for a while and return', async () => {
    const patch = { optimizer: sgd(0.08), samples: 100, batch: 5, epochs: 100 };
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { labels } = await diagnosed(withOutlier(seed, 100, 30), [{ ...patch, seed }], {
        isContextual: true,
      });
      expect(labels.filter((label) => label === 'plateau:noise-floor').length).toBeLessThanOrEqual(1);
    }
  });

  it('covers no steps that the rule did not see, because the loss was far above its start', async () => {
    const drawn = problem([0, 0], (p, grad, { random }) => {
      const [a, b] = [-Math.log(1 - random()) - 1, random() - 0.5];
      grad.set([2 * (p[0]! - a), 4 * (p[1]! - b)]);
      return (p[0]! - a) ** 2 + 2 * (p[1]! - b) ** 2;
    });
    // `diagnosed` compares the stated numbers with the record.
    for (const seed of [53, 130])
      await diagnosed(drawn, [{ optimizer: adam(0.03), steps: 1000, seed }], { isContextual: true });
  });

  it('asks for longer steps where the minimum moves, and for shorter ones where it is drawn', async () => {
    const run = async (of: Problem, patch: RunConfigPatch) =>
      (await diagnosed(of, [patch], { isContextual: true })).of('plateau')?.advice;
    expect(await run(moving, { optimizer: sgd(0.05), steps: 800 })).toMatch(/^Increase lr/);
    expect(await run(heavy, { optimizer: adam(0.02), steps: 2000 })).toMatch(/^Decay lr/);
  });
});
