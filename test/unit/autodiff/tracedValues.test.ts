import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/autodiff/refusal';
import { $ } from '../../../src/autodiff/runtime';
import { operators, outcome, samples } from './support/operators';
import { traced } from './support/tracing';

const numbers = [0, -0, 1, -2.7, 3, 2 ** 31, NaN, Infinity, -Infinity];

/** A function of a package, which is not instrumented. */
const foreign = (x: unknown) => [x, 'foreign'];

/** The result, with a traced value replaced by its number. */
function shown(result: unknown): unknown {
  return $.plain(result);
}

describe('an operator gives the same result on a traced operand as on a plain number', () => {
  test.each(operators)('%s', (name, ours, native) => {
    for (const x of numbers)
      for (const [other, make] of samples) {
        const found: unknown[] = [];
        traced(
          ([h]) => {
            found[0] = outcome((a, b) => shown(ours(a, b)), h, make());
            return 0;
          },
          [x],
        );
        traced(
          ([h]) => {
            found[1] = outcome((a, b) => shown(ours(a, b)), make(), h);
            return 0;
          },
          [x],
        );
        const expected = [outcome(native, x, make()), outcome(native, make(), x)];
        // Some results are objects that each call creates anew.
        for (const side of [0, 1])
          if (!Object.is(found[side], expected[side]) && !isOtherObject(found[side], expected[side]))
            expect.fail(
              `${name} of ${x} and ${other}, side ${side}: ${String(found[side])}, not ${String(expected[side])}`,
            );
      }
  });

  test('if both operands are traced', () => {
    for (const [name, ours, native] of operators)
      for (const x of numbers)
        for (const y of numbers) {
          let found: unknown;
          traced(
            ([a, b]) => {
              found = outcome((p, q) => shown(ours(p, q)), a, b);
              return 0;
            },
            [x, y],
          );
          if (!Object.is(found, outcome(native, x, y)))
            expect.fail(`${name} of ${x} and ${y}: ${String(found)}`);
        }
  });

  test('if both operands are the same traced value', () => {
    traced(
      ([x]) => {
        expect($.same(x, x)).toBe(true);
        expect($.is(x, x)).toBe(true);
        return 0;
      },
      [1],
    );
    traced(
      ([x]) => {
        expect($.same(x, x)).toBe(false);
        expect($.is(x, x)).toBe(true);
        return 0;
      },
      [NaN],
    );
  });
});

function isOtherObject(a: unknown, b: unknown): boolean {
  return (
    typeof a === 'object' &&
    typeof b === 'object' &&
    a !== null &&
    b !== null &&
    a.constructor === b.constructor
  );
}

describe('an operation that native code would carry out on a traced value is refused', () => {
  const uses: readonly [string, string, (x: number) => unknown][] = [
    ['an index', 'coercion', (x) => [1, 2][x]],
    ['a key', 'coercion', (x) => ({ [x]: 1 })],
    ['a missing object read', 'coercion', (x) => $.ref([1, 2], x)],
    ['native Math', 'coercion', (x) => Math.exp(x)],
    ['a native operator', 'coercion', (x) => +x],
    ['a native template', 'coercion', (x) => `${x}`],
    ['a native comparison', 'coercion', (x) => x < 1],
    [
      'a typed array',
      'coercion',
      (x) => {
        new Float64Array(2)[0] = x;
      },
    ],
    ['Array with a length', 'coercion', (x) => $.Array(x)],
    ['new with a length', 'coercion', (x) => new $.Array(x)],
    ['a buffer of that length', 'coercion', (x) => new $.Float64Array(x)],
    ['new Number', 'coercion', (x) => new $.Number(x)],
    ['slice', 'coercion', (x) => [1, 2, 3].slice(x)],
    ['at', 'coercion', (x) => [1, 2, 3].at(x)],
    ['repeat', 'coercion', (x) => 'a'.repeat(x)],
    ['BigInt', 'coercion', (x) => BigInt(x)],
    ['new Date', 'coercion', (x) => new Date(x).getTime()],
    ['JSON', 'json', (x) => JSON.stringify({ x })],
    ['structuredClone', 'coercion', (x) => $.structuredClone({ deep: [new Map([[1, x]])] })],
    ['a foreign call', 'foreign-call', (x) => $.argumentsFor(foreign, null, [x], 3, 'f')],
    ['a foreign call, inside', 'foreign-call', (x) => $.argumentsFor(foreign, null, [{ a: [x] }], 3, 'f')],
    ['Number(text)', 'text-and-back', (x) => $.Number($.text(x))],
    ['+toFixed', 'text-and-back', (x) => $.plus(x.toFixed(2), 1)],
    ['parseFloat', 'text-and-back', (x) => $.parseFloat(`${$.text(x)}px`)],
    ['parseInt', 'text-and-back', (x) => $.parseInt($.String(x))],
    ['text in arithmetic', 'text-and-back', (x) => $.mul($.add('', x, 1), 2, 1)],
    ['text in Math', 'text-and-back', (x) => $.Math.sqrt(x.toPrecision(3) as never)],
    ['text of an array', 'text-and-back', (x) => $.Number($.text([x]))],
    [
      'text for logging, before other text',
      'text-and-back',
      (x) => {
        x.toString();
        return $.Number('3');
      },
    ],
    ['the buffer of a typed array', 'buffer', (x) => new $.Float64Array([x]).buffer],
    ['a native buffer', 'buffer', (x) => $.set(new Float64Array(2), 0, x)],
  ];

  test.each(uses)('%s', (_name, code, use) => {
    const attempt = () => traced(([x]) => use(x) as number, [1.5]);
    expect(attempt).toThrow(Refusal);
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });

  test.each(uses)('%s, and the error is caught by user code', (_name, code, use) => {
    const attempt = () =>
      traced(
        ([x]) => {
          try {
            use(x);
          } catch {}
          return x;
        },
        [1.5],
      );
    expect(attempt).toThrow(expect.objectContaining({ code, name: 'Refusal' }));
  });

  test('the refusal has priority over an error that user code throws in response', () => {
    const attempt = () =>
      traced(
        ([x]) => {
          try {
            return Math.exp(x);
          } catch (cause) {
            throw new Error('my own', { cause });
          }
        },
        [1],
      );
    expect(attempt).toThrow(expect.objectContaining({ code: 'coercion' }));
  });

  test('the next evaluation is not affected', () => {
    expect(() => traced(([x]) => Math.exp(x), [1])).toThrow(Refusal);
    expect(() => traced(([x]) => $.text(x).length, [1])).not.toThrow();
    expect(traced(([x]) => $.mul($.Number('3'), x, 1), [2])).toEqual({ value: 6, grad: [3] });
  });
});

