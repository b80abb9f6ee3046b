import { describe, expect, it } from 'vitest';
import { checkBeforeRun } from '../../../src/core/analysis/checklist/checkBeforeRun';
import { type ChecklistItem, checklist } from '../../../src/core/analysis/checklist/checklist';
import { checklistReport } from '../../../src/core/analysis/checklist/checklistReport';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';

const good = {
  params: Float64Array.of(1, -2),
  loss: 3,
  grad: Float64Array.of(0.5, -1),
  recommendedLr: 0.1,
  configuredLr: 0.05,
};

function itemOf(name: string, patch: RunConfigPatch = {}, facts: Partial<typeof good> = {}): ChecklistItem {
  const { config, problems } = resolveConfig([patch]);
  expect(problems).toEqual([]);
  return checklist(config, { ...good, ...facts }).find((item) => item.name === name)!;
}

describe('the checklist before a run', () => {
  it.each<[string, RunConfigPatch, Partial<typeof good>, string, RegExp]>([
    ['loss and gradient at the start', {}, {}, 'pass', /^Loss 3;/],
    ['loss and gradient at the start', {}, { loss: Number.NaN }, 'fail', /is NaN/],
    [
      'loss and gradient at the start',
      {},
      { grad: Float64Array.of(0, 0) },
      'fail',
      /gradient at the start is 0/,
    ],
    ['scales of the parameters', {}, {}, 'pass', /factor of 2\./],
    ['scales of the parameters', {}, { params: Float64Array.of(1e-3, 1e3) }, 'fail', /factor of 1e6/],
    ['scales of the parameters', {}, { params: Float64Array.of(0, 0) }, 'not applicable', /start at 0/],
    ['scales of the data', {}, { grad: Float64Array.of(1e-2, 5e3) }, 'fail', /Standardise/],
    ['learning rate', {}, {}, 'pass', /^lr = 0\.05; the range test recommends 0\.1\.$/],
    ['learning rate', {}, { configuredLr: 2 }, 'fail', /too large/],
    ['learning rate', {}, { configuredLr: 1e-5 }, 'fail', /too small/],
    ['length of the schedule', {}, {}, 'not applicable', /No schedule/],
    [
      'length of the schedule',
      { schedule: { name: 'cosine' } },
      {},
      'pass',
      /tMax = 1000; the run has 1000 steps/,
    ],
    [
      'length of the schedule',
      { schedule: { name: 'cosine', tMax: 100 } },
      {},
      'fail',
      /ends before the run/,
    ],
    ['length of the schedule', { schedule: { name: 'cosine', tMax: 5000 } }, {}, 'fail', /cut off/],
    ['clipping', { clip: { norm: 1 } }, {}, 'pass', /norm of the gradient at the start is 1\.12/],
    ['clipping', { clip: { norm: 1e-3 } }, {}, 'fail', /Nearly every/],
    ['clipping', { samples: 100, batch: 10 }, {}, 'fail', /No clipping/],
    ['clipping', {}, {}, 'not applicable', /seldom/],
    ['precision', {}, {}, 'pass', /float64/],
    [
      'precision',
      { precision: 'float16' },
      { grad: Float64Array.of(1e-9, 1) },
      'fail',
      /1 of 2 gradient components/,
    ],
    [
      'precision',
      { precision: 'float16', lossScale: 'dynamic' },
      { grad: Float64Array.of(1e-9, 1) },
      'pass',
      /0 of 2/,
    ],
    ['validation', {}, {}, 'not applicable', /no samples/],
    ['validation', { samples: 10 }, {}, 'fail', /@validation/],
    ['validation', { samples: 10, validation: 'held' }, {}, 'pass', /held/],
    ['stopping rule', {}, {}, 'fail', /No stopping rule/],
    ['stopping rule', { tolerance: 1e-8 }, {}, 'pass', /tolerance = 1e-8/],
    ['stopping rule', { earlyStopping: { patience: 5, minDelta: 0 } }, {}, 'pass', /after 5 epochs/],
  ])('%s: %o', (name, patch, facts, verdict, result) => {
    const item = itemOf(name, patch, facts);
    expect([item.verdict, item.result]).toEqual([verdict, expect.stringMatching(result)]);
    // What it proposes passes the same check.
    if (item.patch) {
      const fixed = resolveConfig([patch, item.patch]);
      expect(fixed.problems).toEqual([]);
      const lr = fixed.config.optimizer.lr as number;
      const after = checklist(fixed.config, { ...good, ...facts, configuredLr: lr });
      expect(after.find((each) => each.name === name)!.verdict).not.toBe('fail');
    }
  });

  it('measures a loss: its gradient, and the learning rate against a range test', async () => {
    const bowl: Objective = {
      dim: 2,
      gradientMode: 'exact',
      value: ([x, y]) => 0.5 * (x! * x! + 1e5 * y! * y!),
      valueAndGradient([x, y], grad) {
        grad.set([x!, 1e5 * y!]);
        return 0.5 * (x! * x! + 1e5 * y! * y!);
      },
    };
    const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 1 }, steps: 100 }]);
    const progress = { went: () => true };
    const items = await checkBeforeRun(
      { objective: bowl, start: Float64Array.of(1, 1), validation: null, progress },
      config,
    );
    const failed = items.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
    expect(failed).toEqual(['scales of the data', 'learning rate', 'stopping rule']);
    expect(items.find(({ name }) => name === 'learning rate')!.patch!.optimizer!.lr).toBeLessThan(2 / 1e5);
    expect(checklistReport(items).summary).toBe(
      '3 of 6 checks that apply pass. Look at: scales of the data, learning rate, stopping rule.',
    );
  });
});
