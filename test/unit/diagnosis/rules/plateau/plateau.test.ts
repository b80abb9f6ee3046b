import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../../src/core/config/runConfig';
import { nextUpdateAfter } from '../../../../../src/core/diagnosis/rule';
import { mannKendall } from '../../../../../src/core/diagnosis/rules/plateau/mannKendall';
import type { Tail } from '../../../../../src/core/ending/lossCourse';
import { RuleBench } from '../../support/ruleBench';
import { endWithGain, farEnd } from '../../support/runEnds';
import type { ScriptedStep } from '../../support/scriptedPath';

/**
 * The least number of steps of a window, and its least share of the run. Then the largest relative effect of
 * the steps of a converged run, the least negative curvature of a saddle relative to the largest curvature,
 * and the largest distance from its ridge.
 */
const shortest = 100;
const runShare = 1 / 10;
const worthless = 1 / 1000;
const negative = 1e-6;
const onRidge = 1e-2;
/** Oscillations that change the loss per step by less than this share of the improvement are no warning. */
const tolerated = 1 / 500;
/**
 * A fall of the full-batch loss by this share of its improvement outweighs the trend of the mini-batch
 * losses.
 */
const epochShare = 1 / 50;

const sgd = { optimizer: { name: 'sgd', lr: 0.1 }, steps: 1000 };
const bench = (patch = {}, options = {}) => new RuleBench('plateau', { ...sgd, ...patch }, options);
const kinds = ({ found }: RuleBench) => found.map(({ evidence }) => evidence.class);

/** Alternates by ±0.1, which changes the loss by 0.1 at every step. */
const oscillating =
  (loss: number): ((k: number) => ScriptedStep) =>
  (k) => ({ loss, delta: k % 2 === 0 ? 0.1 : -0.1 });
/** A run whose loss falls from 10 to 5. */
const fallen = (run = bench(), steps = 100) =>
  run.steps(steps, (k) => ({ loss: 10 - (5 * k) / steps, delta: 0.1 }));

describe('plateau: its window', () => {
  /** The step at which a flat run is reported. */
  const reportedAt = (patch: object, options = {}) => {
    const run = bench(patch, options);
    for (let k = 0; k < 3000 && run.found.length === 0; k++)
      run.step({ loss: 5, delta: k % 2 === 0 ? 1 : -1, grad: -1 });
    return run.range?.[1];
  };

  it.each<[string, object, number]>([
    ['100 steps at least', { steps: 200 }, shortest],
    ['a quarter of a shorter run', { steps: 199 }, 49],
    ['ten steps of a very short run', { steps: 20 }, 10],
    ['a tenth of the run, where the memory is longer', { steps: 1500 }, runShare * 1500],
    ['the memory of v', { optimizer: { name: 'adam', beta2: 0.99 }, steps: 9000 }, 2 / (1 - 0.99)],
    ['that of momentum', { optimizer: { name: 'sgd', momentum: 0.995 }, steps: 9000 }, 2 / (1 - 0.995)],
    ['that of alpha', { optimizer: { name: 'rmsprop', alpha: 0.992 }, steps: 9000 }, 2 / (1 - 0.992)],
  ])('has %s', (_, patch, window) => {
    // A block is a whole number of steps.
    expect(reportedAt(patch)).toBe(2 * 10 * Math.ceil(window / 10 - 1e-9));
  });

  it('spans at least two epochs, of at most 64 steps each', () => {
    expect(reportedAt({ samples: 600, batch: 10 }, { stepsPerEpoch: 60 })).toBe(2 * 120);
    expect(reportedAt({ samples: 900, batch: 10 }, { stepsPerEpoch: 90 })).toBe(2 * 130);
  });

  it.each([
    [-21, [0, 0], 0],
    [-20, [1, 1], 1],
    [-19, [0, 0], 1],
  ])('tolerates chance: with a trend of S = %d and %j tied, is reported %d times', (S, tied, count) => {
    // Ten block medians form 45 pairs. If 33 pairs fall and 12 rise, S is −21.
    const order = permuted((46 - S) >> 1);
    if (tied[0] !== 0) {
      // One falling pair becomes a tie: the values of a pair that differ by 1 become equal.
      const i = order.findIndex((x, k) => x - 1 === order[k + 1]);
      order[i] = order[i + 1]!;
    }
    expect(mannKendall(Float64Array.from(order))).toBe(S);
    const run = fallen().steps(200, (k) => oscillating(4 + order[Math.floor(k / 10) % 10]! / 10)(k));
    expect(run.found).toHaveLength(count);
  });
});

