import { describe, expect, it } from 'vitest';
import { diagnosed } from '../support/diagnosed';
import { problem } from '../support/problems';
import { RuleBench } from '../support/ruleBench';
import type { ScriptedStep } from '../support/scriptedPath';

/** Steps of a window, and the thresholds within it. */
const window = 40;
const edge = 14;
const pathShare = 0.5;
const netShare = 0.1;
const worth = 1 / 1000;
const fallShare = 1 / 20;
const turnShare = 0.8;
/** The first window has no predecessor, and two in a row must oscillate. */
const firstReported = 3 * window;

const oscillation = (patch = {}, options = {}) =>
  new RuleBench('oscillation', { optimizer: { name: 'sgd', lr: 0.3 }, steps: 1000, ...patch }, options);

/** Alternates by ±`size` at a constant loss. L0 = 1 and S is the rounding error, unless the losses differ. */
const oscillating = (k: number, size = 0.1): ScriptedStep => ({ loss: 1, delta: k % 2 === 0 ? size : -size });

describe('oscillation', () => {
  it('is reported after two windows in a row that follow another one', () => {
    const bench = oscillation().steps(firstReported - 1, (k) => oscillating(k));
    expect(bench.found).toEqual([]);
    const { finding } = bench.step(oscillating(firstReported - 1));
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [firstReported - 2 * window + 1, firstReported],
      coordinates: [0],
    });
    expect(finding!.evidence.path).toBeCloseTo(window * 0.1, 12);
    expect(finding!.evidence.net).toBeCloseTo(0, 12);
    expect(finding!.evidence.workPerStep).toBeCloseTo(0.1, 12);
    expect(finding!.evidence.lr).toBe(0.3);
  });

  it('is not reported when other windows come between', () => {
    const bench = oscillation();
    for (let w = 0; w < 6; w++)
      bench.steps(window, (k) => (w % 2 === 0 ? oscillating(k) : { loss: 1, delta: 0.1 }));
    expect(bench.found).toEqual([]);
  });

  it.each([
    [netShare * 0.99, 1],
    [netShare * 1.01, 0],
  ])('with a net distance of %d of the path, is reported %d times', (share, count) => {
    // Forward by 1 + share, backward by 1 − share: 40 steps end at a distance of 40·share, on a path of 40.
    const bench = oscillation().steps(firstReported, (k) => ({
      loss: 1,
      delta: k % 2 === 0 ? 1 + share : share - 1,
    }));
    expect(bench.found).toHaveLength(count);
  });

  it('measures the net distance within one window', () => {
    const bench = oscillation().step({ loss: 1, delta: 1000 });
    bench.steps(firstReported + window, (k) => oscillating(k));
    expect(bench.finding!.evidence.net).toBeCloseTo(0, 9);
  });

  it.each([0.1, -0.1])('is not reported for a coordinate that moves steadily by %d', (delta) => {
    expect(oscillation().steps(2 * firstReported, { loss: 1, delta }).found).toEqual([]);
  });

  it.each([
    [pathShare * 1.01, 1],
    [pathShare * 0.99, 0],
  ])('with a path of %d of the previous one, is reported %d times', (factor, count) => {
    const bench = oscillation().steps(4 * window, (k) => oscillating(k, factor ** Math.floor(k / window)));
    expect(bench.found).toHaveLength(count);
  });

  it('compares each window with the previous one, not with the first', () => {
    const bench = oscillation().steps(6 * window, (k) => oscillating(k, 0.7 ** Math.floor(k / window)));
    expect(bench.finding!.steps[0]).toBe(firstReported - 2 * window + 1);
    const shrunk = oscillation().steps(window, (k) => oscillating(k, 10));
    expect(shrunk.steps(firstReported - window, (k) => oscillating(k, 0.1)).found).toEqual([]);
    expect(shrunk.steps(window, (k) => oscillating(k, 0.1)).found).toHaveLength(1);
  });

  describe('needs steps that change the loss', () => {
    it.each([
      [worth * 0.99, 0],
      [worth * 1.01, 1],
    ])('by %d times S: is reported %d times', (share, count) => {
      // S = R = 10 − 5.
      const bench = oscillation().losses(10);
      bench
        .steps(firstReported - 1, (k) => ({ ...oscillating(k, 5 * share), loss: 5 }))
        .steps(window, (k) => ({ ...oscillating(k, 5 * share), loss: 5 }));
      expect(bench.found).toHaveLength(count);
    });

    it.each([
      [0.9, 0],
      [1.1, 1],
    ])('by %d times the rounding error: is reported %d times', (share, count) => {
      const size = share * 64 * Number.EPSILON;
      // From theta = 0, moves of 1e-14 are not rounded. Half a window without moves would halve the mean.
      expect(oscillation().steps(firstReported, (k) => oscillating(k, size)).found).toHaveLength(count);
    });

    it('estimated by the gradient times the move', () => {
      const bench = (grad: number) =>
        oscillation()
          .losses(10)
          .steps(firstReported + window - 1, (k) => ({ ...oscillating(k, 5e-3), loss: 5, grad }));
      expect(bench(0.99).found).toEqual([]);
      expect(bench(-1.01).found).toHaveLength(1);
    });
  });

  describe('needs a loss that does not fall', () => {
    /** The loss falls by `fall` in the middle of each window; S = 10. */
    const falling = (fall: number) =>
      oscillation()
        .losses(20, 10, 10)
        .steps(window - 3, (k) => ({ ...oscillating(k), loss: 10 }))
        .steps(firstReported, (k) => ({ ...oscillating(k), loss: k % window < window / 2 ? 10 : 10 - fall }));
    it.each([
      [fallShare * 0.99, 1],
      [fallShare * 1.01, 0],
    ])('by %d times S: is reported %d times', (share, count) => {
      // R = 10 + fall.
      const fall = (10 * share) / (1 - share);
      expect(falling(fall).found).toHaveLength(count);
    });

    it('and it may alternate with the moves', () => {
      const bench = oscillation().steps(firstReported + window, (k) => ({
        ...oscillating(k),
        loss: k % 2 === 0 ? 10 : 0,
      }));
      expect(bench.found).toHaveLength(1);
    });

    it('and it may rise', () => {
      // The rise is too small for a spike.
      expect(falling(-0.1).found).toHaveLength(1);
    });

    it.each([
      [edge / 2 - 1, 1],
      [edge / 2 + 1, 0],
    ])(
      'compares the medians of the first and last steps: with %d low ones, is reported %d times',
      (low, count) => {
        const bench = oscillation()
          .losses(20, 10, 10)
          .steps(window - 3, (k) => ({ ...oscillating(k), loss: 10 }))
          .steps(firstReported, (k) => ({ ...oscillating(k), loss: k % window >= window - low ? 0 : 10 }));
        expect(bench.found).toHaveLength(count);
      },
    );

    it.each([
      [edge / 2 - 1, 1],
      [edge / 2 + 1, 0],
    ])(
      'does not compare single steps: with %d high ones at the beginning, is reported %d times',
      (high, count) => {
        const bench = oscillation()
          .losses(20, 10, 10)
          .steps(window - 3, (k) => ({ ...oscillating(k), loss: 10 }))
          .steps(firstReported, (k) => ({ ...oscillating(k), loss: k % window < high ? 15 : 10 }));
        expect(bench.found).toHaveLength(count);
      },
    );

    it('compares whole windows, because a slow oscillation beats with them', () => {
      // The loss has a period of 10 and the coordinate one of 20; mean and maximum are the same in each window.
      const beating = oscillation({ optimizer: { name: 'sgd', lr: 0.3, momentum: 0.9 } }).steps(
        firstReported,
        (k) => ({ loss: 10 + (k % 10), delta: k % 20 < 10 ? 0.1 : -0.1 }),
      );
      expect(beating.finding!.detail).toContain(
        'The mean of the loss was 14.5 over these steps and 14.5 over the 40 steps before.',
      );
    });
  });

  it('is not reported while the schedule will still reduce lr', () => {
    const waiting = (steps: number, schedule: Record<string, string | number>) =>
      oscillation({ schedule }).steps(steps, (k) => oscillating(k));
    expect(waiting(700, { name: 'cosine', tMax: 1000 }).found).toEqual([]);
    expect(waiting(900, { name: 'cosine', tMax: 1000 }).found).toHaveLength(1);
    expect(waiting(firstReported, { name: 'cosine', tMax: 1000, etaMin: 0.05 }).found).toHaveLength(1);
  });

  it('is not reported during the silence after a spike', () => {
    // A spike at step 73 silences the rule up to step 172: windows that begin before are ignored.
    const rung = (t: number, loss = 5) =>
      oscillation()
        .losses(20)
        .steps(71, (k) => ({ ...oscillating(k), loss: 0 }))
        .losses(loss)
        .steps(t - 73, (k) => ({ ...oscillating(k), loss: 0 }));
    expect(rung(6 * window, 0).range).toEqual([firstReported - 2 * window + 1, 6 * window - window]);
    expect(rung(6 * window).found).toEqual([]);
    expect(rung(7 * window).range).toEqual([5 * window + 1, 7 * window]);
  });

  it('names the coordinates that oscillate, sorted by their effect on the loss', () => {
    const bench = oscillation({}, { dim: 3 }).steps(firstReported, (k) => {
      const side = k % 2 === 0 ? 1 : -1;
      return { loss: 1, delta: [0.1 * side, 0.1, 0.3 * side] };
    });
    expect(bench.finding!.coordinates).toEqual([2, 0]);
    expect(bench.finding!.evidence.path).toBeCloseTo(window * 0.3, 12);
  });

  it('names the momentum where the coordinate does not turn at each step', () => {
    const found = (period: number, momentum: number) => {
      const turning = (k: number) => ({ loss: 1, delta: k % period < period / 2 ? 0.1 : -0.1 });
      const patch = { optimizer: { name: 'sgd', lr: 0.3, momentum } };
      return oscillation(patch).steps(firstReported, turning).finding!;
    };
    expect(found(2, 0.9).detail).toContain('Each step likely overshoots the minimum: lr = 0.3.');
    expect(found(2, 0.9).advice).not.toContain('momentum');
    expect(found(8, 0.9).detail).toContain('the momentum (momentum = 0.9) may carry it past the minimum');
    expect(found(8, 0.9).advice).toContain('decrease momentum');
    expect(found(8, 0.9).fixes.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['momentum 0.5', 'momentum 0']),
    );
    expect(found(8, 0.99).fixes.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['momentum 0.9', 'momentum 0.5']),
    );
    expect(found(2, 0.9).fixes.map(({ title }) => title)).not.toContain('momentum 0.5');
    expect(found(8, 0).detail).toContain('the steps are likely too long for it to settle');
  });

  it('states what was measured: steps that cancel, or a period', () => {
    const headline = (delta: (k: number) => number | number[], dim = 1) =>
      oscillation({}, { dim }).steps(firstReported, (k) => ({ loss: 1, delta: delta(k) })).finding!.headline;
    const by = (period: number) => (k: number) => (k % period < period / 2 ? 0.1 : -0.1);
    expect(headline(by(2))).toBe('theta[0] oscillates: successive steps nearly cancel.');
    expect(headline(by(20))).toBe('theta[0] oscillates with a period of about 20 steps.');
    expect(headline(by(40))).toBe('theta[0] oscillates: it moves back and forth.');
    expect(headline((k) => [by(2)(k), by(20)(k)], 2)).toBe(
      'theta[0] and theta[1] oscillate: they move back and forth.',
    );
  });

  it('is withdrawn when the run goes on to a lower loss after it', () => {
    const goingOnAt = (loss: number) =>
      oscillation()
        .losses(20)
        .steps(firstReported + window - 1, (k) => ({ ...oscillating(k), loss: 10 }))
        .steps(2 * window, { loss, delta: 1e-3 })
        .finish().found;
    expect(goingOnAt(10)).toHaveLength(1);
    expect(goingOnAt(9.6)).toHaveLength(1);
    expect(goingOnAt(9.3)).toEqual([]);
  });

  it('is not reported for a coordinate that turns by chance, where the loss function changes between steps', () => {
    const turning = (period: number) => (k: number) => ({ loss: 1, delta: k % period < period / 2 ? 1 : -1 });
    const noisy = (period: number) =>
      oscillation({}, { isContextual: true }).steps(4 * window, turning(period));
    expect(noisy(2).found).toHaveLength(1);
    expect(noisy(8).found).toEqual([]);
  });

  it('extends its range at increasing intervals', () => {
    const bench = oscillation().steps(firstReported, (k) => oscillating(k));
    const { revision } = bench.board;
    bench.steps(window, (k) => oscillating(k));
    expect(bench.range![1]).toBe(firstReported);
    bench.steps(window, (k) => oscillating(k));
    expect(bench.range![1]).toBe(firstReported + 2 * window);
    expect(bench.board.revision).toBe(revision + 1);
    expect(bench.steps(10 * window, { loss: 1, delta: 0 }).range![1]).toBe(firstReported + 2 * window);
  });

  it('is withdrawn in favour of cyclic-gradient', () => {
    const bench = oscillation()
      .steps(firstReported, (k) => oscillating(k))
      .post('cyclic-gradient');
    expect(bench.found).toHaveLength(1);
    expect(bench.finish().found).toEqual([]);
    expect(
      oscillation()
        .steps(firstReported, (k) => oscillating(k))
        .finish().found,
    ).toHaveLength(1);
  });

  it.each([
    [turnShare - 1 / window, 0],
    [turnShare, 1],
  ])('with mini-batches: with turns in %d of the steps, is reported %d times', (share, count) => {
    const turns = Math.round(share * window);
    // In the first steps of a window the direction never reverses; in the others it reverses at every step.
    const straight = window - turns;
    let side = 1;
    const bench = oscillation({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 }).steps(4 * window, (k) => {
      const at = k % window;
      if (at >= straight || k === 0) side = -side;
      // The straight part moves little, so that the net distance stays small.
      return { loss: 1 + (k % 2), delta: at < straight ? 0.05 * side : side };
    });
    expect(bench.found).toHaveLength(count);
  });

  it('does not count a step without a move as a turn', () => {
    const bench = oscillation({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 });
    bench.steps(4 * window, (k) => ({ loss: 1 + (k % 2), delta: [1, -1, 1, 0, -1][k % 5]! }));
    // Three in five steps are turns.
    expect(bench.found).toEqual([]);
  });

  it('does not count turns for a full-batch loss', () => {
    const slow = (options = {}, patch = {}) =>
      oscillation(patch, options).steps(4 * window, (k) => ({
        loss: 1 + (k % 2),
        delta: k % 10 < 5 ? 1 : -1,
      }));
    expect(slow().found).toHaveLength(1);
    expect(slow({ stepsPerEpoch: 2 }, { samples: 20, batch: 10 }).found).toEqual([]);
  });
});

