import { describe, expect, it } from 'vitest';
import { negated, negatedValue, ofNegated, turned } from '../../../src/core/ascent';
import { batchesOf } from '../../../src/core/batches';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { contextAt } from '../../../src/core/context';
import { ExpectationWatch, expectationWords } from '../../../src/core/expectation';
import { layoutOf, recordLength, recordPlaces, writeRecord } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';
import { Trace } from '../../../src/core/trace/trace';
import { Progress } from '../../../src/runner/progress';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

const open = contextAt(0, batchesOf(null, null, 0), 1, []);

describe('a negated objective', () => {
  it('negates values and gradients, of synchronous and asynchronous losses', async () => {
    const toy = analyticObjective('toy');
    const late = {
      ...toy,
      valueAndGradient: async (...given: Parameters<typeof toy.valueAndGradient>) =>
        toy.valueAndGradient(...given),
    };
    for (const objective of [toy, late]) {
      const grad = new Float64Array(1);
      expect(await negated(objective).valueAndGradient(Float64Array.of(1), grad, open)).toBe(-4);
      expect([...grad]).toEqual([4]);
      expect(await negated(objective).value(Float64Array.of(1), open)).toBe(-4);
    }
    expect(await negatedValue(async () => 2)(new Float64Array(1), open)).toBe(-2);
    expect(Object.is(turned(0, -1), 0)).toBe(true);
  });

  it('is named in texts', () => {
    expect(ofNegated('The loss rose; its losses, the validation loss and the loss scale.')).toBe(
      'The negated objective rose; its negated objectives, the negated validation objective and the loss scale.',
    );
    expect(ofNegated('Loss by lr: gloss')).toBe('Negated objective by lr: gloss');
  });
});

describe('the records of a run that maximizes', () => {
  const patch: RunConfigPatch = {
    maximize: true,
    optimizer: { name: 'sgd', lr: 0.1, weightDecay: 0.5 },
    steps: 20,
  };

  /** Maximizes −(x − 3)², from 0. */
  async function recorded(more: RunConfigPatch = {}) {
    const { config } = resolveConfig([patch, more]);
    const layout = layoutOf(config, 1, Number.POSITIVE_INFINITY);
    const trace = new Trace(layout, [0]);
    const progress = new Progress(layout, [0]);
    const watch = new ExpectationWatch({ loss: -1, steps: null, above: true }, layout, 1);
    // The negation of what is maximized.
    await runPatch(
      analyticObjective('toy'),
      [0],
      { ...patch, ...more },
      {
        onStep(step) {
          const data = new Float64Array(recordLength(layout));
          writeRecord(layout, step, data, 0);
          trace.append(data, 0);
          progress.onRecord(data, 0);
          watch.onRecord(data, 0);
        },
      },
    );
    return { config, layout, trace, progress, watch };
  }

  it('have the loss and gradient of the user’s function, and its largest value as the best', async () => {
    const { trace, progress } = await recorded();
    expect(trace.at(0, recordPlaces.loss)).toBe(-9);
    expect(trace.at(0, trace.placeOf('grad', 0))).toBe(6);
    const last = trace.at(19, recordPlaces.loss);
    expect(last).toBeGreaterThan(-9);
    expect(trace.best).toEqual({ loss: last, t: 19 });
    const { best, verdict } = progress.outcome('user');
    expect([best.loss, best.t]).toEqual([last, 19]);
    expect(verdict.detail).toMatch(/^The highest objective was -0/);
  });

  it('give predicted and actual changes of the user’s function, with the penalty', async () => {
    const { config, layout, trace } = await recorded();
    const quantities = new Quantities(layout, config);
    const [grad, update] = [trace.at(2, trace.placeOf('grad', 0)), trace.at(2, trace.placeOf('update', 0))];
    const [before, after] = [
      trace.at(2, trace.placeOf('params', 0)) - update,
      trace.at(2, trace.placeOf('params', 0)),
    ];
    const penalty = 0.25 * (after ** 2 - before ** 2);
    const change = trace.at(3, recordPlaces.loss) - trace.at(2, recordPlaces.loss);
    expect(trace.read(2, quantities.reader('actualChange', 0))).toBeCloseTo(change - penalty, 14);
    // The gradient of f minus the penalty, and the curvature 1/lr of gradient descent.
    const ascent = grad - 0.5 * before;
    expect(trace.read(2, quantities.reader('predictedChange', 0))).toBeCloseTo(
      ascent * update - update ** 2 / 0.2,
      14,
    );
    expect(trace.read(2, quantities.reader('grad', 0))).toBe(grad);
    expect(quantities.infos.find(({ quantity }) => quantity === 'best')).toMatchObject({ symbol: 'max f' });
  });

  it('meet an expectation above a limit', async () => {
    const { trace, watch } = await recorded({ optimizer: { name: 'sgd', lr: 0.1 } });
    const { met, metAt, reached } = watch.result(null);
    expect(met).toBe(true);
    expect(reached).toEqual(trace.best);
    expect(trace.at(metAt!, recordPlaces.loss)).toBeGreaterThan(-1);
    expect(trace.at(metAt! - 1, recordPlaces.loss)).toBeLessThanOrEqual(-1);
    const words = expectationWords(
      { loss: 0.9, steps: 5, above: true },
      { met: true, reached: { loss: 0.95, t: 3 }, metAt: 3 },
    );
    expect(words).toBe('expected objective > 0.9 within 5 steps: reached 0.95 at step 3 ✓');
  });
});

describe('an expectation and maximize', () => {
  const messageOf = (given: RunConfigPatch) => resolveConfig([given]).problems.map(({ message }) => message);

  it('must agree', () => {
    const above = { loss: 0.9, steps: null, above: true } as const;
    expect(messageOf({ maximize: true, expect: above })).toEqual([]);
    expect(messageOf({ expect: { loss: 0.9, steps: null } })).toEqual([]);
    expect(messageOf({ expect: above })).toEqual([
      'loss>0.9 is for a run that maximizes: add @maximize, or write loss<0.9',
    ]);
    expect(messageOf({ maximize: true, expect: { loss: 0.9, steps: null } })).toEqual([
      'the run maximizes, so it cannot expect a loss below a limit: write loss>0.9',
    ]);
  });
});
