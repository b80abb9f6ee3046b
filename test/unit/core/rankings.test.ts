import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import { BandRecorder } from '../../../src/core/trace/bandRecorder';
import { bandOffset, layoutOf, recordLength } from '../../../src/core/trace/layout';
import { RankingRecorder } from '../../../src/core/trace/rankingRecorder';
import {
  blockStarts,
  type Ranking,
  type RankName,
  rootMeanSquare,
} from '../../../src/core/trace/vectorSample';
import type { StepView } from '../../../src/core/update';
import { runPatch } from '../../support/run';

/** Curvatures from 1e-9 to 1e3 in mixed order; every seventh coordinate has no gradient, and the signs of some gradients change. */
function uneven(dim: number): Objective {
  let evaluations = 0;
  const curvature = (i: number) => (i % 7 === 3 ? 0 : 10 ** (((i * 37) % 13) - 9));
  const evaluate: Objective['valueAndGradient'] = (p, grad) => {
    evaluations++;
    let loss = 0;
    for (let i = 0; i < dim; i++) {
      const noise = i % 5 === 0 ? (evaluations % 2) - 0.5 : 0;
      grad[i] = curvature(i) * (p[i]! + 40 * noise);
      loss += 0.5 * curvature(i) * p[i]! ** 2;
    }
    return loss;
  };
  return {
    dim,
    gradientMode: 'provided',
    value: (p, open) => evaluate(p, new Float64Array(dim), open) as number,
    valueAndGradient: evaluate,
  };
}

const start = (dim: number) => Array.from({ length: dim }, (_, i) => 1 + Math.sin(i));

interface Seen {
  readonly t: number;
  readonly ranking: Ranking | null;
  /** By definition, from all coordinates. */
  readonly expected: Partial<Record<RankName, [coordinate: number, value: number][]>>;
  readonly dead: number;
}

/** The rankings of a run, and those by sorting all coordinates. */
async function rankingsOf(
  dim: number,
  patch: RunConfigPatch,
  optionsOf: (i: number) => { eps: number; beta2: number } = () => ({ eps: 1e-8, beta2: 0.999 }),
): Promise<Seen[]> {
  const { config } = resolveConfig([patch]);
  const recorder = new RankingRecorder(layoutOf(config, dim, 2 ** 27), config);
  const contribution = new Float64Array(dim);
  const isAlive = new Array<boolean>(dim).fill(false);
  const seen: Seen[] = [];
  const expectedAt = (step: StepView): Seen['expected'] => {
    const none = new Float64Array(dim);
    const [m = none, v = none] = step.state;
    const all = Array.from({ length: dim }, (_, i) => i);
    const best = (value: (i: number) => number, among: number[], sign: number) =>
      among
        .map((i): [number, number] => [i, value(i)])
        .filter(([, each]) => sign < 0 || each > 0)
        .sort((a, b) => sign * (b[1] - a[1]))
        .slice(0, 5);
    const alive = all.filter((i) => isAlive[i]);
    const root = (i: number) => Math.sqrt(v[i]! / (1 - optionsOf(i).beta2 ** step.t));
    return {
      largestUpdate: best((i) => Math.abs(step.params[i]! - step.before[i]!), all, 1),
      contribution: best((i) => contribution[i]!, all, 1),
      epsDominated: best((i) => optionsOf(i).eps / (root(i) + optionsOf(i).eps), alive, 1),
      lowestSnr: best((i) => Math.abs(m[i]! / (1 - 0.9 ** step.t)) / root(i), alive, -1),
      dead: all
        .filter((i) => !isAlive[i])
        .slice(0, 5)
        .map((i) => [i, step.params[i]!]),
    };
  };
  await runPatch(uneven(dim), start(dim), patch, {
    onStep(step) {
      recorder.add(step);
      for (let i = 0; i < dim; i++) {
        if (step.grad[i] !== 0) isAlive[i] = true;
        contribution[i]! -= step.grad[i]! * (step.params[i]! - step.before[i]!);
      }
      const dead = isAlive.filter((each) => !each).length;
      seen.push({ t: step.t, ranking: recorder.ranking(step), expected: expectedAt(step), dead });
    },
  });
  return seen;
}

const adam: RunConfigPatch = { optimizer: { name: 'adam', lr: 0.01 }, steps: 40 };

function expectEqual({ t, ranking, expected, dead }: Seen): void {
  expect(ranking!.dead).toBe(dead);
  for (const { name, coordinates, values } of ranking!.ranks) {
    const wanted = expected[name]!;
    expect(values.length, `${name} at step ${t}`).toBe(wanted.length);
    for (const [k, value] of values.entries()) {
      const tolerance = 1e-9 * Math.abs(wanted[k]![1]) + 1e-15;
      expect(Math.abs(value - wanted[k]![1]), `${name} ${k} at step ${t}`).toBeLessThanOrEqual(tolerance);
    }
    if (name === 'dead') expect(coordinates).toEqual(wanted.map(([i]) => i));
  }
}

