import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** The share of a step's components that counts, of the steps, the first judged one, and those of a dynamic scale's search. */
const some = 0.1;
const often = 0.1;
const stepsAtLeast = 20;
const searching = 50;

const steps = 200;
const bench = (patch = {}) => new RuleBench('precision-loss', { precision: 'float16', steps, ...patch });
const under = { loss: 1, underflow: 0.5, lossScale: 8 };
const fine = { loss: 1 };
const over = { loss: 1, overflow: 0.01, lossScale: 8 };

describe('precision loss, of gradients that become 0', () => {
  it('takes one in ten steps', () => {
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
  ])('takes a share of %d: %d found', (underflow, count) => {
    expect(bench().steps(50, { ...under, underflow }).found).toHaveLength(count);
  });

  it('is judged from step 20 to the middle of the run', () => {
    expect(bench().steps(stepsAtLeast - 1, under).found).toEqual([]);
    expect(bench().steps(stepsAtLeast, under).range).toEqual([1, stepsAtLeast]);
    const late = (first: number) =>
      bench()
        .steps(first, fine)
        .steps(steps - first, under).found.length;
    // From step 89 on, at 100 there are 12 of 100; from 91 on there are 10.
    expect(late(88)).toBe(1);
    expect(late(90)).toBe(0);
    expect(bench({ steps: 50 }).steps(23, fine).steps(2, under).found).toEqual([]);
    expect(bench({ steps: 50 }).steps(22, fine).steps(3, under).range).toEqual([1, 25]);
  });

  it('lasts to the end, and is told once', () => {
    const run = bench().steps(30, under);
    expect(run.range).toEqual([1, 20]);
    expect(run.finish().range).toEqual([1, 30]);
    expect(run.found).toHaveLength(1);
  });

  it('is an overflow where a fixed scale ends so, whatever was too small before', () => {
    const { finding } = bench({ lossScale: 8 }).steps(10, under).step(over);
    expect(finding!.detail).toContain('too large for float16');
    expect(finding!.fixes.map(({ patch }) => patch)).toContainEqual({ lossScale: 1 });
  });

  it('offers a scale that searches, one that is larger, and more precision', () => {
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

describe('precision loss, of gradients that become infinite', () => {
  it('is told at once under a fixed scale', () => {
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

  it('offers the plain scale where it was raised', () => {
    const patches = (lossScale: number) =>
      bench()
        .step({ ...over, lossScale })
        .finding!.fixes.map(({ patch }) => patch);
    expect(patches(8)).toEqual([{ lossScale: 'dynamic' }, { lossScale: 1 }, { precision: 'float32' }]);
    expect(patches(1)).toEqual([{ lossScale: 'dynamic' }, { precision: 'float32' }]);
  });

  it('says which of both it is', () => {
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
  it('has nothing to watch in float64', () => {
    expect(bench({ precision: 'float64' }).rule).toBeNull();
    expect(bench({ precision: 'float32' }).rule).not.toBeNull();
  });
});
