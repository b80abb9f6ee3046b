import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

const bench = (optimizer: Record<string, string | number | boolean>) =>
  new RuleBench('coupled-weight-decay', { optimizer, steps: 300 });

describe('coupled weight decay', () => {
  it('is reported once, at the first step, for the whole run', () => {
    const run = bench({ name: 'adam', weightDecay: 0.01 });
    expect(run.found).toEqual([]);
    expect(run.step({ loss: 1 }).finding).toMatchObject({
      severity: 'info',
      steps: [1, 300],
      coordinates: [],
      subject: { kind: 'option', path: ['optimizer', 'weightDecay'] },
      evidence: { weightDecay: 0.01 },
    });
    expect(run.steps(10, { loss: 1 }).finish().found).toHaveLength(1);
  });

  it.each<[string, number, boolean]>([
    ['adam', 0, false],
    ['adam', 1e-9, true],
    ['nadam', 0.01, true],
    ['radam', 0.01, true],
    ['adamax', 0.01, true],
    ['adagrad', 0.01, true],
    ['rmsprop', 0.01, true],
    ['sgd', 0.01, false],
    ['adamw', 0.01, false],
  ])('%s with weightDecay %d: %s', (name, weightDecay, isFound) => {
    expect(bench({ name, weightDecay }).step({ loss: 1 }).found).toHaveLength(isFound ? 1 : 0);
  });

  it('proposes adamw with the same options, if nothing else changes', () => {
    const fixes = (optimizer: Record<string, string | number | boolean>) =>
      bench(optimizer)
        .step({ loss: 1 })
        .finding!.fixes.map(({ patch }) => patch!.optimizer);
    expect(fixes({ name: 'adam', lr: 0.2, beta2: 0.9, weightDecay: 0.01 })).toEqual([
      // The others are the defaults of adamw.
      { name: 'adamw', lr: 0.2, beta2: 0.9 },
    ]);
    expect(fixes({ name: 'adam', amsgrad: true, weightDecay: 0.01 })).toEqual([]);
    expect(fixes({ name: 'nadam', weightDecay: 0.01 })).toEqual([]);
  });
});
