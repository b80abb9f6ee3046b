import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve';
import { RuleBench } from '../support/ruleBench';

/**
 * Epochs since the best one: at least, and as a share of the planned epochs. The least rise, relative to the
 * improvement and to the usual change.
 */
const waitAtLeast = 5;
const waitShare = 0.05;
const rise = 0.1;
const changes = 3;
/** The least number of known changes of the validation loss. */
const changesKnown = 15;

const bench = (patch = {}, stepsPerEpoch = 1) =>
  new RuleBench(
    'overfitting',
    { optimizer: { name: 'adam' }, validation: 'held', steps: 100, ...patch },
    { stepsPerEpoch },
  );

/**
 * The validation loss falls from 10 to 0 in `down` epochs; the training loss falls by 1 per epoch, from 1000
 * on.
 */
const learning = (down: number, run = bench()) =>
  run.steps(down + 1, (k) => ({ loss: 1000 - k, watched: 10 - (10 * k) / down }));
const validated = (run: RuleBench, ...values: readonly number[]) => {
  for (const watched of values) run.step({ loss: 1000 - run.t, watched });
  return run;
};
const repeat = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('overfitting', () => {
  it('is reported when the validation loss has risen by a tenth of its improvement', () => {
    // The usual change is 0.5 until most of the last 15 changes are 0.
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
        // m is one step late, for a loss that falls by 1 per step.
        trainingThen: 981,
        training: 972,
      },
    });
    expect(run.finding!.evidence).not.toHaveProperty('bestEpoch');
    expect(validated(learning(20), ...repeat(40, rise * 10)).found).toEqual([]);
  });

  it('needs a rise of three times the usual change per epoch', () => {
    // From 20 to 0 in steps of 1, then alternating by 1: the usual change is always 1.
    const noisy = (level: number) => {
      const run = validated(bench(), ...Array.from({ length: 21 }, (_, k) => 20 - k));
      return validated(run, ...Array.from({ length: 40 }, (_, k) => level + (k % 2)));
    };
    // The median of three is level or level + 1.
    expect(noisy(changes - 1).found).toEqual([]);
    expect(noisy(changes - 0.9).found).toHaveLength(1);
  });

  it('is an info for a slight rise if it is steady', () => {
    // The rise stays below three times the usual change, 0.5.
    const rising = (count: number) =>
      validated(learning(20), ...Array.from({ length: count }, (_, k) => 0.02 * (k + 1)));
    expect(rising(9).found).toEqual([]);
    expect(rising(12).finding).toMatchObject({
      severity: 'info',
      headline: expect.stringContaining('slightly'),
    });
    expect(rising(60).finding).toMatchObject({ severity: 'warning' });
    const wavering = Array.from({ length: 40 }, (_, k) => 0.3 + 0.1 * (k % 2));
    expect(validated(learning(20), ...wavering).found).toEqual([]);
  });

  it('handles a best value at the first step, where the training loss has no median yet', () => {
    const { finding } = validated(bench(), 0, ...Array.from({ length: 30 }, (_, k) => 1 + k));
    expect(finding!.evidence).toMatchObject({ bestStep: 1, trainingThen: 999 });
  });

  it('uses the median of three validation losses', () => {
    const peaks = validated(learning(20), ...repeat(15, 0.1), 50, 0.1, 0.1, 0.1, 50, 0.1, 0.1);
    expect(peaks.found).toEqual([]);
    expect(validated(peaks, 50, 50).found).toHaveLength(1);
  });

  describe('is not reported', () => {
    it.each([
      [60, waitAtLeast],
      [400, waitShare * 400],
    ])('in %d epochs: earlier than %d epochs after the best', (steps, wait) => {
      const run = learning(40, bench({ steps }));
      validated(run, ...repeat(wait - 1, 5));
      expect(run.found).toEqual([]);
      expect(validated(run, 5).range).toEqual([42, 41 + wait]);
    });

    it('before enough changes are known', () => {
      const run = validated(bench(), 10, 9, 8);
      validated(run, ...repeat(changesKnown - 3, 20));
      expect(run.found).toEqual([]);
      expect(validated(run, 20).found).toHaveLength(1);
    });

    it('until the wait has passed since the last best value', () => {
      const run = validated(learning(20), 1.5, 1.5, 1.5, -0.001, ...repeat(waitAtLeast - 1, 5));
      expect(run.found).toEqual([]);
      expect(validated(run, 5).range).toEqual([26, 25 + waitAtLeast]);
    });
  });

  describe('needs a training loss that falls', () => {
    const training = (after: number) => {
      const run = learning(20);
      return run.steps(30, { loss: after, watched: 5 }).found.length;
    };
    it('below its value at the best validation loss', () => {
      // The median m at the best validation loss: of 982, 981 and 980.
      expect(training(981)).toBe(0);
      expect(training(981.1)).toBe(0);
      expect(training(980.9)).toBe(1);
    });

    it('by more than the rounding error', () => {
      const floor = 64 * Number.EPSILON * 1000;
      const flat = (fall: number) => {
        const run = bench().steps(21, (k) => ({ loss: 1000, watched: 10 - k / 2 }));
        return run.steps(30, { loss: 1000 - fall, watched: 5 }).found.length;
      };
      expect(flat(0.9 * floor)).toBe(0);
      expect(flat(1.1 * floor)).toBe(1);
    });
  });

  it('counts epochs, not steps', () => {
    const stepsPerEpoch = 4;
    const run = bench({ samples: 40, batch: 10, steps: 400 }, stepsPerEpoch);
    const epoch = (watched: number) => run.steps(stepsPerEpoch, () => ({ loss: 1000 - run.t, watched }));
    // During the first epoch a step shows the validation loss of the start, later that of the last epoch.
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

  it('measures the improvement from the validation loss of the start, which the first step shows', () => {
    const stepsPerEpoch = 4;
    const started = (first: number) => {
      const run = bench({ samples: 40, batch: 10, steps: 400 }, stepsPerEpoch);
      // 100 at the start, and 10 after the first epoch.
      run.steps(stepsPerEpoch - 1, () => ({ loss: 1000 - run.t, watched: first }));
      for (let k = 0; k <= 20; k++)
        run.steps(k === 0 ? 1 : stepsPerEpoch, () => ({ loss: 1000 - run.t, watched: 10 - k / 2 }));
      return run.steps(20 * stepsPerEpoch, () => ({ loss: 1000 - run.t, watched: 5 })).found.length;
    };
    expect(started(49)).toBe(1);
    expect(started(51)).toBe(0);
  });

  it('ignores a validation loss that is not finite', () => {
    const run = validated(learning(20), Number.NaN, Number.POSITIVE_INFINITY, ...repeat(20, 5));
    const first = validated(bench(), Number.POSITIVE_INFINITY, Number.NaN);
    expect(validated(learning(20, first), ...repeat(20, 5)).found).toHaveLength(1);
    expect(run.finding!.evidence).toMatchObject({ bestValidation: 0, validation: 5 });
  });

  it.each([100, -100])('does not depend on a shift of the validation loss by %d', (by) => {
    const shifted = (level: number) => {
      const run = bench().steps(21, (k) => ({ loss: 1000 - k, watched: 10 - k / 2 + by }));
      return validated(run, ...repeat(30, level + by)).finding?.evidence.rise;
    };
    expect(shifted(1.01)).toBeCloseTo(1.01, 9);
    expect(shifted(0.99)).toBeUndefined();
  });

  it('is one finding that is extended while the condition holds', () => {
    const run = validated(learning(20), ...repeat(20, 5));
    expect(run.range).toEqual([22, 41]);
    expect(validated(run, 5).range).toEqual([22, 42]);
    expect(validated(run, 0.5, 0.5, 0.5).range![1]).toBe(43);
    expect(run.found).toHaveLength(1);
  });

  it('does not apply without a validation loss', () => {
    expect(bench({ validation: null }).rule).toBeNull();
  });

  it('proposes early stopping with the patience of the rule', () => {
    const fixes = (patch = {}) =>
      validated(learning(40, bench({ steps: 400, ...patch })), ...repeat(30, 5)).finding!.fixes;
    expect(fixes()[0]!.patch).toEqual({ earlyStopping: { patience: waitShare * 400, minDelta: 0 } });
    expect(fixes({ earlyStopping: { patience: 300 } })[0]!.patch).not.toHaveProperty('earlyStopping');
    expect(
      fixes()
        .slice(1)
        .map(({ patch }) => resolveConfig([patch!]).config.optimizer.weightDecay),
    ).toEqual([0.01, 0.1]);
  });
});
