import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** Epochs since the best, at least and of the planned ones; the rise of what was won, and of the usual change. */
const waitAtLeast = 5;
const waitShare = 0.05;
const rise = 0.1;
const changes = 3;
/** Changes of the validation loss that must have been seen. */
const changesKnown = 15;

const bench = (patch = {}, stepsPerEpoch = 1) =>
  new RuleBench(
    'overfitting',
    { optimizer: { name: 'adam' }, validation: 'held', steps: 100, ...patch },
    { stepsPerEpoch },
  );

/** V falls from 10 to 0 in `down` epochs; the training loss falls by 1 an epoch from 1000. */
const learning = (down: number, run = bench()) =>
  run.steps(down + 1, (k) => ({ loss: 1000 - k, watched: 10 - (10 * k) / down }));
const validated = (run: RuleBench, ...values: readonly number[]) => {
  for (const watched of values) run.step({ loss: 1000 - run.t, watched });
  return run;
};
const repeat = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('overfitting', () => {
  it('takes a validation loss that rose by a tenth of what it had won', () => {
    // The usual change is 0.5 until most of the last 15 are flat.
    const run = validated(learning(20), ...repeat(8, 1.01));
    expect(run.found).toEqual([]);
    expect(validated(run, 1.01).finding).toMatchObject({
      severity: 'warning',
      steps: [22, 30],
      coordinates: [],
      evidence: {
        bestValidation: 0,
        bestStep: 21,
        validation: 1.01,
        rise: 1.01,
        // m is one step behind a loss that falls by 1 a step.
        trainingThen: 981,
        training: 972,
      },
    });
    expect(run.finding!.evidence).not.toHaveProperty('bestEpoch');
    expect(validated(learning(20), ...repeat(40, rise * 10)).found).toEqual([]);
  });

  it('takes thrice the usual change from epoch to epoch', () => {
    // Down from 20 to 0 by 1, then to and fro by 1: always the usual change.
    const noisy = (level: number) => {
      const run = validated(bench(), ...Array.from({ length: 21 }, (_, k) => 20 - k));
      return validated(run, ...Array.from({ length: 40 }, (_, k) => level + (k % 2)));
    };
    // The median of three is level or level + 1.
    expect(noisy(changes - 1).found).toEqual([]);
    expect(noisy(changes - 0.9).found).toHaveLength(1);
  });

  it('takes a best at the first step, where the training loss has no median yet', () => {
    const { finding } = validated(bench(), 0, ...Array.from({ length: 30 }, (_, k) => 1 + k));
    expect(finding!.evidence).toMatchObject({ bestStep: 1, trainingThen: 999 });
  });

  it('by the median of three', () => {
    const peaks = validated(learning(20), ...repeat(15, 0.1), 50, 0.1, 0.1, 0.1, 50, 0.1, 0.1);
    expect(peaks.found).toEqual([]);
    expect(validated(peaks, 50, 50).found).toHaveLength(1);
  });

  describe('waits', () => {
    it.each([
      [60, waitAtLeast],
      [400, waitShare * 400],
    ])('of %d epochs: %d since the best', (steps, wait) => {
      const run = learning(40, bench({ steps }));
      validated(run, ...repeat(wait - 1, 5));
      expect(run.found).toEqual([]);
      expect(validated(run, 5).range).toEqual([42, 41 + wait]);
    });

    it('for changes to be known', () => {
      const run = validated(bench(), 10, 9, 8);
      validated(run, ...repeat(changesKnown - 3, 20));
      expect(run.found).toEqual([]);
      expect(validated(run, 20).found).toHaveLength(1);
    });

    it('from the last best on', () => {
      const run = validated(learning(20), 1.5, 1.5, 1.5, -0.001, ...repeat(waitAtLeast - 1, 5));
      expect(run.found).toEqual([]);
      expect(validated(run, 5).range).toEqual([26, 25 + waitAtLeast]);
    });
  });

  describe('takes a training loss that falls', () => {
    const training = (after: number) => {
      const run = learning(20);
      return run.steps(30, { loss: after, watched: 5 }).found.length;
    };
    it('below what it was at the best', () => {
      // m at the best: the median of 982, 981 and 980.
      expect(training(981)).toBe(0);
      expect(training(981.1)).toBe(0);
      expect(training(980.9)).toBe(1);
    });

    it('by more than rounding', () => {
      const floor = 64 * Number.EPSILON * 1000;
      const flat = (fall: number) => {
        const run = bench().steps(21, (k) => ({ loss: 1000, watched: 10 - k / 2 }));
        return run.steps(30, { loss: 1000 - fall, watched: 5 }).found.length;
      };
      expect(flat(0.9 * floor)).toBe(0);
      expect(flat(1.1 * floor)).toBe(1);
    });
  });

  it('goes by epochs', () => {
    const stepsPerEpoch = 4;
    const run = bench({ samples: 40, batch: 10, steps: 400 }, stepsPerEpoch);
    const epoch = (watched: number) => run.steps(stepsPerEpoch, () => ({ loss: 1000 - run.t, watched }));
    // The view holds the validation loss of the start during the first epoch, and of the last one later.
    for (let k = 0; k <= 20; k++) epoch(10 - k / 2);
    for (let k = 0; k < waitAtLeast - 1; k++) epoch(5);
    expect(run.found).toEqual([]);
    epoch(5);
    expect(run.finding).toMatchObject({ steps: [85, 104], evidence: { bestEpoch: 21, bestStep: 84 } });
    const late = bench({ samples: 40, batch: 10, steps: 800 * stepsPerEpoch }, stepsPerEpoch);
    for (let k = 0; k <= 20; k++)
      late.steps(stepsPerEpoch, () => ({ loss: 1000 - late.t, watched: 10 - k / 2 }));
    for (let k = 1; k < waitShare * 800; k++)
      late.steps(stepsPerEpoch, () => ({ loss: 1000 - late.t, watched: 5 }));
    expect(late.found).toEqual([]);
    expect(late.steps(stepsPerEpoch, () => ({ loss: 1000 - late.t, watched: 5 })).found).toHaveLength(1);
  });

  it('measures against the validation loss of the start, which the first step shows', () => {
    const stepsPerEpoch = 4;
    const started = (first: number) => {
      const run = bench({ samples: 40, batch: 10, steps: 400 }, stepsPerEpoch);
      // 100 at the start, 10 after the first epoch.
      run.steps(stepsPerEpoch - 1, () => ({ loss: 1000 - run.t, watched: first }));
      for (let k = 0; k <= 20; k++)
        run.steps(k === 0 ? 1 : stepsPerEpoch, () => ({ loss: 1000 - run.t, watched: 10 - k / 2 }));
      return run.steps(20 * stepsPerEpoch, () => ({ loss: 1000 - run.t, watched: 5 })).found.length;
    };
    expect(started(49)).toBe(1);
    expect(started(51)).toBe(0);
  });

  it('leaves out a validation loss that is not finite', () => {
    const run = validated(learning(20), Number.NaN, Number.POSITIVE_INFINITY, ...repeat(20, 5));
    const first = validated(bench(), Number.POSITIVE_INFINITY, Number.NaN);
    expect(validated(learning(20, first), ...repeat(20, 5)).found).toHaveLength(1);
    expect(run.finding!.evidence).toMatchObject({ bestValidation: 0, validation: 5 });
  });

  it.each([100, -100])('is blind to a shift of the validation loss by %d', (by) => {
    const shifted = (level: number) => {
      const run = bench().steps(21, (k) => ({ loss: 1000 - k, watched: 10 - k / 2 + by }));
      return validated(run, ...repeat(30, level + by)).finding?.evidence.rise;
    };
    expect(shifted(1.01)).toBeCloseTo(1.01, 9);
    expect(shifted(0.99)).toBeUndefined();
  });

  it('is one finding that lasts while it holds', () => {
    const run = validated(learning(20), ...repeat(20, 5));
    expect(run.range).toEqual([22, 41]);
    expect(validated(run, 5).range).toEqual([22, 42]);
    expect(validated(run, 0.5, 0.5, 0.5).range![1]).toBe(43);
    expect(run.found).toHaveLength(1);
  });

  it('has nothing to watch without a validation loss', () => {
    expect(bench({ validation: null }).rule).toBeNull();
  });

  it('offers to stop early, after as long as it waited', () => {
    const fixes = (patch = {}) =>
      validated(learning(40, bench({ steps: 400, ...patch })), ...repeat(30, 5)).finding!.fixes;
    expect(fixes()[0]!.patch).toEqual({ earlyStopping: { patience: waitShare * 400, minDelta: 0 } });
    expect(fixes({ earlyStopping: { patience: 300 } })[0]!.patch).not.toHaveProperty('earlyStopping');
    expect(
      fixes()
        .slice(1)
        .map(({ patch }) => patch.optimizer!.weightDecay),
    ).toEqual([0.01, 0.1]);
  });
});
