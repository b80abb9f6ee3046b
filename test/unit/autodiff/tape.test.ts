import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime';
import { maximalEdges, maximalNodes, tape } from '../../../src/autodiff/tape';
import { plainArrays, tapeArrays } from '../../../src/autodiff/tapeArrays';
import { closed, edge, parameter, record1, record2, Traced } from '../../../src/autodiff/traced';
import { seededRandom } from './support/seededRandom';
import { objectiveOf, open, traced } from './support/tracing';

beforeEach(() => tape.reset());

afterEach(() => {
  tape.maximalNodes = maximalNodes;
  tape.maximalEdges = maximalEdges;
});

describe('the reverse sweep', () => {
  test('sums over all paths', () => {
    const x = parameter(3);
    const y = record2(0, x.tapeIndex, 2, x.tapeIndex, 5);
    const z = record2(0, y.tapeIndex, 11, x.tapeIndex, 13);
    tape.reverse(z.tapeIndex);
    expect([...tape.adjoints.subarray(0, 3)]).toEqual([11 * 7 + 13, 11, 1]);
  });

  test('handles a node with many edges', () => {
    const parents = [1, 2, 3].map(parameter);
    parents.forEach((parent, i) => {
      edge(parent.tapeIndex, 10 ** i);
    });
    const sum = closed(0);
    tape.reverse(record1(0, sum.tapeIndex, 2).tapeIndex);
    expect([...tape.adjoints.subarray(0, 3)]).toEqual([2, 20, 200]);
  });

  test('ignores nodes after the root, and nodes that the root does not depend on', () => {
    const x = parameter(1);
    const aside = record1(0, x.tapeIndex, Infinity);
    const root = record1(0, x.tapeIndex, 3);
    record2(0, x.tapeIndex, NaN, aside.tapeIndex, NaN);
    tape.reverse(root.tapeIndex);
    expect([...tape.adjoints.subarray(0, 3)]).toEqual([3, 0, 1]);
  });

  test('gives a unit vector for a loss that returns a parameter', () => {
    expect(traced(([, y]) => y, [1, 2, 3])).toEqual({ value: 2, grad: [0, 1, 0] });
  });

  test('gives 0 for a loss that depends on no parameter', () => {
    const grad = Float64Array.of(7, 7);
    expect(objectiveOf(() => 4, 2).valueAndGradient(Float64Array.of(1, 2), grad, open)).toBe(4);
    expect([...grad]).toEqual([0, 0]);
  });
});

describe('the sweep in WebAssembly', () => {
  test('has the bits of the sweep in JavaScript', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const nodes = 2 + Math.floor(random() * 60);
      const arrays = [tapeArrays(64, 512), plainArrays(64, 512)];
      for (const { ends, parents, partials } of arrays) {
        const random = seededRandom(seed);
        let edge = 0;
        for (let node = 0; node < nodes; node++) {
          const count = node === 0 ? 0 : Math.floor(random() * 5);
          for (let k = 0; k < count; k++) {
            parents[edge] = Math.floor(random() * node);
            partials[edge++] = random() < 0.05 ? Infinity : random() - 0.5;
          }
          ends[node] = edge;
        }
      }
      const [found, expected] = arrays.map(({ adjoints, sweep }) => {
        adjoints[nodes - 1] = 1;
        sweep(nodes - 1);
        return [...adjoints];
      });
      expect(found, `seed ${seed}`).toEqual(expected);
      expect(arrays[0]!.values.buffer).toBe(arrays[0]!.parents.buffer);
    }
  });
});

