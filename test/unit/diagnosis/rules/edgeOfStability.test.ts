import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** Samples in a row, of the whole loss and of batches; the share of what was won from which a rebound matters. */
const inARow = 2;
const inARowOfBatches = 5;
const matters = 1e-3;
const memories = 3;
/** The share of what was won from which a jump is one to warn of. */
const jump = 1 / 50;

/** b of this v; E = P²/(2λ(1 − b)) = 2P²/λ. */
const beta2 = 0.75;
const beyond = { value: 3, limit: 2 };
const below = { value: 1, limit: 2 };

const edge = (patch = {}, options = {}) =>
  new RuleBench(
    'edge-of-stability',
    { optimizer: { name: 'adam', lr: 0.3, beta2 }, steps: 1000, ...patch },
    options,
  );

/** A run that fell from 100 to 0, and goes on by steps that are worth 0.1. */
const settled = (bench = edge(), t = 40) => bench.losses(100).steps(t - 1, { loss: 0, delta: 0.1 });
const next = (bench: RuleBench) => bench.step({ loss: 0, delta: 0.1 });

describe('edge of stability', () => {
  it('takes two samples in a row', () => {
    const bench = settled().sample(beyond);
    expect(bench.found).toEqual([]);
    const { finding } = next(bench).sample(beyond);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [40, 41],
      coordinates: [0],
      evidence: { stability: 3, limit: 2, expectedRebound: 2, curvature: 1, preconditioner: 1, lr: 0.3 },
    });
    const torn = settled();
    for (let k = 0; k < 10; k++) next(torn).sample(k % 2 === 0 ? beyond : below);
    expect(torn.found).toEqual([]);
  });

  it('takes five of mini-batches', () => {
    const bench = edge({ samples: 20, batch: 10 }, { stepsPerEpoch: 2 });
    settled(bench);
    for (let k = 1; k < inARowOfBatches; k++) next(bench).sample(beyond);
    expect(bench.found).toEqual([]);
    expect(next(bench).sample(beyond).range).toEqual([41, 40 + inARowOfBatches]);
  });

  it.each([
    [2, 1],
    [1.999, 0],
    [Number.NaN, 0],
  ])('a value of %d at a limit of 2: %d found', (value, count) => {
    const bench = settled().sample({ value, limit: 2 });
    expect(next(bench).sample({ value, limit: 2 }).found).toHaveLength(count);
  });

  it('never reaches a limit that there is not', () => {
    const none = { value: 1e9, limit: Number.POSITIVE_INFINITY };
    expect(next(settled().sample(none)).sample(none).found).toEqual([]);
  });

  it('waits until the moments have settled, by the age of the optimizer', () => {
    const at = (age: number, beta: number) => {
      const bench = settled();
      for (let k = 0; k < inARow; k++) bench.step({ loss: 0, delta: 0.1, age: age + k, beta }).sample(beyond);
      return bench.found.length;
    };
    // Halves and quarters, for which 3/(1 − beta1) is exact.
    for (const beta of [0.5, 0.75]) {
      const settledAt = memories / (1 - beta);
      expect(at(settledAt - 1, beta)).toBe(0);
      expect(at(settledAt, beta)).toBe(1);
    }
    // Without a beta1.
    expect(at(memories - 1, Number.NaN)).toBe(0);
    expect(at(memories, Number.NaN)).toBe(1);
  });

  it('counts no sample from before that', () => {
    const bench = settled().step({ loss: 0, delta: 0.1, age: 2, beta: 0.5 }).sample(beyond);
    expect(bench.step({ loss: 0, delta: 0.1, age: 6, beta: 0.5 }).sample(beyond).found).toEqual([]);
  });

  describe('takes a rebound that matters', () => {
    const withRebound = (E: number, bench = settled()) => {
      // P = 1.
      const sample = { ...beyond, preconditioner: 1, curvature: 1 / (2 * (1 - beta2) * E) };
      return next(bench.sample(sample)).sample(sample);
    };

    it.each([
      [0.99, 0],
      [1.01, 1],
    ])('%d of R/1000: %d found', (factor, count) => {
      expect(withRebound(factor * matters * 100).found).toHaveLength(count);
    });

    it.each([
      [0.9, 0],
      [1.1, 1],
    ])('%d of rounding, where nothing was won: %d found', (factor, count) => {
      const level = edge().steps(40, { loss: 1e6, delta: 1 });
      const floor = 64 * Number.EPSILON * 1e6;
      const sample = { ...beyond, curvature: 1 / (2 * (1 - beta2) * factor * floor) };
      level.sample(sample).step({ loss: 1e6, delta: 1 }).sample(sample);
      expect(level.found).toHaveLength(count);
    });

    it('which goes with P²', () => {
      const sample = { ...beyond, preconditioner: 0.1, curvature: 1 };
      const { finding } = next(settled().sample(sample)).sample(sample);
      expect(finding).toBeUndefined();
      const larger = { ...sample, preconditioner: 3 };
      expect(next(settled().sample(larger)).sample(larger).finding!.evidence.expectedRebound).toBeCloseTo(
        18,
        12,
      );
    });

    it.each<[string, object, number | undefined]>([
      ['beta2', { name: 'adam', beta2: 0.5 }, 1],
      ['alpha', { name: 'rmsprop', alpha: 0.5 }, 1],
      ['no memory', { name: 'adagrad' }, 0.5],
      ['no end, of gradient descent', { name: 'sgd' }, undefined],
    ])('with b of the optimizer: %s', (_, optimizer, expected) => {
      const bench = settled(edge({ optimizer: { lr: 0.3, ...optimizer } })).sample(beyond);
      const { finding } = next(bench).sample(beyond);
      expect(finding!.evidence.expectedRebound).toBe(expected);
    });

    it('and tells of it when it has come to matter', () => {
      const small = { ...beyond, preconditioner: 0.1 };
      const bench = next(settled().sample(small)).sample(small);
      expect(bench.found).toEqual([]);
      expect(next(bench).sample({ ...beyond, preconditioner: 1 }).range).toEqual([40, 42]);
    });
  });

  it.each([
    [0.9, 0],
    [1.1, 1],
  ])('takes a step that is worth %d of rounding: %d found', (factor, count) => {
    const floor = 64 * Number.EPSILON * 1e6;
    const bench = edge().losses(1e6).steps(39, { loss: 1 });
    const step = { loss: 1, grad: factor * floor, delta: 1 };
    const sample = { ...beyond, preconditioner: 1e3 };
    bench.step(step).sample(sample).step(step).sample(sample);
    expect(bench.found).toHaveLength(count);
  });

  describe('begins where the limit was passed', () => {
    const crossed = (first: number, second: number, apart = 10) => {
      const bench = settled().sample({ value: first, limit: 2 });
      bench.steps(apart, { loss: 0, delta: 0.1 }).sample({ value: second, limit: 2 });
      return next(bench).sample(beyond).range;
    };

    it('between the samples on either side, on a log scale', () => {
      // From 1 to 4 at limit 2: half the way. From 1 to 16: a quarter.
      expect(crossed(1, 4)).toEqual([45, 51]);
      expect(crossed(1, 16, 20)).toEqual([45, 61]);
      expect(crossed(1.999, 1e6)).toEqual([40, 51]);
    });

    it('at the sample where there is none before', () => {
      expect(next(settled().sample(beyond)).sample(beyond).range).toEqual([40, 41]);
      expect(crossed(-1, 4)).toEqual([50, 51]);
      expect(crossed(0, 4)).toEqual([50, 51]);
      expect(crossed(Number.NaN, 4)).toEqual([50, 51]);
    });

    it('by a sample from before the moments had settled', () => {
      const bench = settled().step({ loss: 0, delta: 0.1, age: 1 }).sample({ value: 1, limit: 2 });
      bench.steps(9, { loss: 0, delta: 0.1 }).sample({ value: 4, limit: 2 });
      // Of 41 to 50, from 1 to 4.
      expect(next(bench).sample(beyond).range).toEqual([46, 51]);
      const early = settled().step({ loss: 0, delta: 0.1, age: 1 }).sample(beyond);
      early.steps(9, { loss: 0, delta: 0.1 }).sample({ value: 4, limit: 2 });
      expect(next(early).sample(beyond).range).toEqual([50, 51]);
    });
  });

  describe('is for information', () => {
    /** P = 1. */
    const of = (E: number) => ({ ...beyond, curvature: 1 / (2 * (1 - beta2) * E) });
    const told = (E: number) => next(settled().sample(of(E))).sample(of(E));

    it.each([
      [0.99, 'info'],
      [1.01, 'warning'],
    ])('where the rebound is small: %d of R/50, %s', (share, severity) => {
      expect(told(share * jump * 100).finding!.severity).toBe(severity);
    });

    it('where it has become small against what was won since', () => {
      const won = (loss: number, E: number) =>
        told(E).steps(3, { loss, delta: 0.1 }).sample(of(E)).finish().finding!.severity;
      // R = 200 in the end.
      expect(won(-100, 0.99 * jump * 200)).toBe('info');
      expect(won(-100, 1.01 * jump * 200)).toBe('warning');
      expect(won(0, 0.99 * jump * 200)).toBe('warning');
    });

    it('where the run ends below the limit, and nothing came of it', () => {
      const back = (rise: number, ...more: readonly number[]) =>
        told(50)
          .losses(0, rise, 0, ...more)
          .sample(below)
          .finish().finding!;
      expect(back(0.99 * jump * 100).severity).toBe('info');
      expect(back(1.01 * jump * 100).severity).toBe('warning');
      // The rise is above the least loss since then, wherever that was.
      expect(back(0, -100, -96.1).severity).toBe('info');
      expect(back(0, -100, -95.9).severity).toBe('warning');
      expect(back(0).steps).toEqual([40, 41]);
    });

    it('not while it is beyond, of a rebound that is large', () => {
      expect(told(50).losses(0, 0, 0).finish().finding!.severity).toBe('warning');
      expect(told(50).losses(0, 0, 0).sample(below).losses(0).sample(beyond).finish().finding!.severity).toBe(
        'warning',
      );
    });

    it('not where a jump came of it, though it was passed again since', () => {
      const twice = told(50).losses(0, 30, 0).sample(below).losses(0).sample(beyond);
      expect(twice.losses(0).sample(below).finish().finding!.severity).toBe('warning');
      // Nor where it came when the steps were stable again.
      expect(told(50).sample(below).losses(0, 30).finish().finding!.severity).toBe('warning');
      // Nor where it came before the second sample.
      const early = settled().sample(of(50)).losses(0, 30);
      expect(next(early).sample(of(50)).sample(below).finish().finding!.severity).toBe('warning');
    });

    it('whatever the loss did before the limit was passed', () => {
      const early = edge().losses(100, 0, 50).steps(37, { loss: 0, delta: 0.1 });
      next(early.sample(of(50))).sample(of(50));
      expect(early.sample(below).finish().finding!.severity).toBe('info');
      // Nor what came of a first sample that no second one bore out.
      const single = next(settled().sample(of(50)));
      next(single.losses(-50, 0).sample(below)).sample(of(50));
      expect(next(single).sample(of(50)).sample(below).finish().finding!.severity).toBe('info');
    });
  });

  it('is one finding that lasts as long as samples are beyond', () => {
    const bench = next(settled().sample(beyond)).sample(beyond);
    expect(next(next(bench)).sample(beyond).range).toEqual([40, 43]);
    next(bench).sample(below);
    next(bench).sample(beyond);
    expect(bench.range).toEqual([40, 43]);
    expect(next(bench).sample(beyond).range).toEqual([40, 46]);
    expect(bench.found).toHaveLength(1);
  });

  it('is withdrawn when a divergence begins, and counts anew', () => {
    const bench = next(settled().sample(beyond)).sample(beyond);
    expect(bench.mute().found).toEqual([]);
    expect(next(bench).sample(beyond).found).toEqual([]);
    expect(next(bench).sample(beyond).found).toHaveLength(1);
  });

  it('names the coordinates that the sharpest direction is made of', () => {
    const bench = settled(edge({}, { dim: 3 }));
    const sharpest = Float64Array.of(0.2, -0.8, 0.45);
    expect(
      next(bench.sample({ ...beyond, sharpest })).sample({ ...beyond, sharpest }).finding!.coordinates,
    ).toEqual([1, 2]);
  });

  it('offers rates by which a tenth of what was won is lost at most', () => {
    const rates = (E: number) => {
      const sample = { ...beyond, curvature: 1 / (2 * (1 - beta2) * E) };
      const { finding } = next(settled().sample(sample)).sample(sample);
      return finding!.fixes.flatMap(({ patch }) => patch.optimizer?.lr ?? []);
    };
    // lr ½√(R/(10 E)) of 0.3, where that is below a third; and a third.
    expect(rates(1000)).toEqual([0.01, 0.09]);
    expect(rates(1)).toEqual([0.09]);
  });
});
