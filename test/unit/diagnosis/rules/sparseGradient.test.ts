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
/** `count` single steps with a gradient, `apart` steps from each other. */
const alone = (count: number, apart = 20) => Array.from({ length: count }, (_, k) => 2 + apart * k);

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
    expect(sparse(200, alone(count, 200 / count)).found).toHaveLength(found);
  });

  it.each([
    [returns, 1],
    [returns - 1, 0],
  ])('with a gradient that returns %d times, is reported %d times', (count, found) => {
    expect(sparse(200, alone(count)).found).toHaveLength(found);
    // Two consecutive steps count as one return.
    const blocks = Array.from({ length: count }, (_, k) => [30 * k + 3, 30 * k + 4]).flat();
    expect(sparse(200, blocks).found).toHaveLength(found);
  });

  it.each([
    [stepsAtLeast, 1],
    [stepsAtLeast - 1, 0],
  ])('in a run of %d steps, is reported %d times', (steps, found) => {
    expect(sparse(steps, alone(returns, 10)).found).toHaveLength(found);
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

  it('is not reported for a gradient that was there in many of the first steps, and is 0 after them', () => {
    // A coordinate that has reached an interval on which the loss is constant: 6 groups, 51 of 71 steps.
    const first = [1, 25, 35, 47, 57, 71].flatMap((from, k) =>
      Array.from({ length: [15, 9, 9, 9, 8, 1][k]! }, (_, each) => from + each),
    );
    expect(sparse(1000, first).found).toEqual([]);
    // A rare gradient that ends is sparse up to its end.
    expect(sparse(1000, alone(10)).finding!.detail).toContain(
      'begin at steps 2 to 182, on average 20 steps apart',
    );
  });

  it('states the mean distance of the groups, not a share of the steps of the run', () => {
    const at = [101, 121, 141, 161, 181, 201];
    expect(sparse(1000, at).finding!.evidence.gap).toBe(20);
  });

  it('states how far the parameter moved where its gradient returned, as measured', () => {
    const moves = [9, 0.5, 0.25, 0.75, 0.5, 0.25];
    const run = bench().steps(200, (k) =>
      k % 30 === 0 && k < 180
        ? { loss: 1, grad: 2, delta: moves[k / 30]! }
        : { loss: 1, grad: 0, delta: k % 30 === 1 ? 4 : 0 },
    );
    // The first gradient of a run has not returned, and the steps after a gradient are those of the first moment.
    expect(run.finish().finding!.detail).toContain('the parameter moved by 0.25 to 0.75 (lr = 0.001)');
  });

  it('proposes a shorter memory if the optimizer has one', () => {
    const adam = sparse(200, alone(10), bench({ optimizer: { name: 'adam' } })).finding!;
    expect(adam.fixes.map(({ patch }) => patch)).toEqual([{ optimizer: { beta2: 0.99 } }]);
    const plain = sparse(200, alone(10), bench({ optimizer: { name: 'sgd' } })).finding!;
    expect(plain.fixes).toEqual([]);
    expect(plain.detail).toContain('It moved by');
  });
});
