import { describe, expect, it } from 'vitest';
import { compareOptimizers, optimizersReport } from '../../../src/core/analysis/compare/optimizers';
import { lrRangeTest } from '../../../src/core/analysis/lrRange/lrRangeTest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { ownOptimizer } from '../../../src/core/ownOptimizer/ownOptimizer';
import { OwnRuns } from '../../../src/core/ownOptimizer/ownRuns';
import { bowl } from '../diagnosis/support/problems';

const { objective, start: list } = bowl([2, 20], [3, -2]);
const start = Float64Array.from(list);
const free = { went: () => true };

type Numbers = number[];

const forms = {
  'an argument lr': (params: Numbers, grad: Numbers, lr: number) => params.map((p, i) => p - lr * grad[i]!),
  'an argument lr with a default value': (params: Numbers, grad: Numbers, lr = 0.02) =>
    params.map((p, i) => p - lr * grad[i]!),
  'a property lr': class {
    lr: number;
    constructor(lr: number) {
      this.lr = lr;
    }
    step(params: Numbers, grad: Numbers) {
      return params.map((p, i) => p - this.lr * grad[i]!);
    }
  },
  'a private lr': class {
    #lr: number;
    constructor(lr: number) {
      this.#lr = lr;
    }
    step(params: Numbers, grad: Numbers) {
      return params.map((p, i) => p - this.#lr * grad[i]!);
    }
  },
  'a factory': (lr: number) => ({
    step: (params: Numbers, grad: Numbers) => params.map((p, i) => p - lr * grad[i]!),
  }),
  'a constant lr': (params: Numbers, grad: Numbers) => params.map((p, i) => p - 0.02 * grad[i]!),
};
type Form = keyof typeof forms;

function configOf(optimizer: Record<string, number | string>) {
  return resolveConfig([{ optimizer: { name: 'sgd', lr: 0.01, ...optimizer }, steps: 60 }]).config;
}

async function runsOf(form: Form): Promise<OwnRuns> {
  const own = await OwnRuns.of(configOf({ own: 'mine' }).optimizer, start, async (reference) => ({
    make: ownOptimizer(forms[form], reference)!.make,
    vectors: 'plain',
  }));
  return own!;
}

describe('an optimizer of the user in analyses', () => {
  it.each<[Form, boolean, boolean]>([
    ['an argument lr', true, true],
    ['an argument lr with a default value', true, true],
    ['a property lr', true, true],
    ['a private lr', true, false],
    ['a factory', true, false],
    ['a constant lr', false, false],
  ])('with %s', async (form, takesLr, takesLrOfSteps) => {
    const own = await runsOf(form);
    expect([own.takesLr, own.takesLrOfSteps]).toEqual([takesLr, takesLrOfSteps]);
  });

  it.each<Form>([
    'an argument lr',
    'an argument lr with a default value',
    'a property lr',
    'a private lr',
    'a factory',
  ])('is one line among the others, at its best learning rate, with %s', async (form) => {
    const own = await runsOf(form);
    const setting = { objective, start, validation: null, progress: free, own };
    const comparison = await compareOptimizers(setting, configOf({ own: 'mine' }), ['sgd', 'adam']);
    const [mine, sgd] = comparison.candidates;
    expect(comparison.candidates.map(({ name }) => name)).toEqual(['mine', 'sgd', 'adam']);
    expect(mine!.best!.lr).toBe(sgd!.best!.lr);
    expect(mine!.best!.run.outcome.final.params).toEqual(sgd!.best!.run.outcome.final.params);
    const [{ rows }] = optimizersReport(comparison).tables as [
      ReturnType<typeof optimizersReport>['tables'][number],
    ];
    expect(rows[0]!.cells[0]).toBe('current configuration: mine lr 0.01');
    expect(rows.find(({ cells }) => cells[0] === 'mine')!.patch).toEqual({
      optimizer: { lr: mine!.best!.lr },
    });
  });

  it('that takes no learning rate is compared with its own', async () => {
    const own = await runsOf('a constant lr');
    const setting = { objective, start, validation: null, progress: free, own };
    const comparison = await compareOptimizers(setting, configOf({ own: 'mine' }), ['sgd']);
    const [{ rows }] = optimizersReport(comparison).tables as [
      ReturnType<typeof optimizersReport>['tables'][number],
    ];
    expect(rows[0]!.cells.slice(0, 2)).toEqual(['current configuration: mine', 'its own']);
    const mine = rows.find(({ cells }) => cells[0] === 'mine')!;
    expect(mine.patch).toBeNull();
    expect(mine.cells[2]).toBe(rows[0]!.cells[2]);
  });

  it.each<Form>(['an argument lr', 'an argument lr with a default value', 'a property lr'])(
    'has the range of its reference, with %s',
    async (form) => {
      const request = { objective, start, seeds: 1, control: free };
      const mine = await lrRangeTest({
        ...request,
        config: configOf({ own: 'mine' }),
        own: await runsOf(form),
      });
      const reference = await lrRangeTest({ ...request, config: configOf({}) });
      expect(mine.sweeps[0]!.losses).toEqual(reference.sweeps[0]!.losses);
      expect(mine.recommended!.lr).toEqual(reference.recommended!.lr);
    },
  );
});