/** 0 … 9 in an order with this number of falling pairs. */
function permuted(falls: number): number[] {
  const rest = Array.from({ length: 10 }, (_, i) => i);
  let left = falls;
  return Array.from({ length: 10 }, () => {
    const skipped = Math.min(left, rest.length - 1);
    left -= skipped;
    return rest.splice(skipped, 1)[0]!;
  });
}

describe('plateau: saddles', () => {
  /** A run whose loss falls more and more slowly, with these extreme curvatures. */
  const towards = (
    smallest: number,
    largest = 1,
    more: { patch?: object; options?: object; delta?: number } = {},
  ) => {
    const run = bench(more.patch, more.options).steps(100, (k) => ({ loss: 10 - (5 * k) / 99, delta: 0.1 }));
    run.sample({ smallest, largest });
    const { delta = 1e-9 } = more;
    return run.steps(200, (k) => ({ loss: 5 - 1e-9 * k, delta: k % 2 === 0 ? delta : -delta }));
  };

  it('are reported although the loss still falls', () => {
    const run = towards(-1);
    expect(kinds(run)).toEqual(['saddle']);
    expect(run.finding).toMatchObject({ severity: 'warning', steps: [101, 300] });
    expect(kinds(towards(1))).toEqual([]);
  });

  it.each([
    [-1.1 * negative, 1, 1],
    [-0.9 * negative, 1, 0],
    [-1.1 * negative * 50, 50, 1],
    [-0.9 * negative * 50, 50, 0],
    // All curvatures are negative.
    [-1, -0.5, 1],
    [Number.NaN, 1, 0],
  ])(
    'need a negative curvature that is not a rounding error of the largest: %d of %d, reported %d times',
    (smallest, largest, count) => {
      expect(kinds(towards(smallest, largest))).toHaveLength(count);
    },
  );

  it.each([
    [{ isCurvedDown: true, ridgeAway: 0.99 * onRidge }, 1],
    [{ isCurvedDown: true, ridgeAway: 1.01 * onRidge }, 0],
    [{ isCurvedDown: true, ridgeAway: Number.NaN }, 0],
    [{ isCurvedDown: false, ridgeAway: 0 }, 0],
  ])('need a loss that falls on both sides of the current point: %j, reported %d times', (seen, count) => {
    const run = bench().steps(100, (k) => ({ loss: 10 - (5 * k) / 99, delta: 0.1 }));
    run.sample({ smallest: -1, ...seen });
    run.steps(200, (k) => ({ loss: 5 - 1e-9 * k, delta: k % 2 === 0 ? 1e-9 : -1e-9 }));
    expect(run.found).toHaveLength(count);
  });

  it('need steps that hardly change the loss', () => {
    // R = 5, and a window has 100 steps.
    const worth = (share: number) => kinds(towards(-1, 1, { delta: (share * 5 * worthless) / 100 }));
    expect(worth(0.99)).toEqual(['saddle']);
    expect(worth(1.01)).toEqual([]);
  });

  it('are not reported for the curvature of a mini-batch', () => {
    const batches = { patch: { samples: 20, batch: 10 }, options: { stepsPerEpoch: 2 } };
    expect(kinds(towards(-1, 1, batches))).toEqual([]);
  });

  it('are reported as converged when the loss is constant and the curvature is unknown', () => {
    const still = (sampled: boolean) => {
      const run = bench().losses(10).steps(99, { loss: 5 });
      if (sampled) run.sample({ smallest: -1, flattest: Float64Array.of(-1) });
      return run.steps(200, { loss: 5 });
    };
    expect(kinds(still(false))).toEqual(['converged']);
    expect(kinds(still(true))).toEqual(['saddle']);
    const { fixes, coordinates } = still(true).finding!;
    expect(coordinates).toEqual([0]);
    expect(fixes.map(({ patch }) => patch!.start)).toEqual([[-0.1], [0.1], [-0.5]]);
  });
});

