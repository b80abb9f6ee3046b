import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/**
 * The least share of the components of a step, the least share of the steps, the first judged step, and the
 * steps in which a dynamic scale searches.
 */
const some = 0.1;
const often = 0.1;
const stepsAtLeast = 20;
const searching = 50;

const steps = 200;
const bench = (patch = {}) => new RuleBench('precision-loss', { precision: 'float16', steps, ...patch });
const under = { loss: 1, underflow: 0.5, lossScale: 8 };
const fine = { loss: 1 };
const over = { loss: 1, overflow: 0.01, lossScale: 8 };

describe('precision loss, underflow', () => {
  it('is reported when it happens in one of ten steps', () => {
    expect(
      bench()
        .steps(90, fine)
        .steps(often * 100, under).found,
    ).toEqual([]);
    const { finding } = bench()
      .steps(89, fine)
      .steps(often * 100, under)
      .step(fine);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [1, 99],
      evidence: { underflowSteps: 10, overflowSteps: 0, steps: 99, lossScale: 8 },
    });
  });

  it.each([
    [some, 1],
    [some - 0.001, 0],
  ])('with a share of %d, is reported %d times', (underflow, count) => {
    expect(bench().steps(50, { ...under, underflow }).found).toHaveLength(count);
  });

  it('is judged from step 20 to the middle of the run', () => {
    expect(bench().steps(stepsAtLeast - 1, under).found).toEqual([]);
    expect(bench().steps(stepsAtLeast, under).range).toEqual([1, stepsAtLeast]);
    const late = (first: number) =>
      bench()
        .steps(first, fine)
        .steps(steps - first, under).found.length;
    // With underflow from step 89 on, it occurs in 12 of the first 100 steps; from step 91 on, in 10.
    expect(late(88)).toBe(1);
    expect(late(90)).toBe(0);
    expect(bench({ steps: 50 }).steps(23, fine).steps(2, under).found).toEqual([]);
    expect(bench({ steps: 50 }).steps(22, fine).steps(3, under).range).toEqual([1, 25]);
  });

  it('is reported once, and extended to the end of the run', () => {
    const run = bench().steps(30, under);
    expect(run.range).toEqual([1, 20]);
    expect(run.finish().range).toEqual([1, 30]);
    expect(run.found).toHaveLength(1);
  });

  it('is reported as overflow when a fixed scale overflows, even after an underflow', () => {
    const { finding } = bench({ lossScale: 8 }).steps(10, under).step(over);
    expect(finding!.detail).toContain('too large for float16');
    expect(finding!.fixes.map(({ patch }) => patch)).toContainEqual({ lossScale: 1 });
  });

  it('proposes a dynamic scale, a larger one, and a higher precision', () => {
    const patches = (lossScale: number | 'dynamic') =>
      bench({ lossScale })
        .steps(30, under)
        .finding!.fixes.map(({ patch }) => patch);
    expect(patches(8)).toEqual([
      { lossScale: 'dynamic' },
      { lossScale: 65536 * 8 },
      { precision: 'float32' },
    ]);
    expect(patches('dynamic')).toEqual([{ precision: 'float32' }]);
  });
});

describe('precision loss, overflow', () => {
  it('is reported at once with a fixed scale', () => {
    expect(bench().step(over).finding).toMatchObject({
      steps: [1, 1],
      evidence: { underflowSteps: 0, overflowSteps: 1, steps: 1 },
    });
    expect(bench().steps(150, fine).step(over).range).toEqual([1, 151]);
    expect(
      bench()
        .steps(150, fine)
        .step({ ...over, overflow: 0 }).found,
    ).toEqual([]);
  });

  it('is not counted while a dynamic scale searches', () => {
    const dynamic = () => bench({ lossScale: 'dynamic' });
    expect(dynamic().steps(searching, over).steps(49, fine).found).toEqual([]);
    expect(dynamic().steps(searching, fine).steps(5, over).found).toEqual([]);
    expect(dynamic().steps(searching, fine).steps(6, over).finding).toMatchObject({
      steps: [1, 56],
      evidence: { overflowSteps: 6 },
    });
    expect(dynamic().steps(100, fine).steps(100, over).found).toEqual([]);
  });

  it('proposes a scale of 1 if the scale is larger', () => {
    const patches = (lossScale: number) =>
      bench()
        .step({ ...over, lossScale })
        .finding!.fixes.map(({ patch }) => patch);
    expect(patches(8)).toEqual([{ lossScale: 'dynamic' }, { lossScale: 1 }, { precision: 'float32' }]);
    expect(patches(1)).toEqual([{ lossScale: 'dynamic' }, { precision: 'float32' }]);
  });

  it('is distinguished from underflow in the text', () => {
    const detail = (run: RuleBench) => run.finding!.detail;
    expect(detail(bench().step(over))).toContain('At step 1 the gradient');
    expect(detail(bench({ lossScale: 'dynamic' }).steps(50, fine).steps(10, over))).toContain(
      'In 6 of the first 56',
    );
    expect(detail(bench().steps(20, under))).toContain('In 20 of the first 20 steps, at least 10 %');
    expect(bench().steps(20, under).finding!.headline).toContain('underflows');
  });
});

describe('precision loss', () => {
  it('does not apply to float64', () => {
    expect(bench({ precision: 'float64' }).rule).toBeNull();
    expect(bench({ precision: 'float32' }).rule).not.toBeNull();
  });
});
