import { describe, expect, it } from 'vitest';
import { type ShownCell, sweepReport } from '../../../src/core/analysis/sweep/sweepReport';
import type { CellResult } from '../../../src/core/analysis/sweep/sweptCell';
import { resolveConfig } from '../../../src/core/config/resolve';
import { defaultAxes, proposedAxes } from '../../../src/runs/sweep/proposedAxes';

const result = (loss: number, rest: Partial<CellResult> = {}): CellResult => ({
  loss,
  verdict: 'converged',
  steps: 100,
  stopped: 'steps',
  crossing: null,
  ...rest,
});
const crossing = { step: 12, stability: 3, limit: 2 };

function cells(results: readonly (CellResult | null)[]): ShownCell[] {
  return results.map((each, i) => {
    const lr = 0.01 * 10 ** i;
    return { x: lr, y: null, patch: { optimizer: { lr } }, run: each && `run-${i}`, result: each };
  });
}

const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0.1 } }]);
const swept = cells([
  result(1e-3),
  result(1e-6, { verdict: 'stalled' }),
  result(1e30, { verdict: 'diverged', crossing }),
  null,
]);
const report = sweepReport({
  config,
  x: { path: 'optimizer.lr', values: swept.map(({ x }) => x) },
  y: null,
  cells: swept,
});

describe('the report on a sweep', () => {
  it('names the best setting, the present one and the runs beyond their limit', () => {
    expect(report.summary).toBe(
      '3 of 4 runs have a result. The lowest final loss is 1e-6, at lr = 0.1. The present configuration reaches 1e-6. 1 run passed its stability limit.',
    );
    expect(report.tables[0]!.rows.map(({ cells, verdict, patch }) => [cells, verdict, patch])).toEqual([
      [['lr=0.1', '1e-6', 'stalled', 'not reached'], 'best', { optimizer: { lr: 0.1 } }],
      [['lr=0.01', '0.001', 'converged', 'not reached'], null, { optimizer: { lr: 0.01 } }],
    ]);
  });

  it('gives a diverged run no value, and every cell its words', () => {
    const heatmap = report.heatmaps![0]!;
    expect([...heatmap.values]).toEqual([1e-3, 1e-6, Number.NaN, Number.NaN]);
    expect(heatmap.cells.map(({ text }) => text)).toEqual([
      'lr = 0.01: final loss 0.001, converged after 100 steps',
      'lr = 0.1: final loss 1e-6, stalled after 100 steps; the present configuration',
      'lr = 1: diverged after 100 steps; passed its stability limit at step 12 (3 against 2)',
      'lr = 10: not run',
    ]);
    expect(heatmap.cells.map(({ isBeyondLimit }) => isBeyondLimit)).toEqual([false, false, true, null]);
  });
});

describe('the proposed axes of a sweep', () => {
  it.each([
    ['adam', 'lr', 'beta2'],
    ['sgd', 'lr', 'momentum'],
    ['rmsprop', 'lr', 'alpha'],
    ['adagrad', 'lr', 'eps'],
  ])('%s: %s and %s', (name, first, second) => {
    const axes = defaultAxes(resolveConfig([{ optimizer: { name } }]).config);
    expect(axes.map((axis) => axis?.name)).toEqual([first, second]);
  });

  it('contain the present value', () => {
    const proposed = proposedAxes(
      resolveConfig([{ optimizer: { lr: 0.03, beta2: 0.95 }, steps: 300, clip: { norm: 2 } }]).config,
    );
    const textOf = (name: string) => proposed.find((axis) => axis.name === name)?.text;
    expect(textOf('lr')).toBe('optimizer.lr=0.0003,0.00095,0.003,0.0095,0.03,0.095,0.3,0.95,3');
    expect(textOf('beta2')).toBe('optimizer.beta2=0.9,0.95,0.99,0.999,0.9999');
    expect(textOf('steps')).toBe('steps=30,95,300,950,3000');
    expect(textOf('clip.norm')).toBe('clip.norm=0.2,0.63,2,6.3,20');
  });
});