describe('plateau: at the end of the run', () => {
  it('gives the losses until the last step, which is not the end of a window', () => {
    const run = fallen().steps(200, (k) => oscillating(0.1)(k));
    expect(run.finding!.detail).toContain('From step 101 to 300 the loss stayed near 0.1.');
    run.steps(30, (k) => oscillating(0.3)(k));
    run.finish({ steps: 330 });
    expect(run.finding!.detail).toMatch(/From step 101 to \d+ the loss was between 0\.1 and 0\.3\d*\./);
  });

  it('says nothing about steps whose losses are not finite', () => {
    const found = (t: number) => {
      const run = fallen().steps(200, (k) => oscillating(0.1)(k));
      return run.finish({}, { ...farEnd, firstNonFinite: { t, loss: Number.NaN } }).found.length;
    };
    expect(found(250)).toBe(0);
    expect(found(990)).toBe(1);
  });

  it('does not blame noise for a loss that still falls under a schedule that has reduced the noise', () => {
    const decaying = { name: 'exponential', gamma: 0.999 } as const;
    const found = (schedule: RunConfigPatch['schedule'] | null, isFalling: boolean) => {
      const run = bench({ samples: 20, batch: 10, ...(schedule && { schedule }) }, { stepsPerEpoch: 2 });
      run.steps(100, (k) => ({ loss: 100 - k }));
      run.steps(200, (k) => oscillating(0.1)(k));
      const tail = isFalling ? ({ isFalling } as Tail) : null;
      return kinds(run.finish({}, { ...endWithGain(0.2), isNoisy: true, tail }));
    };
    expect(found(decaying, false)).toEqual(['noise-floor']);
    expect(found(decaying, true)).toEqual([]);
    expect(found(null, true)).toEqual(['noise-floor']);
  });

  it('says that nothing is left where a local search gains almost nothing, and gives no advice', () => {
    const found = (gain: number) => {
      const run = bench({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 });
      run.steps(100, (k) => ({ loss: 100 - k }));
      run.steps(200, (k) => oscillating(0.1)(k));
      return run.finish({}, { ...endWithGain(gain), isNoisy: true }).finding!;
    };
    expect(found(0.02)).toMatchObject({ evidence: { class: 'noise-floor' } });
    expect(found(0.02).advice).toContain('ecrease lr');
    expect(found(0.005)).toMatchObject({ advice: 'Nothing to do.', fixes: [] });
    expect(found(0.005).detail).toContain('lowers the loss by only 0.025');
  });
});

describe('plateau: the full-batch loss', () => {
  /**
   * Mini-batch losses without a trend. The full-batch loss starts at 10 and takes one of these values per
   * window.
   */
  const watched = (values: readonly number[], patch = {}, scale = 1) => {
    const run = bench({ samples: 20, batch: 10, ...patch }, { stepsPerEpoch: 2 });
    const last = values.length * 100;
    return run.steps(last, (k) => ({
      ...oscillating(5 + (k % 3))(k),
      watched: scale * (k === 0 ? 10 : values[Math.floor(k / 100)]!),
    }));
  };

  it.each([
    [1.01 * epochShare, 0],
    [0.99 * epochShare, 1],
  ])('that falls by %d of its improvement outweighs the mini-batches: reported %d times', (share, count) => {
    // The loss falls from 10 to 5, and then by the given share of its improvement in each window.
    const values = [5];
    for (let k = 0; k < 3; k++) values.push(10 - (10 - values.at(-1)!) / (1 - share));
    expect(watched(values).found).toHaveLength(count);
    expect(watched(values, {}, 1e-6).found).toHaveLength(count);
    // In the first window it falls from its value at the start.
    if (count > 0) expect(watched(values).range![0]).toBe(101);
  });

  it('is not used when the recorded loss is the validation loss', () => {
    expect(watched([5, 4, 3, 2], { validation: 'held' }).found).toHaveLength(1);
    expect(watched([5, 4, 3, 2]).found).toEqual([]);
  });

  it('is only used below its start', () => {
    // The loss falls from window to window, but stays above its start of 10.
    expect(watched([50, 40, 30, 20]).found).toHaveLength(1);
  });

  it('does not count improvements in an earlier window of steps', () => {
    const run = bench({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 });
    // The mini-batch losses show the first fall themselves.
    run.steps(100, (k) => ({ loss: 100 - k, watched: k === 0 ? 10 : 5 }));
    run.steps(200, (k) => ({ ...oscillating(0.1 * (k % 3))(k), watched: 5 }));
    expect(run.range).toEqual([101, 300]);
  });

  it('is ignored where it is not finite', () => {
    expect(watched([5, Number.NaN, Number.NaN, Number.NaN]).found).toHaveLength(1);
  });
});

