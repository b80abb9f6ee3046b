import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';
import { farEnd } from '../support/runEnds';

/**
 * How many samples in a row, for the full loss and for mini-batches. The least rebound, as a share of the
 * improvement.
 */
const inARow = 2;
const inARowOfBatches = 5;
const matters = 1e-3;
const memories = 3;
/** The share of the improvement from which a rise of the loss is a warning. */
const jump = 1 / 50;

/** The decay b of v. E = P²/(2λ(1 − b)) = 2P²/λ. */
const beta2 = 0.75;
const beyond = { value: 3, limit: 2 };
const below = { value: 1, limit: 2 };

const edge = (patch = {}, options = {}) =>
  new RuleBench(
    'edge-of-stability',
    { optimizer: { name: 'adam', lr: 0.3, beta2 }, steps: 1000, ...patch },
    options,
  );

/** A run whose loss fell from 100 to 0 and continues with steps that change the loss by 0.1. */
const settled = (bench = edge(), t = 40) => bench.losses(100).steps(t - 1, { loss: 0, delta: 0.1 });
const next = (bench: RuleBench) => bench.step({ loss: 0, delta: 0.1 });

describe('edge of stability', () => {
  it('is reported after two samples in a row', () => {
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

  it.each([
    ['a kink', 0.5, 0],
    ['a smooth minimum', 1e-3, 1],
  ])(
    'after a run that ended at %s, with %d of the gradient left, is reported %d times',
    (_, gradientShare, count) => {
      const bench = next(settled().sample(beyond)).sample(beyond);
      const polished = { loss: 0, evaluations: 20, distance: 0, stepsAway: 1, gradientShare };
      bench.finish({}, { ...farEnd, startLoss: 100, finalLoss: 0.01, leastLoss: 0, polished });
      expect(bench.found).toHaveLength(count);
    },
  );

  it('is reported after five samples in a row, with mini-batches', () => {
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
  ])('with a value of %d at a limit of 2, is reported %d times', (value, count) => {
    const bench = settled().sample({ value, limit: 2 });
    expect(next(bench).sample({ value, limit: 2 }).found).toHaveLength(count);
  });

  it('is never reported for an infinite limit', () => {
    const none = { value: 1e9, limit: Number.POSITIVE_INFINITY };
    expect(next(settled().sample(none)).sample(none).found).toEqual([]);
  });

  it('is not reported before the moments have settled, at a given age of the optimizer', () => {
    const at = (age: number, beta: number) => {
      const bench = settled();
      for (let k = 0; k < inARow; k++) bench.step({ loss: 0, delta: 0.1, age: age + k, beta }).sample(beyond);
      return bench.found.length;
    };
    // For these values of beta1, 3/(1 − beta1) is exact in floating point.
    for (const beta of [0.5, 0.75]) {
      const settledAt = memories / (1 - beta);
      expect(at(settledAt - 1, beta)).toBe(0);
      expect(at(settledAt, beta)).toBe(1);
    }
    // An optimizer without beta1.
    expect(at(memories - 1, Number.NaN)).toBe(0);
    expect(at(memories, Number.NaN)).toBe(1);
  });

  it('does not count samples from before the moments have settled', () => {
    const bench = settled().step({ loss: 0, delta: 0.1, age: 2, beta: 0.5 }).sample(beyond);
    expect(bench.step({ loss: 0, delta: 0.1, age: 6, beta: 0.5 }).sample(beyond).found).toEqual([]);
  });

  describe('is reported for an expected rebound', () => {
    const withRebound = (E: number, bench = settled()) => {
      // P = 1.
      const sample = { ...beyond, preconditioner: 1, curvature: 1 / (2 * (1 - beta2) * E) };
      return next(bench.sample(sample)).sample(sample);
    };

    it.each([
      [0.99, 0],
      [1.01, 1],
    ])('of %d times R/1000: %d times', (factor, count) => {
      expect(withRebound(factor * matters * 100).found).toHaveLength(count);
    });

    it.each([
      [0.9, 0],
      [1.1, 1],
    ])('of %d times the rounding error, without an improvement: %d times', (factor, count) => {
      const level = edge().steps(40, { loss: 1e6, delta: 1 });
      const floor = 64 * Number.EPSILON * 1e6;
      const sample = { ...beyond, curvature: 1 / (2 * (1 - beta2) * factor * floor) };
      level.sample(sample).step({ loss: 1e6, delta: 1 }).sample(sample);
      expect(level.found).toHaveLength(count);
    });

    it('that is proportional to P²', () => {
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
    ])('computed with the decay rate of the optimizer: %s', (_, optimizer, expected) => {
      const bench = settled(edge({ optimizer: { lr: 0.3, ...optimizer } })).sample(beyond);
      const { finding } = next(bench).sample(beyond);
      expect(finding!.evidence.expectedRebound).toBe(expected);
    });

    it('as soon as the rebound is large enough', () => {
      const small = { ...beyond, preconditioner: 0.1 };
      const bench = next(settled().sample(small)).sample(small);
      expect(bench.found).toEqual([]);
      expect(next(bench).sample({ ...beyond, preconditioner: 1 }).range).toEqual([40, 42]);
    });
  });

  it.each([
    [0.9, 0],
    [1.1, 1],
  ])(
    'with a step that changes the loss by %d times the rounding error, is reported %d times',
    (factor, count) => {
      const floor = 64 * Number.EPSILON * 1e6;
      const bench = edge().losses(1e6).steps(39, { loss: 1 });
      const step = { loss: 1, grad: factor * floor, delta: 1 };
      const sample = { ...beyond, preconditioner: 1e3 };
      bench.step(step).sample(sample).step(step).sample(sample);
      expect(bench.found).toHaveLength(count);
    },
  );

  // The value may cross its limit several times between two samples, so no step between them is a fact.
  describe('starts at the first sample above the limit', () => {
    const crossed = (first: number, second: number, apart = 10) => {
      const bench = settled().sample({ value: first, limit: 2 });
      bench.steps(apart, { loss: 0, delta: 0.1 }).sample({ value: second, limit: 2 });
      return next(bench).sample(beyond).range;
    };

    it('whatever the sample before it', () => {
      expect(crossed(1, 4)).toEqual([50, 51]);
      expect(crossed(1, 16, 20)).toEqual([60, 61]);
      expect(crossed(1.999, 1e6)).toEqual([50, 51]);
      expect(crossed(-1, 4)).toEqual([50, 51]);
      expect(crossed(Number.NaN, 4)).toEqual([50, 51]);
      expect(next(settled().sample(beyond)).sample(beyond).range).toEqual([40, 41]);
    });

    it('and states the two samples between which the limit was passed, if both are known', () => {
      const bench = settled().sample(below).steps(10, { loss: 0, delta: 0.1 }).sample(beyond);
      const { detail } = next(bench).sample(beyond).finding!;
      expect(detail).toContain('passed the stability limit of 2 between steps 40 and 50');
      expect(bench.finish().finding!.detail).toContain('between steps 40 and 50');
      const first = next(settled().sample(beyond)).sample(beyond);
      expect(first.finding!.detail).toContain('was above the stability limit of 2 at step 40');
    });

    it('and keeps the samples of the first crossing when the value crosses again', () => {
      const bench = next(settled().sample(beyond)).sample(beyond);
      next(bench).sample(below);
      next(next(bench).sample(beyond)).sample(beyond);
      expect(bench.finding!.steps[0]).toBe(40);
      bench.step({ loss: 50, delta: 0.1 }).finish();
      expect(bench.finding!.detail).toContain('at step 40');
    });

    it('and measures the rise from the loss of that step on', () => {
      const at = (loss: number) => ({ loss, delta: 0.1 });
      const bench = settled().step(at(-3)).sample(beyond).step(at(-1)).sample(beyond).step(at(4));
      const { detail, evidence } = bench.finish().finding!;
      expect(evidence.rise).toBe(7);
      expect(detail).toContain(
        'Since step 41 the loss has risen by up to 7 from its lowest value since then',
      );
    });

    it('also with a sample from before the moments have settled', () => {
      const bench = settled().step({ loss: 0, delta: 0.1, age: 1 }).sample({ value: 1, limit: 2 });
      bench.steps(9, { loss: 0, delta: 0.1 }).sample({ value: 4, limit: 2 });
      expect(next(bench).sample(beyond).range).toEqual([50, 51]);
      const early = settled().step({ loss: 0, delta: 0.1, age: 1 }).sample(beyond);
      early.steps(9, { loss: 0, delta: 0.1 }).sample({ value: 4, limit: 2 });
      expect(next(early).sample(beyond).range).toEqual([50, 51]);
    });
  });

  describe('has severity info', () => {
    /** A sample with an expected rebound of E, at P = 1. */
    const of = (E: number) => ({ ...beyond, curvature: 1 / (2 * (1 - beta2) * E) });
    const reportedWith = (E: number) => next(settled().sample(of(E))).sample(of(E));

    it.each([
      [0.99, 'info'],
      [1.01, 'warning'],
    ])('when the rebound is small: %d times R/50, %s', (share, severity) => {
      expect(reportedWith(share * jump * 100).finding!.severity).toBe(severity);
    });

    it('when the rebound is small compared with an improvement that came later', () => {
      const won = (loss: number, E: number) =>
        reportedWith(E).steps(3, { loss, delta: 0.1 }).sample(of(E)).finish().finding!.severity;
      // R = 200 at the end.
      expect(won(-100, 0.99 * jump * 200)).toBe('info');
      expect(won(-100, 1.01 * jump * 200)).toBe('warning');
      expect(won(0, 0.99 * jump * 200)).toBe('warning');
    });

    it('and says that the run returned below the limit only after three samples well below it', () => {
      const returned = (...values: readonly number[]) => {
        const bench = reportedWith(50);
        for (const value of values) bench.losses(0).sample({ ...below, value: value * below.limit });
        const { severity, headline } = bench.finish().finding!;
        expect(severity).toBe('info');
        return headline.includes('returned below');
      };
      expect(returned(0.96, 0.96, 0.96)).toBe(true);
      expect(returned(0.96, 0.96)).toBe(false);
      expect(returned(0.96, 0.98, 0.98)).toBe(false);
      expect(returned(0.96, 1.01, 0.96)).toBe(false);
    });

    it('when the run ends below the limit and the loss has not risen', () => {
      const back = (rise: number, ...more: readonly number[]) =>
        reportedWith(50)
          .losses(0, rise, 0, ...more)
          .sample(below)
          .finish().finding!;
      expect(back(0.99 * jump * 100).severity).toBe('info');
      expect(back(1.01 * jump * 100).severity).toBe('warning');
      // The rise counts from the least loss since the limit was passed, whenever that was.
      expect(back(0, -100, -96.1).severity).toBe('info');
      expect(back(0, -100, -95.9).severity).toBe('warning');
      expect(back(0).steps).toEqual([40, 41]);
    });

    it('but not while the value is above the limit and the expected rebound is large', () => {
      expect(reportedWith(50).losses(0, 0, 0).finish().finding!.severity).toBe('warning');
      expect(
        reportedWith(50).losses(0, 0, 0).sample(below).losses(0).sample(beyond).finish().finding!.severity,
      ).toBe('warning');
    });

    it('but not after a jump of the loss, even if the limit was passed again later', () => {
      const twice = reportedWith(50).losses(0, 30, 0).sample(below).losses(0).sample(beyond);
      expect(twice.losses(0).sample(below).finish().finding!.severity).toBe('warning');
      // The jump may come after the steps became stable again.
      expect(reportedWith(50).sample(below).losses(0, 30).finish().finding!.severity).toBe('warning');
      // The jump may come before the second sample.
      const early = settled().sample(of(50)).losses(0, 30);
      expect(next(early).sample(of(50)).sample(below).finish().finding!.severity).toBe('warning');
    });

    it('even if the loss rose before the limit was passed', () => {
      const early = edge().losses(100, 0, 50).steps(37, { loss: 0, delta: 0.1 });
      next(early.sample(of(50))).sample(of(50));
      expect(early.sample(below).finish().finding!.severity).toBe('info');
      // A jump after a single sample above the limit does not count either.
      const single = next(settled().sample(of(50)));
      next(single.losses(-50, 0).sample(below)).sample(of(50));
      expect(next(single).sample(of(50)).sample(below).finish().finding!.severity).toBe('info');
    });
  });

  it('is one finding that is extended to the last sample above the limit, because its text names that step', () => {
    const bench = next(settled().sample(beyond)).sample(beyond);
    expect(next(next(bench)).sample(beyond).range).toEqual([40, 43]);
    next(bench).sample(below);
    expect(bench.range).toEqual([40, 43]);
    next(bench).sample(beyond);
    expect(bench.range).toEqual([40, 45]);
    expect(next(bench).sample(beyond).range).toEqual([40, 46]);
    expect(bench.found).toHaveLength(1);
  });

  it('is withdrawn when a divergence begins, and then needs two samples again', () => {
    const bench = next(settled().sample(beyond)).sample(beyond);
    expect(bench.mute().found).toEqual([]);
    expect(next(bench).sample(beyond).found).toEqual([]);
    expect(next(bench).sample(beyond).found).toHaveLength(1);
  });

  it('names the coordinates with a large share of the sharpest direction', () => {
    const bench = settled(edge({}, { dim: 3 }));
    const sharpest = Float64Array.of(0.2, -0.8, 0.45);
    expect(
      next(bench.sample({ ...beyond, sharpest })).sample({ ...beyond, sharpest }).finding!.coordinates,
    ).toEqual([1, 2]);
  });

  it('proposes learning rates that limit the rebound to a tenth of the improvement', () => {
    const rates = (E: number) => {
      const sample = { ...beyond, curvature: 1 / (2 * (1 - beta2) * E) };
      const { finding } = next(settled().sample(sample)).sample(sample);
      return finding!.fixes.flatMap(({ patch }) => patch!.optimizer?.lr ?? []);
    };
    // lr·½√(R/(10 E)) at lr = 0.3, if that is below a third of lr; and a third of lr.
    expect(rates(1000)).toEqual([0.01, 0.09]);
    expect(rates(1)).toEqual([0.09]);
  });
});
