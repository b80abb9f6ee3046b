import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/**
 * The largest share of steps with a gradient, the least number of times that it returns, and the least number
 * of steps.
 */
const rare = 0.1;
const returns = 5;
const stepsAtLeast = returns / rare;

const bench = (patch = {}, dim = 1) =>
  new RuleBench('sparse-gradient', { optimizer: { name: 'adam', beta2: 0.9 }, ...patch }, { dim });
/** A gradient at the given steps, 0 at the others. */
const sparse = (steps: number, at: readonly number[], of = bench()) =>
  of.steps(steps, (k) => ({ loss: 1, grad: at.includes(k + 1) ? 2 : 0 })).finish();
/** `count` single steps with a gradient. */
const alone = (count: number) => Array.from({ length: count }, (_, k) => 2 + 5 * k);

describe('sparse gradient', () => {
  it('is reported when few steps have a gradient, and it returns repeatedly', () => {
    const { finding } = sparse(200, alone(10));
    expect(finding).toMatchObject({ severity: 'info', steps: [1, 200], coordinates: [0] });
    expect(finding!.subject).toEqual({ kind: 'parameter', index: 0 });
    expect(finding!.evidence).toMatchObject({ share: 0.05, gap: 20, count: 1 });
    expect(finding!.evidence.memory).toBeCloseTo(10, 12);
  });

  it.each([
    [rare * 200, 1],
    [rare * 200 + 1, 0],
  ])('with a gradient in %d of 200 steps, is reported %d times', (count, found) => {
    expect(sparse(200, alone(count)).found).toHaveLength(found);
  });

  it.each([
    [returns, 1],
    [returns - 1, 0],
  ])('with a gradient that returns %d times, is reported %d times', (count, found) => {
    expect(sparse(200, alone(count)).found).toHaveLength(found);
    // Two consecutive steps count as one return.
    const blocks = Array.from({ length: count }, (_, k) => [10 * k + 3, 10 * k + 4]).flat();
    expect(sparse(200, blocks).found).toHaveLength(found);
  });

  it.each([
    [stepsAtLeast, 1],
    [stepsAtLeast - 1, 0],
  ])('in a run of %d steps, is reported %d times', (steps, found) => {
    expect(sparse(steps, alone(returns)).found).toHaveLength(found);
  });

  it('is not reported for a coordinate that never has a gradient', () => {
    expect(sparse(200, []).found).toEqual([]);
  });

  it('names the coordinate with the smallest share first', () => {
    const of = bench({}, 4).steps(200, (k) => ({
      loss: 1,
      grad: [1, k % 20 === 0 ? 1 : 0, k % 2, k % 40 === 0 ? 1 : 0],
    }));
    const { finding } = of.finish();
    expect(finding).toMatchObject({
      coordinates: [3, 1],
      subject: null,
      evidence: { share: 0.025, gap: 40, count: 2 },
    });
  });

  it.each([
    [0.9, 'has nearly decayed'],
    [0.99, 'most of which have a zero gradient'],
  ])('compares the gap with the memory of v: beta2 %d', (beta2, words) => {
    // A gradient in one of 20 steps, with a memory of 10 or 100 steps.
    expect(sparse(200, alone(10), bench({ optimizer: { name: 'adam', beta2 } })).finding!.detail).toContain(
      words,
    );
  });

  it('proposes a shorter memory if the optimizer has one', () => {
    const adam = sparse(200, alone(10), bench({ optimizer: { name: 'adam' } })).finding!;
    expect(adam.fixes.map(({ patch }) => patch)).toEqual([{ optimizer: { beta2: 0.99 } }]);
    const plain = sparse(200, alone(10), bench({ optimizer: { name: 'sgd' } })).finding!;
    expect(plain.fixes).toEqual([]);
    expect(plain.detail).toContain('It moved by');
  });
});