describe('plateau: a loss function that changes between steps', () => {
  /** Nine of ten losses are 5; the tenth one falls. */
  const cyclic = (fall: number, options = {}, patch = {}) => {
    const run = bench(patch, options);
    return run.steps(400, (k) => ({ ...oscillating(k % 10 === 9 ? 100 - fall * k : 5)(k) }));
  };

  it('is judged by the means of blocks', () => {
    expect(cyclic(0.1, { isContextual: true }).found).toEqual([]);
    expect(kinds(cyclic(0, { isContextual: true }))).toEqual(['noise-floor']);
    expect(cyclic(0.1).found).toHaveLength(1);
  });

  it('is judged by the medians of blocks if it has mini-batches', () => {
    const batches = { samples: 20, batch: 10 };
    expect(kinds(cyclic(0.1, { isContextual: true, stepsPerEpoch: 2 }, batches))).toEqual(['noise-floor']);
  });

  it('is described differently from mini-batch noise', () => {
    expect(cyclic(0, { isContextual: true }).finding!.headline).toContain(
      'the loss function changes between steps',
    );
    const batches = cyclic(0, { stepsPerEpoch: 2 }, { samples: 20, batch: 10 });
    expect(batches.finding!.headline).toContain('mini-batch noise');
  });
});

describe('plateau: beside cyclic-gradient', () => {
  it('is withdrawn, and not reported again', () => {
    const run = fallen().steps(200, oscillating(5));
    expect(kinds(run)).toEqual(['flat-valley']);
    run.post('cyclic-gradient');
    expect(run.steps(100, oscillating(5)).found).toEqual([]);
    expect(run.steps(400, oscillating(5)).found).toEqual([]);
    expect(fallen().post('cyclic-gradient').steps(400, oscillating(5)).found).toEqual([]);
  });

  it('is withdrawn at the end', () => {
    expect(fallen().steps(250, oscillating(5)).post('cyclic-gradient').finish().found).toEqual([]);
    expect(fallen().steps(250, oscillating(5)).finish().range).toEqual([101, 350]);
  });

  it('needs two new windows after cyclic-gradient was withdrawn', () => {
    const run = fallen().post('cyclic-gradient').steps(200, oscillating(5));
    // The finding that the other rule reported disappears.
    const cycle = run.board.findings[0]!;
    expect(cycle.code).toBe('cyclic-gradient');
    run.unpost();
    expect(run.steps(100, oscillating(5)).found).toEqual([]);
    expect(run.steps(100, oscillating(5)).range).toEqual([301, 500]);
  });
});

