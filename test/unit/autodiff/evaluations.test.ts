import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/autodiff/refusal';
import { $ } from '../../../src/autodiff/runtime';
import { objectiveOf, open, type Params, traced } from './support/tracing';

const stale = expect.objectContaining({ code: 'stale-value', name: 'Refusal' });
const square = ([x]: Params) => $.mul(x, x, 1);

describe('a value of an earlier evaluation is refused', () => {
  test('in a memo', () => {
    const memo = new Map<number, unknown>();
    let calls = 0;
    const loss = ([x]: Params) => {
      calls++;
      if (!memo.has(3)) memo.set(3, $.mul(x, x, 1));
      return $.add(memo.get(3), x, 2);
    };
    expect(traced(loss, [2]).grad).toEqual([5]);
    expect(() => traced(loss, [2])).toThrow(stale);
    expect(calls).toBe(2);
  });

  test('a running minimum', () => {
    let best: unknown = Infinity;
    const loss = ([x]: Params) => {
      best = $.Math.min(best as number, x);
      return x;
    };
    traced(loss, [2]);
    expect(() => traced(loss, [1])).toThrow(stale);
  });

  test.each([
    ['in a comparison', (old: unknown) => $.lt(old, 1)],
    ['as a condition', (old: unknown) => $.truthy(old)],
    ['in ===', (old: unknown) => $.same(old, 1)],
    ['in a text', (old: unknown) => $.text(old)],
    ['toFixed', (old: unknown) => (old as number).toFixed(2)],
    ['in | 0', (old: unknown) => $.int('|', old, 0, 1)],
    ['floor', (old: unknown) => $.math.floor(old, 1)],
    ['times 0', (old: unknown) => $.mul(old, 0, 1)],
    ['Number', (old: unknown) => $.Number(old)],
    ['as a key of a Map', (old: unknown) => new $.Map().get(old as number)],
    ['as an index', (old: unknown) => [1][old as number]],
    ['Math.max of three', (old: unknown) => $.Math.max(1, old as number, 2)],
    ['as an operand of an expression', (old: unknown) => $.expression(1, ['sin', 1, 0])(old)],
  ])('%s, and the error is caught by user code', (_name, use) => {
    let old: unknown;
    traced(
      ([x]) => {
        old = $.mul(x, 2, 1);
        return x;
      },
      [1],
    );
    expect(() =>
      traced(
        ([x]) => {
          try {
            use(old);
          } catch {}
          return x;
        },
        [1],
      ),
    ).toThrow(stale);
  });

  test('as the result', () => {
    let kept: unknown;
    const loss = ([x]: Params) => {
      kept ??= $.mul(x, x, 1);
      return kept;
    };
    traced(loss, [2]);
    expect(() => traced(loss, [2])).toThrow(stale);
  });

  test('in an evaluation on plain numbers', () => {
    let kept: unknown;
    const objective = objectiveOf(([x]) => {
      kept ??= x;
      return $.add(kept, 1, 1);
    }, 1);
    objective.valueAndGradient(Float64Array.of(1), new Float64Array(1), open);
    expect(() => objective.value(Float64Array.of(1), open)).toThrow(stale);
  });

  test('but a plain number that was kept is a constant', () => {
    let first: unknown;
    const loss = ([x]: Params) => {
      first ??= $.math.floor(x, 1);
      return $.mul(first, x, 1);
    };
    traced(loss, [3.5]);
    expect(traced(loss, [5.5]).grad).toEqual([3]);
  });
});

describe('errors', () => {
  test('of user code are rethrown, and the next evaluation works', () => {
    const loss = ([x]: Params) => {
      $.mul(x, x, 1);
      throw new RangeError('mine');
    };
    expect(() => traced(loss, [1])).toThrow(RangeError);
    expect(traced(square, [3])).toEqual({ value: 9, grad: [6] });
  });

  test('are thrown for a result that is not a number', () => {
    expect(() => traced(() => 'text', [1])).toThrow('not a number: string');
    expect(() => traced(() => undefined, [1])).toThrow('not a number: undefined');
    expect(traced(square, [3]).grad).toEqual([6]);
  });

  test('are thrown for a loss that evaluates a loss', () => {
    const inner = objectiveOf(square, 1);
    expect(() => traced(() => inner.value(Float64Array.of(1), open), [1])).toThrow(
      'during its own evaluation',
    );
    expect(traced(square, [3]).grad).toEqual([6]);
  });
});