describe('the rankings of a run', () => {
  it('are the first coordinates by sorting all of them', async () => {
    const seen = await rankingsOf(101, adam);
    expect(seen.every(({ ranking }) => ranking !== null)).toBe(true);
    for (const each of seen) expectEqual(each);
    expect(seen.at(-1)!.ranking!.ranks.map(({ name }) => name)).toEqual([
      'largestUpdate',
      'contribution',
      'epsDominated',
      'lowestSnr',
      'dead',
    ]);
    expect(seen.at(-1)!.dead).toBe(14);
  });

  it('use the eps of each parameter group', async () => {
    const grouped = { ...adam, groups: [{ ranges: [[0, 49]], eps: 1e-3 }] } satisfies RunConfigPatch;
    const seen = await rankingsOf(101, grouped, (i) => ({ eps: i < 50 ? 1e-3 : 1e-8, beta2: 0.999 }));
    for (const each of seen) expectEqual(each);
  });

  it('contain only what the optimizer has', async () => {
    const seen = await rankingsOf(50, { optimizer: { name: 'sgd', lr: 1e-4 }, steps: 2 });
    expect(seen[1]!.ranking!.ranks.map(({ name }) => name)).toEqual([
      'largestUpdate',
      'contribution',
      'dead',
    ]);
  });

  it('are computed at a bounded number of steps, and at the last', async () => {
    const seen = await rankingsOf(40, { ...adam, steps: 1000 });
    const ranked = seen.filter(({ ranking }) => ranking !== null).map(({ t }) => t);
    expect([ranked.length <= 129, ranked[0], ranked[1], ranked.at(-1)]).toEqual([true, 1, 9, 1000]);
  });
});

describe('the blocks of a heatmap', () => {
  it('have the medians of abs(value) of their coordinates', async () => {
    const dim = 200;
    const { config } = resolveConfig([{ ...adam, steps: 3 }]);
    const layout = layoutOf(config, dim, 2 ** 27);
    const starts = blockStarts(dim, layout.blocks!);
    expect([starts.length, starts[0], starts.at(-1)]).toEqual([65, 0, dim]);
    const recorder = new BandRecorder(layout, config);
    await runPatch(
      uneven(dim),
      start(dim),
      { ...adam, steps: 3 },
      {
        onStep(step) {
          recorder.write(step, new Float64Array(recordLength(layout)), bandOffset(layout));
          const b = layout.bands!.indexOf('grad');
          const medians = starts.slice(0, -1).map((from, k) => {
            const sizes = [...step.grad.subarray(from, starts[k + 1])].map(Math.abs).sort((x, y) => x - y);
            const middle = (sizes.length - 1) / 2;
            return (sizes[Math.floor(middle)]! + sizes[Math.ceil(middle)]!) / 2;
          });
          const found = [...recorder.blocks.subarray(b * 64, (b + 1) * 64)];
          for (const [k, median] of medians.entries())
            expect(Math.abs(found[k]! - median)).toBeLessThanOrEqual(1e-12 * median);
        },
      },
    );
  });
});

describe('the named groups of a heatmap', () => {
  /** The groups of the last step, and the root mean square of all coordinates of each. */
  async function groupsOf(dim: number, names: readonly string[]) {
    const patch: RunConfigPatch = { ...adam, steps: 3, names };
    const { config } = resolveConfig([patch]);
    const layout = layoutOf(config, dim, 2 ** 27);
    const recorder = new BandRecorder(layout, config);
    const starts = layout.groups ?? [];
    const b = layout.bands!.indexOf('grad');
    let exact: number[] = [];
    await runPatch(uneven(dim), start(dim), patch, {
      onStep(step) {
        recorder.write(step, new Float64Array(recordLength(layout)), bandOffset(layout));
        exact = starts.slice(0, -1).map((from, g) => {
          const part = step.grad.subarray(from, starts[g + 1]);
          return Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length);
        });
      },
    });
    const count = starts.length - 1;
    return { starts, found: [...recorder.groups.subarray(b * count, (b + 1) * count)], exact };
  }

  it('have the root mean square of their coordinates', async () => {
    const { starts, found, exact } = await groupsOf(150, ['net.w[0..7][0..7]', 'net.b[0..7]', 'out[0..77]']);
    // The rows of the matrix, and the two lists.
    expect(starts).toEqual([0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 150]);
    for (const [g, value] of exact.entries())
      expect(Math.abs(found[g]! - value)).toBeLessThanOrEqual(1e-14 * value);
  });

  it('are those of a sample of a long vector, in which small groups are whole', async () => {
    const { starts, found, exact } = await groupsOf(20_000, ['w[0..19979]', 'b[0..15]', 'c[0..3]']);
    expect(starts).toEqual([0, 19_980, 19_996, 20_000]);
    expect(Math.abs(found[0]! / exact[0]! - 1)).toBeLessThan(0.1);
    for (const g of [1, 2]) expect(Math.abs(found[g]! - exact[g]!)).toBeLessThanOrEqual(1e-14 * exact[g]!);
  });

  it('do not exist for a run without them', () => {
    const { config } = resolveConfig([adam]);
    expect(layoutOf(config, 200, 2 ** 27).groups).toBeUndefined();
  });

  it('have a root mean square in the whole range of numbers', () => {
    expect(rootMeanSquare(Float64Array.of(3e200, 4e200), null)).toBeCloseTo(3.5355339059327e200, -190);
    expect(rootMeanSquare(Float64Array.of(1, Number.NaN, 5), [3, 1, 1])).toBeCloseTo(Math.sqrt(28 / 4), 14);
    expect(rootMeanSquare(Float64Array.of(0, -0), null)).toBe(0);
    expect(rootMeanSquare(Float64Array.of(1, Number.NEGATIVE_INFINITY), null)).toBe(Number.POSITIVE_INFINITY);
    expect(rootMeanSquare(Float64Array.of(Number.NaN), null)).toBeNaN();
    expect(rootMeanSquare(new Float64Array(0), null)).toBeNaN();
  });
});
