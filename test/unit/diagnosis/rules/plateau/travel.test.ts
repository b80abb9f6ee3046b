import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../../src/core/config/resolve';
import { leadingCoordinate, Travel } from '../../../../../src/core/diagnosis/rules/plateau/travel';
import { Moves } from '../../../../../src/core/diagnosis/terms/moves';
import { ScriptedPath, type ScriptedStep } from '../../support/scriptedPath';

const { config } = resolveConfig([{ optimizer: { name: 'sgd' } }]);

/**
 * A travel of two coordinates whose step views share one params vector, as in a run, and a function that
 * makes steps.
 */
function travelling(length: number, isNoisy = false) {
  const moves = new Moves(2);
  const travel = new Travel(2, length, isNoisy, moves);
  const path = new ScriptedPath(config, 2, [3, 4]);
  const params = new Float64Array(2);
  const steps = (count: number, step: (k: number) => Omit<ScriptedStep, 'loss'>) => {
    let grad: Float64Array = new Float64Array(2);
    for (let k = 0; k < count; k++) {
      const view = path.step({ loss: 0, ...step(k) });
      params.set(view.params);
      moves.onStep(view);
      travel.onStep({ ...view, params });
      grad = view.grad;
    }
    return grad;
  };
  return { travel, steps };
}

describe('the movement of coordinates within a window', () => {
  it('consists of net movement, path length and Σ lr', () => {
    const { travel, steps } = travelling(20);
    const window = (lr: number) => steps(20, (k) => ({ delta: [1, k % 4 === 0 ? -1 : 1], lr }));
    window(0.25);
    expect([travel.netOf(0), travel.netOf(1)]).toEqual([20, 10]);
    expect([travel.pathOf(0), travel.pathOf(1)]).toEqual([20, 20]);
    expect(travel.lr).toBe(5);
    travel.reset();
    expect([travel.netOf(0), travel.pathOf(1), travel.lr]).toEqual([0, 0, 0]);
    window(0.5);
    expect([travel.netOf(0), travel.netOf(1), travel.pathOf(1), travel.lr]).toEqual([20, 10, 20, 10]);
  });

  it('starts at the start of the run', () => {
    const { travel, steps } = travelling(10);
    steps(1, () => ({ delta: [5, 0] }));
    expect(travel.netOf(0)).toBe(5);
  });

  it('has an effect of the median step times the number of steps, so that bursts do not count', () => {
    const { travel, steps } = travelling(50);
    steps(50, (k) => ({ grad: [2, -1], delta: [k % 5 === 0 ? 1000 : 0.5, 0.25] }));
    expect(travel.work).toBe(50 * 1.25);
    expect(travel.total).toBe(10 * 2000.25 + 40 * 1.25);
    // The order of the steps does not matter: every block of five has the median 2.
    steps(50, (k) => ({ grad: 1, delta: [[9, 2, 1, 9, 1][k % 5]!, 0] }));
    expect(travel.work).toBe(50 * 2);
    // Ten blocks, five with the median 1 and five with 9.
    steps(50, (k) => ({ grad: 1, delta: [k % 10 < 5 ? 1 : 9, 0] }));
    expect(travel.work).toBe(50 * 5);
    // Four of ten blocks are far larger, and four far smaller.
    steps(50, (k) => ({ grad: 1, delta: [k < 20 ? 1000 : k < 40 ? 1e-9 : 3, 0] }));
    expect(travel.work).toBeCloseTo(50 * 3, 9);
  });

  it('has an infinite effect if it is not a number', () => {
    const { travel, steps } = travelling(10);
    steps(10, () => ({ grad: Number.NaN, delta: 1 }));
    expect(travel.work).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes the change of the gradient from its range, or with mini-batches from its halves', () => {
    for (const [isNoisy, wanted] of [
      [false, 2],
      [true, 4 / 2],
    ] as const) {
      const { travel, steps } = travelling(10, isNoisy);
      // From 3 to 1 at once: the range is 2, relative to 1. The line through the halves 3 and 1 ends at 0.
      steps(10, (k) => ({ grad: k < 5 ? 3 : 1 }));
      if (isNoisy) expect(travel.gradient.size(0)).toBeCloseTo(0, 12);
      else expect(travel.gradient.relative(0)).toBe(wanted);
      travel.reset();
      steps(10, () => ({ grad: 1 }));
      expect(travel.gradient.relative(0)).toBe(0);
    }
  });
});

describe('the leading coordinate', () => {
  it('has the largest abs(g · net)', () => {
    const { travel, steps } = travelling(10);
    expect(
      leadingCoordinate(
        travel,
        steps(10, () => ({ grad: [2, -1], delta: [1, -3] })),
      ),
    ).toBe(1);
    expect(leadingCoordinate(travel, Float64Array.of(-4, 1))).toBe(0);
    expect(leadingCoordinate(travel, Float64Array.of(-1, 4))).toBe(1);
    expect(leadingCoordinate(travel, Float64Array.of(1e-9, -1e-9))).toBe(1);
    expect(leadingCoordinate(travel, Float64Array.of(0, 0))).toBe(0);
  });
});
