import { describe, expect, it } from 'vitest';
import type { NonFiniteCause, Origin } from '../../../../src/core/diagnosis/finding';
import type { OddScale } from '../../../../src/core/ending/heldBack';
import { RuleBench } from '../support/ruleBench';
import { farEnd } from '../support/runEnds';

const sgd = { optimizer: { name: 'sgd', lr: 0.5 }, steps: 100 };
const patches = ({ finding }: RuleBench) => finding!.fixes.map(({ patch }) => patch);
const infinite = Number.POSITIVE_INFINITY;
const end = (loss: number, ...params: readonly number[]) => ({
  params: Float64Array.from(params),
  loss,
  gradNorm: 1,
});

describe('a non-finite loss', () => {
  const bench = (patch = {}, options = {}) => new RuleBench('non-finite-loss', { ...sgd, ...patch }, options);

  it('is reported once, with the loss before it', () => {
    const { found, finding } = bench().losses(3, 2, Number.NaN, infinite);
    expect(found).toHaveLength(1);
    expect(finding).toMatchObject({ severity: 'error', steps: [3, 3], evidence: { lastLoss: 2, t: 3 } });
    expect(finding!.detail).toContain('At step 2 it was 2. The parameters have likely left');
    expect(bench().losses(3, infinite).finding!.detail).toContain('A value likely overflowed');
    const atStart = bench().losses(infinite).finding!;
    expect(atStart.headline).toBe('The loss is ∞ at the start.');
    expect(atStart.evidence).toEqual({ loss: infinite, t: 1 });
  });

  it('is reported with the coordinates that are not finite, unless all are', () => {
    const at = (...grad: readonly number[]) =>
      bench({}, { dim: 2 }).losses(1).step({ loss: Number.NaN, grad }).finding!.coordinates;
    expect(at(1, Number.NaN)).toEqual([1]);
    expect(at(infinite, -infinite)).toEqual([]);
    expect(at(1, 1)).toEqual([]);
  });

  it('proposes smaller learning rates, and to clip at a tenth of the first gradient norm', () => {
    const failed = (patch = {}) => bench(patch).step({ loss: 1, grad: 40 }).losses(1).losses(Number.NaN);
    expect(patches(failed())).toEqual([
      { optimizer: { lr: 0.05 } },
      { optimizer: { lr: 0.005 } },
      { clip: { norm: 4, value: null } },
    ]);
    expect(patches(failed({ clip: { norm: 7 } }))).toHaveLength(2);
    expect(patches(bench().step({ loss: 1, grad: 0 }).losses(Number.NaN))).toHaveLength(2);
    // A smaller step does not help when the start is outside the domain.
    expect(patches(bench().losses(Number.NaN))).toEqual([]);
  });

  it('advises clipping only where the length of a step depends on the size of the gradient', () => {
    const failed = (name: string) =>
      bench({ optimizer: { name, lr: 0.5 } })
        .step({ loss: 1, grad: 40 })
        .losses(infinite).finding!;
    expect(failed('sgd').advice).toBe(
      'Decrease lr, clip the gradient norm, or keep the parameters inside the domain of the loss.',
    );
    for (const name of ['adam', 'rmsprop', 'adagrad', 'signsgd']) {
      expect(failed(name).advice).toBe('Decrease lr or keep the parameters inside the domain of the loss.');
      expect(failed(name).fixes).toHaveLength(2);
    }
  });

  it('names an underflow before a logarithm as a possible cause of an infinite loss', () => {
    const { finding } = bench().losses(infinite);
    expect(finding!.detail).toContain('underflowed to 0 before a logarithm');
    expect(finding!.advice).toContain('Use sums of logarithms');
  });

  it('is reported when the run ends because a parameter is not finite', () => {
    const { finding } = bench({ names: ['a', 'b'] }, { dim: 2 })
      .step({ loss: 1, grad: 40 })
      .finish({ stopped: 'nonFinite', final: end(Number.NaN, 1, infinite) });
    expect(finding).toMatchObject({ steps: [1, 1], coordinates: [1], evidence: { lastLoss: 1 } });
    expect(finding!.headline).toContain('made b NaN or infinite');
    expect(finding!.detail).toContain('The update overflowed');
    expect(finding!.fixes.map(({ patch }) => patch!.optimizer?.lr)).toEqual([0.05, 0.005, undefined]);
  });

  it('and names an eps of 0 as the cause of that', () => {
    const divided = bench({ optimizer: { name: 'adam', eps: 0 } }).losses(1);
    divided.finish({ stopped: 'nonFinite', final: end(Number.NaN, infinite) });
    expect(divided.finding!.detail).toContain('divided by zero');
    expect(patches(divided)).toEqual([{ optimizer: { eps: 1e-8 } }]);
  });

  it('is reported for the final point, but not when the run threw or made no step', () => {
    const final = end(Number.NaN, 1);
    expect(bench().losses(1, 0.9).finish({ final }).finding).toMatchObject({
      steps: [2, 2],
      coordinates: [],
    });
    expect(bench().losses(1, 0.9).finish({ final }).finding!.detail).toContain(
      'Before that step, the loss was 0.9',
    );
    expect(bench().losses(1).finish({ final }).found).toHaveLength(1);
    expect(bench().losses(1, 0.9).finish().found).toEqual([]);
    expect(bench().losses(1).finish({ final, stopped: 'error' }).found).toEqual([]);
    expect(bench().finish({ final, stopped: 'user' }).found).toEqual([]);
  });

  it('names the cause once the operation is known', () => {
    const origin = (cause: NonFiniteCause): Origin => ({
      kind: 'non-finite-value',
      location: { file: '/loss.ts', line: 1, column: 1, endLine: 1, endColumn: 9 },
      expression: 'Math.log(p)',
      inputs: [0],
      result: -infinite,
      cause,
    });
    const of = (cause: NonFiniteCause, ...losses: readonly number[]) => {
      const { finding } = bench()
        .losses(...losses)
        .origin(origin(cause));
      return `${finding!.detail} ${finding!.advice}`;
    };
    const log = { kind: 'logarithm-of-0', underflow: null } as const;
    expect(of({ ...log, underflow: 'product' }, infinite)).toBe(
      'A product underflowed to 0 before the logarithm. Use sums of logarithms (log-sum-exp) instead of results that underflow.',
    );
    expect(of(log, infinite)).toBe(
      'The loss contains a logarithm of 0. Choose a start inside the domain of the loss.',
    );
    expect(of({ kind: 'division-by-0', underflow: 'result' }, 2, infinite)).toBe(
      'At step 1 it was 2. An intermediate result underflowed to 0 before the division. ' +
        'Use sums of logarithms (log-sum-exp) instead of results that underflow, or decrease lr.',
    );
    expect(of({ kind: 'overflow', of: 'exponential' }, 2, Number.NaN)).toBe(
      'At step 1 it was 2. An exponential overflowed. ' +
        'Decrease lr, clip the gradient norm, or keep the parameters inside the domain of the loss.',
    );
  });

  it('advises to rescale the parameter whose first step alone broke the run', () => {
    const oddScale = {
      index: 0,
      kind: 'long',
      magnitude: 1e-11,
      startsAtZero: false,
      moved: 0.5,
      reached: 1,
      broke: { from: 2, to: infinite },
    } as const;
    const run = (found: OddScale) =>
      bench()
        .losses(2, infinite)
        .finish({ stopped: 'nonFinite', final: end(Number.NaN, infinite) }, { ...farEnd, oddScale: found });
    expect(run(oddScale).finding!.advice).toBe(
      'Reparametrize theta[0], or give it a learning rate of its own.',
    );
    expect(patches(run(oddScale))).toEqual([]);
    expect(run({ ...oddScale, broke: null }).finding!.advice).toContain('Decrease lr');
  });

  it('is not reported again at the end', () => {
    expect(
      bench()
        .losses(1, Number.NaN)
        .finish({ final: end(Number.NaN, 1) }).found,
    ).toHaveLength(1);
    const gradient = bench().losses(1).post('non-finite-gradient');
    expect(gradient.finish({ stopped: 'nonFinite', final: end(Number.NaN, infinite) }).found).toEqual([]);
  });
});