describe('plateau: mini-batch noise above the start', () => {
  const floor = (best: { t: number; loss: number }, finalLoss: number) => {
    const run = bench({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 }).steps(300, (k) =>
      oscillating(5 + (k % 3))(k),
    );
    const params = new Float64Array(1);
    return run.finish({ best: { ...best, params }, final: { params, loss: finalLoss, gradNorm: 1 } })
      .finding!;
  };

  it('is not reported as a noise floor', () => {
    expect(floor({ t: 0, loss: 4 }, 5)).toMatchObject({
      severity: 'warning',
      steps: [1, 300],
      evidence: { class: 'flat-valley', startLoss: 4, finalLoss: 5 },
    });
  });

  it('is reported as a noise floor when an epoch ended below the start, or the end is as low', () => {
    for (const finding of [floor({ t: 50, loss: 4 }, 5), floor({ t: 0, loss: 4 }, 4)])
      expect(finding).toMatchObject({ severity: 'info', evidence: { class: 'noise-floor' } });
  });

  it('is not considered for the other classes', () => {
    const params = new Float64Array(1);
    const run = fallen().steps(200, oscillating(5));
    run.finish({ best: { t: 0, loss: 4, params }, final: { params, loss: 5, gradNorm: 1 } });
    expect(run.finding!.evidence).not.toHaveProperty('startLoss');
  });
});

describe('plateau: changes of the finding', () => {
  it('replaces the finding when its class changes', () => {
    const run = fallen().steps(200, oscillating(5));
    const { revision } = run.board;
    run.steps(100, { loss: 5, delta: 0 });
    expect(run.finding).toMatchObject({
      severity: 'info',
      steps: [101, 400],
      evidence: { class: 'converged' },
    });
    expect(run.board.revision).toBe(revision + 1);
  });

  it.each([
    [0.99 * tolerated, 'info'],
    [1.01 * tolerated, 'warning'],
  ])('an effect of %d of the improvement per step: %s', (share, severity) => {
    const delta = 5 * share;
    const run = bench().steps(100, (k) => ({ loss: 10 - (5 * k) / 99, delta: 0.1 }));
    run.steps(200, (k) => ({ loss: 5, delta: k % 2 === 0 ? delta : -delta }));
    expect(run.finding).toMatchObject({ severity, evidence: { class: 'flat-valley' } });
  });

  it('reports a second plateau after the loss has fallen again', () => {
    const run = fallen().steps(200, oscillating(5));
    run.steps(100, (k) => ({ loss: 5 - 0.01 * k, delta: 0.1 })).steps(200, oscillating(4));
    expect(run.found.map(({ steps }) => steps)).toEqual([
      [101, 300],
      [401, 600],
    ]);
  });
});

describe('plateau: findings that last', () => {
  const long = { optimizer: { name: 'adam', lr: 0.1, beta2: 0.9 }, steps: 12_000 };
  it.each<[string, ScriptedStep, number]>([
    ['flat', { loss: 5, grad: 1, delta: 0 }, 200],
    ['slow', { loss: 5, grad: 1, delta: -0.1 }, 100],
  ])('%s: are extended at increasing intervals', (kind, step, told) => {
    const run = bench(long).steps(told, (k) => (kind === 'slow' ? { ...step, loss: 5 - 1e-3 * k } : step));
    expect(run.found).toHaveLength(1);
    let due = nextUpdateAfter(told);
    for (let t = told + 100; t <= 6000; t += 100) {
      const { revision } = run.board;
      run.steps(100, (k) => (kind === 'slow' ? { ...step, loss: 5 - 1e-3 * (t - 100 + k) } : step));
      expect(run.board.revision - revision, `at ${t}`).toBe(t >= due ? 1 : 0);
      if (t >= due) {
        expect(run.range![1]).toBe(t);
        due = nextUpdateAfter(t);
      }
    }
  });
});

