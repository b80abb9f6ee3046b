import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';
import type { ScriptedStep } from '../support/scriptedPath';

/** Steps of a window, and what decides in it. */
const window = 40;
const edge = 14;
const staying = 0.5;
const netShare = 0.1;
const worth = 1 / 1000;
const fallShare = 1 / 20;
const turnShare = 0.8;
/** The first window has none before it, and two in a row must swing. */
const told = 3 * window;

const oscillation = (patch = {}, options = {}) =>
  new RuleBench('oscillation', { optimizer: { name: 'sgd', lr: 0.3 }, steps: 1000, ...patch }, options);

/** To and fro by `size`, at a loss that stays: L0 = 1 and S = fl, unless the loss says more. */
const swing = (k: number, size = 0.1): ScriptedStep => ({ loss: 1, delta: k % 2 === 0 ? size : -size });

describe('oscillation', () => {
  it('takes two windows in a row, after a first one', () => {
    const bench = oscillation().steps(told - 1, (k) => swing(k));
    expect(bench.found).toEqual([]);
    const { finding } = bench.step(swing(told - 1));
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [told - 2 * window + 1, told],
      coordinates: [0],
    });
    expect(finding!.evidence.path).toBeCloseTo(window * 0.1, 12);
    expect(finding!.evidence.net).toBeCloseTo(0, 12);
    expect(finding!.evidence.workPerStep).toBeCloseTo(0.1, 12);
    expect(finding!.evidence.lr).toBe(0.3);
  });

  it('is none of two windows with a straight one between', () => {
    const bench = oscillation();
    for (let w = 0; w < 6; w++)
      bench.steps(window, (k) => (w % 2 === 0 ? swing(k) : { loss: 1, delta: 0.1 }));
    expect(bench.found).toEqual([]);
  });

  it.each([
    [netShare * 0.99, 1],
    [netShare * 1.01, 0],
  ])('net way of %d of the path: %d found', (share, count) => {
    // Forth by 1 + share, back by 1 − share: 40 steps lead 40 share far on a path of 40.
    const bench = oscillation().steps(told, (k) => ({ loss: 1, delta: k % 2 === 0 ? 1 + share : share - 1 }));
    expect(bench.found).toHaveLength(count);
  });

  it('looks at the net way of its own window', () => {
    const bench = oscillation().step({ loss: 1, delta: 1000 });
    bench.steps(told + window, (k) => swing(k));
    expect(bench.finding!.evidence.net).toBeCloseTo(0, 9);
  });

  it.each([0.1, -0.1])('is none of a coordinate that goes straight on by %d', (delta) => {
    expect(oscillation().steps(2 * told, { loss: 1, delta }).found).toEqual([]);
  });

  it.each([
    [staying * 1.01, 1],
    [staying * 0.99, 0],
  ])('a path of %d of the one before: %d found', (factor, count) => {
    const bench = oscillation().steps(4 * window, (k) => swing(k, factor ** Math.floor(k / window)));
    expect(bench.found).toHaveLength(count);
  });

  it('compares each window with the one before it, not with the first', () => {
    const bench = oscillation().steps(6 * window, (k) => swing(k, 0.7 ** Math.floor(k / window)));
    expect(bench.finding!.steps[0]).toBe(told - 2 * window + 1);
    const shrunk = oscillation().steps(window, (k) => swing(k, 10));
    expect(shrunk.steps(told - window, (k) => swing(k, 0.1)).found).toEqual([]);
    expect(shrunk.steps(window, (k) => swing(k, 0.1)).found).toHaveLength(1);
  });

  describe('takes steps that are worth something', () => {
    it.each([
      [worth * 0.99, 0],
      [worth * 1.01, 1],
    ])('%d of S: %d found', (share, count) => {
      // S = R = 10 − 5.
      const bench = oscillation().losses(10);
      bench
        .steps(told - 1, (k) => ({ ...swing(k, 5 * share), loss: 5 }))
        .steps(window, (k) => ({ ...swing(k, 5 * share), loss: 5 }));
      expect(bench.found).toHaveLength(count);
    });

    it.each([
      [0.9, 0],
      [1.1, 1],
    ])('%d of fl: %d found', (share, count) => {
      const size = share * 64 * Number.EPSILON;
      // From theta = 0, where a move of 1e-14 is not rounded; half a window of rest would halve the mean.
      expect(oscillation().steps(told, (k) => swing(k, size)).found).toHaveLength(count);
    });

    it('by the gradient times the move', () => {
      const bench = (grad: number) =>
        oscillation()
          .losses(10)
          .steps(told + window - 1, (k) => ({ ...swing(k, 5e-3), loss: 5, grad }));
      expect(bench(0.99).found).toEqual([]);
      expect(bench(-1.01).found).toHaveLength(1);
    });
  });

  describe('takes a loss that does not fall', () => {
    /** Medians of a loss that falls by `fall` a window in the middle of it; S = 10. */
    const falling = (fall: number) =>
      oscillation()
        .losses(20, 10, 10)
        .steps(window - 3, (k) => ({ ...swing(k), loss: 10 }))
        .steps(told, (k) => ({ ...swing(k), loss: k % window < window / 2 ? 10 : 10 - fall }));
    it.each([
      [fallShare * 0.99, 1],
      [fallShare * 1.01, 0],
    ])('%d of S: %d found', (share, count) => {
      // R = 10 + fall.
      const fall = (10 * share) / (1 - share);
      expect(falling(fall).found).toHaveLength(count);
    });

    it('and may alternate as the moves do', () => {
      const bench = oscillation().steps(told + window, (k) => ({ ...swing(k), loss: k % 2 === 0 ? 10 : 0 }));
      expect(bench.found).toHaveLength(1);
    });

    it('and may rise', () => {
      // By less than a spike.
      expect(falling(-0.1).found).toHaveLength(1);
    });

    it.each([
      [edge / 2 - 1, 1],
      [edge / 2 + 1, 0],
    ])('by the medians of its first and last steps: %d of them low, %d found', (low, count) => {
      const bench = oscillation()
        .losses(20, 10, 10)
        .steps(window - 3, (k) => ({ ...swing(k), loss: 10 }))
        .steps(told, (k) => ({ ...swing(k), loss: k % window >= window - low ? 0 : 10 }));
      expect(bench.found).toHaveLength(count);
    });

    it.each([
      [edge / 2 - 1, 1],
      [edge / 2 + 1, 0],
    ])('and not by single steps: %d of the first high, %d found', (high, count) => {
      const bench = oscillation()
        .losses(20, 10, 10)
        .steps(window - 3, (k) => ({ ...swing(k), loss: 10 }))
        .steps(told, (k) => ({ ...swing(k), loss: k % window < high ? 15 : 10 }));
      expect(bench.found).toHaveLength(count);
    });
  });

  it('waits while the schedule is still to bring lr down', () => {
    const waiting = (steps: number, schedule: Record<string, string | number>) =>
      oscillation({ schedule }).steps(steps, (k) => swing(k));
    expect(waiting(700, { name: 'cosine', tMax: 1000 }).found).toEqual([]);
    expect(waiting(900, { name: 'cosine', tMax: 1000 }).found).toHaveLength(1);
    expect(waiting(told, { name: 'cosine', tMax: 1000, etaMin: 0.05 }).found).toHaveLength(1);
  });

  it('waits while a spike rings', () => {
    // A spike at 73, of which the echo lasts to 172: windows that begin before it are left out.
    const rung = (t: number, loss = 5) =>
      oscillation()
        .losses(20)
        .steps(71, (k) => ({ ...swing(k), loss: 0 }))
        .losses(loss)
        .steps(t - 73, (k) => ({ ...swing(k), loss: 0 }));
    expect(rung(6 * window, 0).range).toEqual([told - 2 * window + 1, 6 * window - window]);
    expect(rung(6 * window).found).toEqual([]);
    expect(rung(7 * window).range).toEqual([5 * window + 1, 7 * window]);
  });

  it('names the coordinates that swing, the one worth most first', () => {
    const bench = oscillation({}, { dim: 3 }).steps(told, (k) => {
      const side = k % 2 === 0 ? 1 : -1;
      return { loss: 1, delta: [0.1 * side, 0.1, 0.3 * side] };
    });
    expect(bench.finding!.coordinates).toEqual([2, 0]);
    expect(bench.finding!.evidence.path).toBeCloseTo(window * 0.3, 12);
  });

  it('lasts, quietly', () => {
    const bench = oscillation().steps(told, (k) => swing(k));
    const { revision } = bench.board;
    bench.steps(window, (k) => swing(k));
    expect(bench.range![1]).toBe(told);
    bench.steps(window, (k) => swing(k));
    expect(bench.range![1]).toBe(told + 2 * window);
    expect(bench.board.revision).toBe(revision + 1);
    expect(bench.steps(10 * window, { loss: 1, delta: 0 }).range![1]).toBe(told + 2 * window);
  });

  it('leaves it to gradients that come round', () => {
    const bench = oscillation()
      .steps(told, (k) => swing(k))
      .post('cyclic-gradient');
    expect(bench.found).toHaveLength(1);
    expect(bench.finish().found).toEqual([]);
    expect(
      oscillation()
        .steps(told, (k) => swing(k))
        .finish().found,
    ).toHaveLength(1);
  });

  it.each([
    [turnShare - 1 / window, 0],
    [turnShare, 1],
  ])('with mini-batches: turns in %d of the steps, %d found', (share, count) => {
    const turns = Math.round(share * window);
    // The first steps of a window go on by turns of two, the others turn each time.
    const straight = window - turns;
    let side = 1;
    const bench = oscillation({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 }).steps(4 * window, (k) => {
      const at = k % window;
      if (at >= straight || k === 0) side = -side;
      // Where it does not turn it stands still now and then: net stays small.
      return { loss: 1 + (k % 2), delta: at < straight ? 0.05 * side : side };
    });
    expect(bench.found).toHaveLength(count);
  });

  it('does not take standing still for a turn', () => {
    const bench = oscillation({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 });
    bench.steps(4 * window, (k) => ({ loss: 1 + (k % 2), delta: [1, -1, 1, 0, -1][k % 5]! }));
    // Three in five are turns.
    expect(bench.found).toEqual([]);
  });

  it('takes no turns to be counted of a whole loss', () => {
    const slow = (options = {}, patch = {}) =>
      oscillation(patch, options).steps(4 * window, (k) => ({
        loss: 1 + (k % 2),
        delta: k % 10 < 5 ? 1 : -1,
      }));
    expect(slow().found).toHaveLength(1);
    expect(slow({ stepsPerEpoch: 2 }, { samples: 20, batch: 10 }).found).toEqual([]);
  });
});