describe('a non-finite gradient', () => {
  const bench = (patch = {}, options = {}) =>
    new RuleBench('non-finite-gradient', { ...sgd, ...patch }, options);

  it('is reported once, with its coordinates', () => {
    const run = bench({}, { dim: 3 })
      .losses(1)
      .step({ loss: 2, grad: [1, Number.NaN, infinite] });
    expect(run.finding).toMatchObject({ severity: 'error', steps: [2, 2], coordinates: [1, 2] });
    expect(run.finding!.evidence).toEqual({ loss: 2, count: 2, t: 2 });
    expect(run.finding!.detail).toContain('theta[1] is NaN and 1 more of 3');
    expect(run.step({ loss: 2, grad: infinite }).found).toHaveLength(1);
    const single = bench({}, { dim: 2 }).step({ loss: 2, grad: [1, infinite] });
    expect(single.finding!.detail).toContain('theta[1] is ∞.');
  });

  it('is not reported after a non-finite loss, or when rounding made it infinite', () => {
    expect(bench().losses(1).post('non-finite-loss').step({ loss: 1, grad: Number.NaN }).found).toEqual([]);
    const rounded = bench().step({ loss: 1, grad: infinite, overflow: 0.1 });
    expect(rounded.found).toEqual([]);
    expect(rounded.step({ loss: 1, grad: infinite }).found).toHaveLength(1);
  });

  it('proposes smaller learning rates, and to clip at a tenth of the first gradient norm', () => {
    const broken = { loss: 1, grad: infinite };
    const failed = bench().step({ loss: 1, grad: 40 }).step({ loss: 1, grad: 7 }).step(broken);
    expect(patches(failed)).toEqual([
      { optimizer: { lr: 0.05 } },
      { optimizer: { lr: 0.005 } },
      { clip: { norm: 4, value: null } },
    ]);
    expect(patches(bench().step(broken))).toEqual([]);
  });
});
