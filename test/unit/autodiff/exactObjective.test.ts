import { describe, expect, it } from 'vitest';
import { exactObjective } from '../../../src/autodiff/exactObjective';
import type { Objective, OpenContext } from '../../../src/core/objective';

const open: OpenContext = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });
/** 0.1 + 0.2 and 0.3: the same number, rounded in two ways. */
const [slow, fast] = [0.1 + 0.2, 0.3];

function traced(value: number, isAsync = false): Objective {
  return {
    dim: 1,
    gradientMode: 'exact',
    value: () => value,
    valueAndGradient(_params, grad) {
      grad[0] = value;
      return isAsync ? Promise.resolve(value) : value;
    },
  };
}

async function answers(objective: Objective, count: number): Promise<(readonly [number, number])[]> {
  const grad = new Float64Array(1);
  const seen: (readonly [number, number])[] = [];
  for (let i = 0; i < count; i++) {
    const value = await objective.valueAndGradient(Float64Array.of(1), grad, open);
    seen.push([value, grad[0]!]);
  }
  return seen;
}

const generated =
  (value: number, slope = value) =>
  (_params: Float64Array, grad: Float64Array) => {
    grad[0] = slope;
    return value;
  };

describe('the traced and the generated gradient', () => {
  it.each([false, true])(
    'give the generated one while they agree, compared or not (async: %s)',
    async (isAsync) => {
      const objective = exactObjective(traced(slow, isAsync), generated(slow, fast), 0);
      expect(await answers(objective, 100)).toEqual(Array.from({ length: 100 }, () => [slow, fast]));
    },
  );

  it('disagree if a value differs in its last bit, because both perform the same operations', async () => {
    const objective = exactObjective(traced(slow), generated(fast), 0);
    expect(await answers(objective, 3)).toEqual(Array.from({ length: 3 }, () => [slow, slow]));
  });

  it('agree if they differ by rounding relative to earlier gradients, and disagree if they differ by more', async () => {
    /**
     * The gradient is 1 at the first evaluation, and later the rounding error of terms of that size, which
     * differs between the two.
     */
    const shrinking = (left: number) => {
      let calls = 0;
      const next = () => (calls++ === 0 ? 1 : left);
      return (_params: Float64Array, grad: Float64Array) => {
        grad[0] = next();
        return slow;
      };
    };
    const tracedLeft = (left: number): Objective => ({ ...traced(slow), valueAndGradient: shrinking(left) });
    const agreeing = exactObjective(tracedLeft(3e-16), shrinking(-2e-16), 0);
    expect((await answers(agreeing, 200)).slice(1)).toEqual(
      Array.from({ length: 199 }, () => [slow, -2e-16]),
    );
    const wrong = exactObjective(tracedLeft(3e-8), shrinking(-2e-8), 0);
    expect((await answers(wrong, 200)).at(-1)).toEqual([slow, 3e-8]);
  });

  it('give the traced one after an error that only the generated code threw', async () => {
    let calls = 0;
    const throwing = () => {
      calls++;
      throw new TypeError('only here');
    };
    const objective = exactObjective(traced(slow), throwing, 0);
    expect(await answers(objective, 3)).toEqual(Array.from({ length: 3 }, () => [slow, slow]));
    expect(calls).toBe(1);
  });

  it('try the generated one again after an error that both threw', async () => {
    let calls = 0;
    const failing = () => {
      throw new RangeError('of the loss');
    };
    const atFirst = (_params: Float64Array, grad: Float64Array) => {
      if (calls++ === 0) failing();
      grad[0] = fast;
      return slow;
    };
    let evaluations = 0;
    const loss: Objective = {
      ...traced(slow),
      valueAndGradient: (params, grad, context) =>
        evaluations++ === 0 ? failing() : traced(slow).valueAndGradient(params, grad, context),
    };
    const objective = exactObjective(loss, atFirst, 0);
    expect(() => objective.valueAndGradient(Float64Array.of(1), new Float64Array(1), open)).toThrow(
      'of the loss',
    );
    expect(await answers(objective, 2)).toEqual([
      [slow, fast],
      [slow, fast],
    ]);
  });

  it('give the traced one from the first disagreement on', async () => {
    const objective = exactObjective(traced(slow), generated(2 * fast), 0);
    expect(await answers(objective, 3)).toEqual(Array.from({ length: 3 }, () => [slow, slow]));
  });

  it('trace an evaluation with a tie, and use the generated one again for the next', async () => {
    let calls = 0;
    const once = (_params: Float64Array, grad: Float64Array) => {
      grad[0] = fast;
      return calls++ === 3 ? null : slow;
    };
    const objective = exactObjective(traced(slow), once, 0);
    const seen = await answers(objective, 6);
    expect(seen.map(([, slope]) => slope)).toEqual([fast, fast, fast, slow, fast, fast]);
    expect(calls).toBe(6);
  });

  it('try the generated one less and less often while all evaluations have ties', async () => {
    let calls = 0;
    const always = () => {
      calls++;
      return null;
    };
    const objective = exactObjective(traced(slow), always, 0);
    expect(await answers(objective, 1000)).toEqual(Array.from({ length: 1000 }, () => [slow, slow]));
    expect(calls).toBeLessThan(25);
  });
});
