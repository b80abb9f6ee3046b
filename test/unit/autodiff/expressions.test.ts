import { describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime';
import { tape } from '../../../src/autodiff/tape';
import { traced } from './support/tracing';

describe('an expression as one operation', () => {
  test('is one node with one edge per traced operand', () => {
    const multiplyAdd = $.expression(3, ['add', 2, 0, ['mul', 1, 1, 2]]);
    const { value, grad } = traced(
      ([x, y]) => {
        const [nodes, edges] = [tape.length, tape.edges];
        const sum = multiplyAdd(x, y, 7);
        expect([tape.length - nodes, tape.edges - edges]).toEqual([1, 2]);
        return multiplyAdd(sum, x, x);
      },
      [2, 3],
    );
    expect([value, ...grad]).toEqual([2 + 21 + 4, 1 + 4, 7]);
  });

  test('records nothing for plain operands', () => {
    const sine = $.expression(1, ['sin', 1, 0]);
    expect(sine(1)).toBe(Math.sin(1));
    expect(traced(() => sine(1), [0]).grad).toEqual([0]);
  });

  test('may use an operand twice', () => {
    const polynomial = $.expression(1, [
      'sub',
      1,
      ['pow', 1, 0, { constant: 3 }],
      ['mul', 1, { constant: -2 }, 0],
    ]);
    expect(traced(([x]) => polynomial(x), [2])).toEqual({ value: 12, grad: [14] });
  });

  test('handles nested signs', () => {
    const signs = $.expression(2, [
      'sub',
      1,
      ['neg', 1, ['neg', 1, ['neg', 1, 0]]],
      ['sub', 1, { constant: -0 }, ['neg', 1, 1]],
    ]);
    expect(traced(([x, y]) => signs(x, y), [2, 3])).toEqual({ value: -2 - 3, grad: [-1, -1] });
  });

  test('computes the derivative with respect to an exponent only if the exponent is traced', () => {
    const power = $.expression(2, ['pow', 1, 0, 1]);
    expect(traced(([x]) => power(x, 3), [-2])).toEqual({ value: -8, grad: [12] });
    expect(traced(([x]) => power(2, x), [3]).grad[0]).toBeCloseTo(8 * Math.LN2, 14);
    expect(traced(([x]) => power(x, 0), [-2])).toEqual({ value: 1, grad: [0] });
  });

  test('gives a plain number if the result depends on no operand', () => {
    const clamped = $.expression(1, ['min', 1, ['max', 1, 0, { constant: 0 }], { constant: 1 }]);
    traced(
      ([x]) => {
        expect(clamped(x)).toBe(1);
        return 0;
      },
      [7],
    );
    expect(traced(([x]) => clamped(x), [1]).grad).toEqual([0.5]);
  });

  test('falls back to single operators for other operands', () => {
    const sum = $.expression(2, ['add', 1, 0, ['mul', 1, 1, { constant: 2 }]]);
    expect(sum('a', 1)).toBe('a2');
    expect(sum('a', '3')).toBe('a6');
    expect(() => sum(1n, 1)).toThrow(TypeError);
    expect(sum(undefined, 1)).toBeNaN();
    expect(traced(([x]) => sum({ valueOf: () => x }, x), [2])).toEqual({ value: 6, grad: [3] });
    traced(
      ([x]) => {
        expect(sum('x = ', x)).toBe('x = 4');
        return 0;
      },
      [2],
    );
    expect($.expression(2, ['pow', 1, 0, 1])(2n, 3n)).toBe(8n);
  });

  test('converts operands to primitive values in the order of the operators', () => {
    const log: string[] = [];
    const loud = (name: string) => ({ valueOf: () => log.push(name) });
    $.expression(3, ['add', 1, 0, ['mul', 1, 1, 2]])(loud('a'), loud('b'), loud('c'));
    expect(log).toEqual(['b', 'c', 'a']);
  });
});

describe('a sum under construction', () => {
  const addProduct = $.accumulating(3, ['add', 1, 0, ['mul', 1, 1, 2]]);

  test('is one node with one edge per traced term', () => {
    const { value, grad } = traced(
      ([x, y]) => {
        let sum = $.open($.add(x, 0, 1));
        const [nodes, edges] = [tape.length, tape.edges];
        for (let k = 0; k < 100; k++) sum = addProduct(sum, k, y);
        sum = $.total(sum);
        expect([tape.length - nodes, tape.edges - edges]).toEqual([1, 100]);
        return sum;
      },
      [2, 3],
    );
    expect([value, ...grad]).toEqual([2 + 3 * 4950, 1, 4950]);
  });

  test('is several nodes if it is long', () => {
    const { value, grad } = traced(
      ([x, y]) => {
        let sum = $.open(x);
        const [nodes, edges] = [tape.length, tape.edges];
        for (let k = 1; k <= 10_000; k++) sum = addProduct(sum, y, k);
        sum = $.total(sum);
        expect([tape.length - nodes, tape.edges - edges]).toEqual([3, 10_003]);
        return sum;
      },
      [2, 3],
    );
    expect([value, ...grad]).toEqual([2 + 3 * 50_005_000, 1, 50_005_000]);
  });

  test('is the value with which it began if nothing was added', () => {
    traced(
      ([x]) => {
        expect($.total($.open(x))).toBe(x);
        expect($.total($.open(7))).toBe(7);
        expect($.total(addProduct($.open(-0), -0, 0))).toBe(-0);
        return 0;
      },
      [2],
    );
  });

  test('adds other values operator by operator', () => {
    expect($.total(addProduct($.open(1), '2', 3))).toBe(7);
    expect($.total(addProduct($.open('a'), 2, 3))).toBe('a6');
    expect($.total($.accumulating(2, ['add', 1, 0, 1])($.open(1), 'b'))).toBe('1b');
    const { value, grad } = traced(
      ([x]) => $.total(addProduct(addProduct($.open(x), { valueOf: () => x }, 5), x, x)),
      [3],
    );
    expect([value, ...grad]).toEqual([3 + 15 + 9, 1 + 5 + 6]);
  });

  test('may be formed while another one is', () => {
    const { value, grad } = traced(
      ([x]) => {
        const inner = (k: number) => $.total(addProduct($.open(x), x, k));
        return $.total(addProduct(addProduct($.open(0), inner(2), inner(3)), 1, inner(4)));
      },
      [2],
    );
    expect([value, ...grad]).toEqual([6 * 8 + 10, 3 * 8 + 6 * 4 + 5]);
  });
});
