import { describe, expect, it } from 'vitest';
import { equalsReference } from '../../../src/core/analysis/optimizerCheck/equalsReference';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import { drivingOptimizer } from '../../../src/core/ownOptimizer/drivingOptimizer';
import { type OwnInstance, ownOptimizer } from '../../../src/core/ownOptimizer/ownOptimizer';
import { run } from '../../../src/core/runLoop';
import type { StepView } from '../../../src/core/update';

const [b1, b2, eps, lr] = [0.9, 0.999, 1e-8, 0.05];
const { config } = resolveConfig([{ optimizer: { name: 'adam', lr }, steps: 60 }]);
const start = Float64Array.of(-1.2, 1);
const rosenbrock: Objective = {
  dim: 2,
  gradientMode: 'provided',
  value: ([x, y]) => 100 * (y! - x! * x!) ** 2 + (1 - x!) ** 2,
  valueAndGradient: ([x, y], grad) => {
    const valley = y! - x! * x!;
    grad[0] = -400 * x! * valley - 2 * (1 - x!);
    grad[1] = 200 * valley;
    return 100 * valley ** 2 + (1 - x!) ** 2;
  },
};

class Mine {
  t = 0;
  m: number[] = [];
  v: number[] = [];
  step(w: number[], g: number[]): number[] {
    this.t++;
    return w.map((x, i) => {
      this.m[i] = b1 * (this.m[i] ?? 0) + (1 - b1) * g[i]!;
      this.v[i] = b2 * (this.v[i] ?? 0) + (1 - b2) * g[i]! ** 2;
      const mHat = this.m[i]! / (1 - b1 ** this.t);
      return x - (lr * mHat) / (Math.sqrt(this.v[i]! / (1 - b2 ** this.t)) + eps);
    });
  }
}
class Hidden {
  readonly #own = new Mine();
  step(w: number[], g: number[]): number[] {
    return this.#own.step(w, g);
  }
}

async function stepsOf(exported: unknown, isEqual: boolean) {
  const { make } = ownOptimizer(exported, config.optimizer)!;
  return recorded(drivingOptimizer(make, 'plain', config.optimizer, start, isEqual));
}

async function recorded(optimizer?: ReturnType<typeof drivingOptimizer>) {
  const seen: number[][] = [];
  const outcome = await run({
    objective: rosenbrock,
    start,
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: {
      afterStep: ({ params, state }: StepView) => {
        seen.push([...params, ...state.flatMap((values) => [...values])]);
      },
    },
    ...(optimizer && { optimizer }),
  });
  return { seen, outcome };
}

describe('an optimizer of the user that drives a run', () => {
  it.each<[string, unknown, boolean]>([
    ['readable', Mine, false],
    ['hidden, but equal to that of the reference', Hidden, true],
  ])('makes its steps, and its moments are recorded if they are %s', async (_name, exported, isEqual) => {
    const own = await stepsOf(exported, isEqual);
    const reference = await recorded();
    expect(own.seen.length).toBe(60);
    for (const [t, values] of own.seen.entries())
      for (const [i, value] of values.entries()) {
        const expected = reference.seen[t]![i]!;
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
      }
  });

  it('has moments of NaN if they cannot be recognized', async () => {
    const { seen } = await stepsOf(Hidden, false);
    for (const [x, y, ...moments] of seen) {
      expect([x, y].every(Number.isFinite)).toBe(true);
      expect(moments.every(Number.isNaN)).toBe(true);
    }
  });

  it('passes on what the user’s code throws', async () => {
    const failing: OwnInstance = {
      state: null,
      step() {
        throw new RangeError('no such tensor');
      },
    };
    const optimizer = drivingOptimizer(() => failing, 'plain', config.optimizer, start, false);
    await expect(recorded(optimizer)).rejects.toThrow(new RangeError('no such tensor'));
    const empty = drivingOptimizer(
      () => ({ state: null, step: () => [1] }),
      'plain',
      config.optimizer,
      start,
      false,
    );
    await expect(recorded(empty)).rejects.toThrow(
      'the optimizer returns 1 parameters instead of 2 at step 1',
    );
  });

  it('is equal to its reference if it makes the same steps', async () => {
    const fresh = async () => ownOptimizer(Hidden, config.optimizer)!.make;
    expect(await equalsReference(fresh, 'plain', config.optimizer)).toBe(true);
    expect(await equalsReference(fresh, 'plain', { ...config.optimizer, lr: 0.1 })).toBe(false);
  });
});

describe('the configuration of an optimizer of the user', () => {
  const merged = (...layers: RunConfigPatch[]) => resolveConfig(layers);

  it('replaces an optimizer of the registry, and is replaced by one', () => {
    const own = { optimizer: { own: 'mine' } };
    expect(merged({ optimizer: { name: 'sgd', momentum: 0.9 } }, own).config.optimizer).toMatchObject({
      name: 'adam',
      own: 'mine',
    });
    expect(merged(own, { optimizer: { name: 'adam' } }).config.optimizer).not.toHaveProperty('own');
    expect(merged(own, { steps: 5 }).config.optimizer.own).toBe('mine');
  });

  it('must be a name', () => {
    expect(merged({ optimizer: { own: 3 as never } }).problems).toEqual([
      expect.objectContaining({ path: ['optimizer', 'own'] }),
    ]);
  });
});