describe('text for logging', () => {
  test.each([
    ['toFixed', (x: number) => x.toFixed(2)],
    ['toPrecision', (x: number) => x.toPrecision(3)],
    ['toExponential', (x: number) => x.toExponential(1)],
    ['toString', (x: number) => x.toString()],
    ['toString(2)', (x: number) => x.toString(2)],
    ['toLocaleString', (x: number) => x.toLocaleString('en')],
  ])('%s', (_name, textOf) => {
    let text = '';
    const { grad } = traced(
      ([x]) => {
        text = textOf(x);
        return $.mul(x, x, 1);
      },
      [1234.5],
    );
    expect(text).toBe(textOf(1234.5));
    expect(grad).toEqual([2469]);
  });

  test('of arrays, of sums with text, and nested', () => {
    traced(
      ([x]) => {
        expect($.text([1, x, [x, null]])).toBe('1,2.5,2.5,');
        expect($.add('x = ', x, 1)).toBe('x = 2.5');
        expect($.add(x, ' m', 1)).toBe('2.5 m');
        expect($.add([x], '', 1)).toBe('2.5');
        expect($.m.join([x, 1], '; ')).toBe('2.5; 1');
        return x;
      },
      [2.5],
    );
  });
});

test('an array with its own join method uses that method', () => {
  const list = Object.assign([1, 2], { join: () => 'mine' });
  expect($.text(list)).toBe('mine');
  expect($.add(list, '!', 1)).toBe('mine!');
});

describe('a user class whose valueOf gives a traced value', () => {
  class Length {
    readonly metres: unknown;
    constructor(metres: unknown) {
      this.metres = metres;
    }
    valueOf() {
      return this.metres;
    }
  }

  test('is differentiated as a number', () => {
    expect(traced(([x]) => $.mul(new Length(x), 3, 1), [2])).toEqual({ value: 6, grad: [3] });
    expect(traced(([x]) => $.add(new Length(x), new Length(x), 1), [2])).toEqual({ value: 4, grad: [2] });
    expect(traced(([x]) => $.Math.sqrt(new Length(x) as never), [4])).toEqual({ value: 2, grad: [0.25] });
    traced(
      ([x]) => {
        expect($.lt(new Length(x), 3)).toBe(true);
        expect($.eq(new Length(x), 2)).toBe(true);
        return 0;
      },
      [2],
    );
  });
});

test('a traced value has only the properties of a number', () => {
  traced(
    ([x]) => {
      for (const name of ['value', 'id', 'node', 'epoch', 'grad', 'data'])
        expect((x as unknown as Record<string, unknown>)[name]).toBeUndefined();
      return 0;
    },
    [1],
  );
});

test('console.log shows the number', async () => {
  const { inspect } = await import('node:util');
  traced(
    ([x]) => {
      expect(inspect([x, $.mul(x, 2, 1)])).toBe('[ 1.5, 3 ]');
      return 0;
    },
    [1.5],
  );
});