describe('asynchronous losses', () => {
  const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), 1));

  test('are evaluated one after the other', async () => {
    const events: string[] = [];
    const loss = async ([x]: Params) => {
      events.push('begin');
      const y = await later($.mul(x, x, 1));
      const z = $.add(y, await later(x), 2);
      events.push('end');
      return z;
    };
    const objective = objectiveOf(loss, 1);
    const grads = [0, 1, 2].map(() => new Float64Array(1));
    const values = await Promise.all(
      grads.map((grad, i) => objective.valueAndGradient(Float64Array.of(i + 1), grad, open)),
    );
    expect(values).toEqual([2, 6, 12]);
    expect(grads.map(([g]) => g)).toEqual([3, 5, 7]);
    expect(events.join(' ')).toBe('begin end begin end begin end');
  });

  test('also delay a synchronous loss that is evaluated in between', async () => {
    const slow = objectiveOf(async ([x]) => $.mul(await later(x), 2, 1), 1);
    const quick = objectiveOf(square, 1);
    const grad = new Float64Array(1);
    const first = slow.valueAndGradient(Float64Array.of(1), grad, open);
    const other = new Float64Array(1);
    const second = quick.valueAndGradient(Float64Array.of(4), other, open);
    expect(await Promise.all([first, second])).toEqual([2, 16]);
    expect([grad[0], other[0]]).toEqual([2, 8]);
    expect(quick.value(Float64Array.of(4), open)).toBe(16);
  });

  test('that reject do not block the next evaluation', async () => {
    const failing = objectiveOf(async () => {
      await later(0);
      throw new RangeError('mine');
    }, 1);
    const grad = new Float64Array(1);
    await expect(failing.valueAndGradient(Float64Array.of(1), grad, open)).rejects.toThrow(RangeError);
    expect(traced(square, [3]).grad).toEqual([6]);
  });

  test('that continue after their evaluation get an error with a place', async () => {
    let late: Promise<unknown> | undefined;
    traced(
      ([x]) => {
        late = later(0).then(() => $.mul(x, x, 1));
        return x;
      },
      [1],
    );
    await expect(late).rejects.toThrow(stale);
  });

  test('are refused even if user code catches the error of a promise', async () => {
    const loss = objectiveOf(async ([x]) => {
      await later(0)
        .then(() => Math.exp(x))
        .catch(() => 0);
      return x;
    }, 1);
    await expect(loss.valueAndGradient(Float64Array.of(1), new Float64Array(1), open)).rejects.toThrow(
      Refusal,
    );
  });
});

describe('parameters', () => {
  test('are a new array in each evaluation', () => {
    const seen: unknown[] = [];
    const objective = objectiveOf((params) => {
      seen.push(params);
      (params as unknown as unknown[])[0] = 7;
      return params[1];
    }, 2);
    const at = Float64Array.of(1, 2);
    expect(objective.value(at, open)).toBe(2);
    expect(objective.value(at, open)).toBe(2);
    expect([...at]).toEqual([1, 2]);
    expect(seen[0]).not.toBe(seen[1]);
  });

  test('are a Float64Array if the loss wants one', () => {
    const objective = objectiveOf(
      (params) => {
        expect(params).toBeInstanceOf($.Float64Array);
        expect($.Array.isArray(params)).toBe(false);
        return (params.map((x) => $.mul(x, x, 1) as number) as unknown as Params).reduce(
          (sum: unknown, x) => $.add(sum, x, 2),
          0,
        );
      },
      3,
      'Float64Array',
    );
    const grad = new Float64Array(3);
    expect(objective.valueAndGradient(Float64Array.of(1, 2, 3), grad, open)).toBe(14);
    expect([...grad]).toEqual([2, 4, 6]);
    expect(objective.value(Float64Array.of(1, 2, 3), open)).toBe(14);
  });
});