describe('oscillation at a kink', () => {
  const adam = { optimizer: { name: 'adam', lr: 0.3 }, steps: 600 };
  const distance = problem([4], (p, grad) => {
    grad[0] = Math.sign(p[0]! - 1.1);
    return Math.abs(p[0]! - 1.1);
  });
  const largest = problem([3, -2], (p, grad) => {
    const [a, b] = [p[0]! - 0.13, p[1]! + 0.21];
    const isFirst = Math.abs(a) > Math.abs(b);
    grad.set(isFirst ? [Math.sign(a), 0] : [0, Math.sign(b)]);
    return Math.max(Math.abs(a), Math.abs(b));
  });
  const hinges = problem([3], (p, grad) => {
    grad[0] = (p[0]! > 0.3 ? 2 : 0) - (p[0]! < 0.3 ? 3 : 0);
    return 2 * Math.max(0, p[0]! - 0.3) + 3 * Math.max(0, 0.3 - p[0]!);
  });

  it.each([
    ['a distance', distance],
    ['a maximum of distances', largest],
    ['two hinges', hinges],
  ])('asks for a decay of lr, not for less momentum: %s', async (_, of) => {
    const { of: found } = await diagnosed(of, [adam], { around: true });
    const finding = found('oscillation');
    expect(finding?.detail).toContain('likely has a kink');
    expect(finding?.advice).toBe('Decay lr or decrease lr.');
    expect(finding?.fixes[0]?.patch).toHaveProperty('schedule');
  });
});