describe('plateau: a learning rate that is too small', () => {
  /** The limits of reach, straightness and effect; see `slowTravel`. */
  const reachAtMost = 1 / 3;
  const reachOfLongSteps = 0.01;
  const straight = 0.9;
  const farBelowLimit = 0.1;
  /**
   * The share of the gradient of the forecast that is left at the end; the share of Σ lr that is left once
   * the schedule has ended the steps.
   */
  const arrived = 0.5;
  const gone = 0.1;

  /**
   * Gradient descent that moves by −0.01 a step, while its gradient falls from 1 by `fall` over a window of
   * 100 steps.
   */
  const descent = (
    fall: number,
    curvature = 0.5,
    more: { delta?: number; grad?: number; loss?: (k: number) => number } = {},
  ) => {
    const run = bench();
    run.curvature = curvature;
    const { delta = -0.01, grad = 1, loss = (k) => 10 - 1e-3 * k } = more;
    return run.steps(100, (k) => ({ loss: loss(k), grad: grad * (1 - (fall * k) / 99), delta }));
  };
  /** ρ (N − t)/P at the end of the first window. */
  const reach = (fall: number) => ((fall / (1 - fall)) * 900) / 100;

  it('is reported for gradient descent below a tenth of the stable learning rate', () => {
    expect(kinds(descent(0.01, (0.99 * farBelowLimit) / 0.1))).toEqual(['lr-too-small']);
    expect(kinds(descent(0.01, (1.01 * farBelowLimit) / 0.1))).toEqual([]);
    expect(kinds(descent(0.01, Number.NaN))).toEqual([]);
    // A reach of less than a hundredth is too slow at any curvature.
    const [less, more] = [1e-3, 1.2e-3];
    expect(reach(less)).toBeLessThan(reachOfLongSteps);
    expect(reach(more)).toBeGreaterThan(reachOfLongSteps);
    expect(kinds(descent(less, 5))).toEqual(['lr-too-small']);
    expect(kinds(descent(more, 5))).toEqual([]);
  });

  it('is reported when the gradient will fall by less than a third', () => {
    const [less, more] = [0.035, 0.036];
    expect(reach(less)).toBeLessThan(reachAtMost);
    expect(reach(more)).toBeGreaterThan(reachAtMost * 1.008);
    expect(kinds(descent(less))).toEqual(['lr-too-small']);
    expect(kinds(descent(more))).toEqual([]);
    const { evidence } = descent(less).finding!;
    expect(evidence.reach).toBeCloseTo(reach(less), 9);
    // The distance is net/ρ: net is 1, and ρ is 0.0363.
    expect(evidence.distance).toBeCloseTo(1 / (less / (1 - less)), 9);
  });

  it('is reported when the expected improvement is large enough', () => {
    // ½·abs(g)·distance = ½ · 0.99 · 1/0.0101 = 49, compared with R/1000 for a loss that has fallen by R.
    const won = (R: number) => descent(0.01, 0.5, { loss: (k) => (k < 10 ? R : 0) });
    expect(kinds(won(48_000))).toEqual(['lr-too-small']);
    expect(kinds(won(50_000))).toEqual([]);
    // At a slope four times as steep, four times as much.
    const steep = (R: number) => descent(0.01, 0.5, { grad: 4, loss: (k) => (k < 10 ? R : 0) });
    expect(kinds(steep(4 * 48_000))).toEqual(['lr-too-small']);
    expect(kinds(steep(4 * 50_000))).toEqual([]);
  });

  it('is reported only with a gradient and moves', () => {
    expect(kinds(descent(0.01, 0.5, { grad: 0 }))).toEqual([]);
    expect(kinds(descent(0.01, 0.5, { delta: 0 }))).toEqual([]);
  });

  it.each([
    [straight + 0.01, 1],
    [straight - 0.01, 0],
  ])('is reported for moves in one direction: net %d of the path, reported %d times', (share, count) => {
    const run = bench();
    run.curvature = 0.5;
    // Alternates between forward and backward.
    run.steps(100, (k) => ({
      loss: 10 - 1e-3 * k,
      grad: 1 - 1e-4 * k,
      delta: k % 2 === 0 ? -1 - share : 1 - share,
    }));
    expect(run.found).toHaveLength(count);
  });

  it('is reported up to the middle of the run, and remains if the gradient persists', () => {
    const slow = (k: number): ScriptedStep => ({ loss: 10 - 1e-3 * k, grad: 1 - 1e-5 * k, delta: -0.01 });
    const run = bench();
    run.curvature = 0.5;
    run.steps(550, slow);
    expect(kinds(run)).toEqual(['lr-too-small']);
    run.steps(300, (k) => ({ loss: 5 - 0.01 * k, grad: 0.9 - 0.001 * k, delta: -0.01 }));
    expect(kinds(run.finish())).toEqual(['lr-too-small']);
    expect(run.range).toEqual([1, 850]);
    // The finding is withdrawn if less than half of the gradient is left at the end.
    const wrong = bench();
    wrong.curvature = 0.5;
    wrong.steps(550, slow).steps(300, (k) => ({ loss: 5 - 0.01 * k, grad: 0.9 - 0.002 * k, delta: -0.01 }));
    expect(wrong.finish().found).toEqual([]);
    const late = bench().steps(500, (k) => ({ loss: 10 - 1e-3 * k, grad: 1 - 1.9e-3 * k, delta: -0.01 }));
    late.curvature = 0.5;
    expect(late.steps(400, slow).found).toEqual([]);
  });

  it.each([
    [0.99 * arrived, 0],
    [1.01 * arrived, 1],
  ])('is withdrawn at the end if %d of the gradient is left: reported %d times', (share, count) => {
    const run = bench();
    run.curvature = 0.5;
    run.steps(500, (k) => ({ loss: 10 - 1e-3 * k, grad: 1 - 1e-6 * k, delta: -0.01 }));
    run.steps(500, (k) => ({ loss: 9 - 0.01 * k, grad: 1 + ((share - 1) * k) / 499, delta: -0.01 }));
    expect(run.found).toHaveLength(1);
    expect(run.finish().found).toHaveLength(count);
    const steep = bench();
    steep.curvature = 0.5;
    steep.steps(500, (k) => ({ loss: 10 - 1e-3 * k, grad: 4 - 4e-6 * k, delta: -0.01 }));
    steep.steps(500, (k) => ({ loss: 9 - 0.01 * k, grad: 4 + (4 * (share - 1) * k) / 499, delta: -0.01 }));
    expect(steep.finish().found).toHaveLength(count);
  });

  describe('when the schedule has reduced the learning rate to almost 0', () => {
    /** Slow in the first window, with Σ lr = 10; then it does not move. */
    const stopped = (lr: number, grad = 1) => {
      const run = bench();
      run.curvature = 0.5;
      run.steps(100, (k) => ({ loss: 10 - 1e-3 * k, grad: 1, delta: -0.01 }));
      return run.steps(300, { loss: 9.9, grad, lr });
    };

    it('is reported instead of converged', () => {
      expect(kinds(stopped(0.99 * 0.1 * gone))).toEqual(['lr-too-small']);
      expect(kinds(stopped(1.01 * 0.1 * gone))).toEqual(['converged']);
    });

    it('is not reported if the gradient has fallen as well', () => {
      expect(kinds(stopped(1e-6, 0.99 * arrived))).toEqual(['converged']);
      expect(kinds(stopped(1e-6, 1.01 * arrived))).toEqual(['lr-too-small']);
    });

    it.each([
      [0.09, ['schedule']],
      [0.11, ['optimizer', 'lr']],
    ])('or will reduce it, by a factor of %d: refers to %j', (gamma, path) => {
      const run = bench({ schedule: { name: 'multiStep', milestones: [101], gamma } });
      run.curvature = 0.5;
      run.steps(100, (k) => ({ loss: 10 - 1e-3 * k, grad: 1, delta: -0.01 }));
      expect(run.finding!.subject).toEqual({ kind: 'option', path });
    });
  });

  it('is withdrawn when the gradient becomes small nevertheless', () => {
    const run = bench();
    run.curvature = 0.5;
    run.steps(200, (k) => ({ loss: 10 - 1e-3 * k, grad: 1 - 1e-5 * k, delta: -0.01 }));
    expect(kinds(run)).toEqual(['lr-too-small']);
    run.steps(100, (k) => ({ loss: 9 - 0.01 * k, grad: 1 - 0.009 * k, delta: -0.01 }));
    expect(run.found).toEqual([]);
  });

  it('is replaced by converged, and by no other class', () => {
    const run = () => {
      const slow = bench();
      slow.curvature = 0.5;
      return slow.steps(500, (k) => ({ loss: 10 - 1e-3 * k, grad: 1 - 1e-5 * k, delta: -0.01 }));
    };
    expect(kinds(run().steps(200, { loss: 9.5, delta: 0 }))).toEqual(['converged']);
    expect(kinds(run().steps(200, oscillating(9.5)))).toEqual(['lr-too-small']);
  });

  it('is reported in the first half of the run only', () => {
    const from = (t: number) => {
      const run = bench();
      run.curvature = 0.5;
      run.steps(t - 1, (k) => ({ loss: 10 - 1e-3 * k, grad: 1, delta: k % 2 === 0 ? 0.01 : -0.01 }));
      return run.steps(100, (k) => ({ loss: 9 - 1e-3 * k, grad: 1, delta: -0.01 }));
    };
    expect(kinds(from(401))).toEqual(['lr-too-small']);
    expect(kinds(from(501))).toEqual([]);
  });

  it('needs two windows, with two batches per epoch', () => {
    const run = bench({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 });
    run.curvature = 0.5;
    const slow = (k: number): ScriptedStep => ({ loss: 10 - 1e-3 * k, grad: 1, delta: -0.01 });
    expect(run.steps(199, slow).found).toEqual([]);
    expect(run.steps(1, () => slow(199)).found).toHaveLength(1);
  });

  it('is replaced by saddle', () => {
    const run = bench();
    run.curvature = 0.5;
    run
      .steps(500, (k) => ({ loss: 10 - 1e-3 * k, grad: 1 - 1e-5 * k, delta: -0.01 }))
      .sample({ smallest: -1 });
    expect(kinds(run.steps(200, { loss: 9.5, delta: 0 }))).toEqual(['saddle']);
  });

  it('weights the remaining steps with the learning rates that the schedule plans', () => {
    const planned = (schedule: object | null, fall: number) => {
      const run = bench({ schedule });
      run.curvature = 0.5;
      return kinds(run.steps(100, (k) => ({ loss: 10 - 1e-3 * k, grad: 1 - (fall * k) / 99, delta: -0.01 })));
    };
    // With this schedule, only 100 of the remaining 900 steps have a learning rate above 0.
    const short = { name: 'multiStep', milestones: [200], gamma: 1e-6 };
    expect(planned(null, 0.2)).toEqual([]);
    expect(planned(short, 0.2)).toEqual(['lr-too-small']);
    expect(planned(short, 0.3)).toEqual([]);
  });
});