describe('zero times infinity is zero', () => {
  test.each([
    ['sqrt(max(x, 0)) at -1', -1, (x: unknown) => $.math.sqrt($.math.max(x, 0, 1), 2)],
    ['sqrt(x) * 0 at 0', 0, (x: unknown) => $.mul($.math.sqrt(x, 1), 0, 2)],
    ['0 * sqrt(x) at 0', 0, (x: unknown) => $.mul(0, $.math.sqrt(x, 1), 2)],
    ['abs(sqrt(x)) at 0', 0, (x: unknown) => $.math.abs($.math.sqrt(x, 1), 2)],
    ['sqrt(x * x) ** 2 at 0', 0, (x: unknown) => $.pow($.math.sqrt($.mul(x, x, 1), 2), 2, 3)],
    ['hypot(sqrt(x), 0) at 0', 0, (x: unknown) => $.math.hypot($.math.sqrt(x, 1), 0, 2)],
    ['sqrt(x * x) at 0', 0, (x: unknown) => $.math.sqrt($.mul(x, x, 1), 2)],
    ['log(x) ** 0 at 0', 0, (x: unknown) => $.pow($.math.log(x, 1), 0, 2)],
  ])('%s', (_name, at, loss) => {
    expect(traced(([x]) => loss(x), [at]).grad).toEqual([0]);
  });

  test('for the operands of max that are not the largest', () => {
    expect(traced((xs) => $.math.sqrt($.Math.max(...xs), 1), [0, -1, -2]).grad).toEqual([Infinity, 0, 0]);
  });

  test('within one expression', () => {
    const whole = $.expression(1, ['sqrt', 2, ['max', 1, 0, { constant: 0 }]]);
    expect(traced(([x]) => whole(x), [-1]).grad).toEqual([0]);
    const product = $.expression(1, ['mul', 2, { constant: 0 }, ['sqrt', 1, 0]]);
    expect(traced(([x]) => product(x), [0]).grad).toEqual([0]);
    const squared = $.expression(1, ['pow', 2, ['sqrt', 1, 0], { constant: 2 }]);
    expect(traced(([x]) => squared(x), [0]).grad).toEqual([0]);
  });

  test('but infinity alone is kept', () => {
    expect(traced(([x]) => $.math.sqrt(x, 1), [0]).grad).toEqual([Infinity]);
  });
});

describe('the length of the tape', () => {
  const sumOf = (count: number) => (params: readonly unknown[]) => {
    let sum: unknown = params[0];
    for (let i = 0; i < count; i++) sum = $.add(sum, params[0], 1);
    return sum;
  };

  test('grows and keeps the recorded nodes', () => {
    expect(traced(sumOf(100_000), [1.5])).toEqual({ value: 150_001.5, grad: [100_001] });
    expect(tape.capacity).toBeGreaterThan(100_000);
  });

  test('has a limit with an error message, after which the next evaluation works', () => {
    tape.maximalNodes = tape.capacity;
    expect(() => traced(sumOf(tape.capacity), [1])).toThrow(
      expect.objectContaining({
        code: 'tape-full',
        message: expect.stringContaining(tape.capacity.toLocaleString('en')),
      }),
    );
    expect(traced(sumOf(10), [1]).grad).toEqual([11]);
  });

  test('has a limit for edges too', () => {
    tape.maximalEdges = tape.edgeCapacity;
    const many = $.expression(4, ['add', 1, ['add', 1, 0, 1], ['add', 1, 2, 3]]);
    expect(() =>
      traced(
        ([x]) => {
          let sum: unknown = x;
          for (let i = 0; i <= tape.edgeCapacity / 4; i++) sum = many(sum, x, x, x);
          return sum;
        },
        [1],
      ),
    ).toThrow(expect.objectContaining({ code: 'tape-full' }));
  });

  test('is 0 before and after each evaluation', () => {
    const objective = objectiveOf(([x]) => $.mul(x, x, 1), 1);
    for (let i = 0; i < 3; i++) {
      objective.valueAndGradient(Float64Array.of(2), new Float64Array(1), open);
      expect(tape.length).toBe(0);
    }
  });

  test('does not grow for plain arithmetic', () => {
    traced(
      ([x]) => {
        const before = tape.length;
        $.add($.mul(2, 3, 1), $.math.floor(x, 1), 1);
        $.math.sign(x, 1);
        $.int('|', x, 0, 1);
        expect(tape.length).toBe(before);
        expect($.mul(x, 0, 1)).toBe(0);
        expect($.math.max(x, 9, 1)).toBe(9);
        expect($.math.max(x, 1, 1)).toBeInstanceOf(Traced);
        return 0;
      },
      [2],
    );
  });
});