describe('plateau: the level of the loss', () => {
  it.each([
    [5.5, 'the loss stayed near 5.25.'],
    [5.6, 'the loss was between 5 and 5.6.'],
  ])('a loss between 5 and %d after a fall from 1000', (high, words) => {
    const run = bench()
      .steps(100, (k) => ({ loss: 1000 - 9.95 * k, delta: 0.1 }))
      .steps(400, (k) => oscillating(k % 2 === 0 ? 5 : high)(k));
    expect(run.finding?.detail).toContain(words);
  });
});

describe('plateau: parameters that keep moving', () => {
  const detail = (step: Parameters<ReturnType<typeof fallen>['steps']>[1]) =>
    fallen().steps(400, step).finding?.detail ?? '';

  it('oscillate if they move back and forth', () => {
    expect(detail(oscillating(5))).toContain('These changes cancel: the parameters oscillate.');
  });

  it('do not if they drift, for example where weight decay balances the gradient', () => {
    const drifting = bench({ optimizer: { ...sgd.optimizer, weightDecay: 0.1 } }, { dim: 2 })
      .steps(100, (k) => ({ loss: 10 - k / 20, delta: 0.1 }))
      .steps(400, (k) => ({ loss: 5, delta: 0.1, grad: k % 40 < 20 ? [1, -1] : [-1, 1] }));
    expect(drifting.finding?.evidence.class).toBe('flat-valley');
    expect(drifting.finding?.detail).toMatch(/These changes cancel\.$/);
    expect(drifting.finding?.advice).toBe('Decrease weightDecay.');
  });
});
