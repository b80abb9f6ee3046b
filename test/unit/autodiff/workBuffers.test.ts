import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime';
import { traced } from './support/tracing';

const kinds = [
  ['Float64Array', $.Float64Array, Float64Array],
  ['Float32Array', $.Float32Array, Float32Array],
] as const;

type Buffer = Float64Array | Float32Array;
type Class = new (...args: unknown[]) => Buffer;

function attempt(run: () => unknown): unknown {
  try {
    const result = run();
    return result !== null && typeof result === 'object' && 'length' in result
      ? listed(result as Buffer)
      : result;
  } catch (error) {
    return (error as Error).name;
  }
}

function listed(buffer: ArrayLike<unknown>): unknown[] {
  return Array.from(buffer);
}

describe.each(kinds)('$.%s behaves like the typed array', (name, ours, native) => {
  const both = (use: (kind: Class, set: typeof $.set) => unknown) => {
    const expected = attempt(() => use(native as Class, nativeSet));
    expect(attempt(() => use(ours as unknown as Class, $.set))).toEqual(expected);
    return expected;
  };

  test.each([
    ['nothing', []],
    ['a length', [3]],
    ['text', ['2']],
    ['a fraction', [2.9]],
    ['null', [null]],
    ['undefined', [undefined]],
    ['a negative length', [-1]],
    ['an endless length', [1e20]],
    ['an array', [[0.1, '2', null, undefined, true, NaN, -0]]],
    ['an array with a BigInt', [[1n]]],
    ['holes', [new Array(2)]],
    ['a set', [new Set([0.1, 2])]],
    ['an array-like', [{ length: 2, 0: 0.1 }]],
    ['a typed array', [Float64Array.of(0.1, 2)]],
    ['bytes', [new ArrayBuffer(16), 8, 1]],
    ['a generator', [[3, 4].values()]],
  ])('created from %s', (_name, args) => {
    both(
      (kind) =>
        new kind(
          ...args.map((arg) =>
            typeof arg === 'object' && arg !== null && 'next' in arg ? [3, 4].values() : arg,
          ),
        ),
    );
  });

  test('has the same members', () => {
    const members = [
      'length',
      'BYTES_PER_ELEMENT',
      'byteLength',
      'byteOffset',
      'push',
      'pop',
      'concat',
      'flat',
      'splice',
      'shift',
      'unshift',
      'toSpliced',
      'flatMap',
    ];
    both((kind) => members.map((member) => (new kind(3) as unknown as Record<string, unknown>)[member]));
    both((kind) => [kind.name, Object.prototype.toString.call(new kind(1)), String(new kind([1, 2]))]);
    both((kind) => JSON.stringify({ held: new kind([1, 2]) }));
    both((kind) => Object.keys(new kind(2)));
    both((kind) => [...([] as unknown[]).concat(new kind(2) as never)].length);
    expect((ours as Float64ArrayConstructor).BYTES_PER_ELEMENT).toBe(native.BYTES_PER_ELEMENT);
    expect(() => Reflect.apply(ours as never, undefined, [2])).toThrow(TypeError);
  });

  test('has the same instances', () => {
    expect(new ours(2)).toBeInstanceOf(ours);
    expect(new native(2)).toBeInstanceOf(ours);
    expect([1]).not.toBeInstanceOf(ours);
    expect(new ours(2).constructor).toBe(ours);
    expect($.Array.isArray(new ours(2))).toBe(false);
    class Mine extends (ours as Float64ArrayConstructor) {}
    expect(new Mine(2)).toBeInstanceOf(Mine);
    expect(new ours(2)).not.toBeInstanceOf(Mine);
    expect(new Mine([1, 2]).map((x) => x * 2)).toBeInstanceOf(Mine);
  });

  test('has the same static members', () => {
    both((kind) => (kind as unknown as Float64ArrayConstructor).of(0.1, 2));
    both((kind) => (kind as unknown as Float64ArrayConstructor).from([0.1, 2]));
    both((kind) => (kind as unknown as Float64ArrayConstructor).from([1, 2], (x, i) => x / (i + 3)));
    both((kind) => (kind as unknown as Float64ArrayConstructor).from({ length: 3 }, (_, i) => i / 3));
    both((kind) => (kind as unknown as Float64ArrayConstructor).from(new Set([1, 2])));
    both((kind) => (kind as unknown as Float64ArrayConstructor).from([1], 3 as never));
  });

  test.each([
    ['in the array', 1],
    ['beyond', 3],
    ['below', -1],
    ['between', 0.5],
    ['as text', '1'],
    ['as -0', -0],
    ['as text -0', '-0'],
    ['as text NaN', 'NaN'],
    ['as text 1.0', '1.0'],
    ['as a name', 'name'],
    ['as length', 'length'],
  ])('stores %s', (_name, key) => {
    both((kind, set) => {
      const buffer = new kind(3);
      set(buffer, key, 0.1);
      return [
        ...buffer,
        buffer.length,
        (buffer as unknown as Record<string, unknown>)[key],
        Object.keys(buffer).join(),
      ];
    });
    both((kind, set) => set(new kind(3), key, '0.1'));
    both((kind, set) => set(new kind(3), key, 1n));
    both((kind, set) => {
      const view = new kind(5).subarray(1, 4);
      set(view, key, 0.1);
      return [...view, view.length, (view as unknown as Record<string, unknown>)[key]];
    });
  });

  const element = fc.oneof(fc.double(), fc.constantFrom<unknown>(-0, NaN, '3', null, undefined, true));
  const index = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(undefined), fc.constant(1.5));
  type Change = (buffer: Buffer, set: typeof $.set) => unknown;
  // Not tested: Node 20 ignores the end of a native fill whose start is undefined.
  const change: fc.Arbitrary<readonly [string, Change]> = fc.oneof(
    fc.tuple(index, element).map(([i, x]): [string, Change] => [`set ${i}`, (b, set) => set(b, i ?? 0, x)]),
    fc
      .tuple(element, index, index)
      .map(([x, i, j]): [string, Change] => ['fill', (b) => b.fill(x as number, i ?? 0, j)]),
    fc
      .tuple(fc.array(element), index)
      .map(([list, i]): [string, Change] => ['set()', (b) => b.set(list as number[], i)]),
    fc
      .tuple(index, index, index)
      .map(([i, j, k]): [string, Change] => ['copyWithin', (b) => b.copyWithin(i ?? 0, j ?? 0, k)]),
    fc
      .tuple(index, index, index)
      .map(([i, j, k]): [string, Change] => ['set itself', (b) => b.set(b.subarray(i, j), k)]),
    fc.constantFrom<[string, Change]>(
      ['sort', (b) => b.sort()],
      ['sort down', (b) => b.sort((x, y) => (y || 0) - (x || 0))],
      ['reverse', (b) => b.reverse()],
      ['subarray sort', (b) => b.subarray(1, 4).sort()],
      ['subarray fill', (b) => b.subarray(-3).fill(0.1)],
      ['subarray of subarray', (b, set) => set(b.subarray(1).subarray(1), 0, 0.7)],
      [
        'view of a buffer',
        (b, set) => {
          for (let i = 0; i < b.length; i++) set(b, i, b[i]! / 3);
        },
      ],
    ),
  );
  const question: readonly [string, (buffer: Buffer) => unknown][] = [
    ['slice', (b) => b.slice(1, -1)],
    ['subarray', (b) => b.subarray(-4, 3)],
    ['map', (b) => b.map((x, i) => x / (i + 1))],
    ['filter', (b) => b.filter((x) => x)],
    ['toSorted', (b) => b.toSorted()],
    ['toReversed', (b) => b.toReversed()],
    ['with', (b) => b.with(-1, 0.3)],
    ['with, outside', (b) => b.with(99, 0.3)],
    ['join', (b) => b.join()],
    ['reduce', (b) => (b as Float64Array).reduce((sum, x) => sum + x, 0)],
    ['indexOf', (b) => b.indexOf(3)],
    ['includes', (b) => b.includes(NaN)],
    ['at', (b) => b.at(-1)],
    ['entries', (b) => [...b.entries()].flat()],
    ['spread', (b) => [...b]],
    ['beyond', (b) => b[99]],
    ['keys', (b) => Object.keys(b)],
    ['descriptor', (b) => Object.getOwnPropertyDescriptor(b.subarray(1), 0)?.value],
    ['spread view', (b) => Math.max(...b.subarray(1, 3))],
  ];

  test('has the same elements after random changes', () => {
    fc.assert(
      fc.property(
        fc.array(element, { maxLength: 8 }),
        fc.array(change, { maxLength: 8 }),
        (start, changes) => {
          const mine = new (ours as unknown as Class)(start);
          const theirs = new (native as Class)(start);
          for (const [what, apply] of changes) {
            const expected = attempt(() => apply(theirs, nativeSet) && 0);
            if (
              !Object.is(
                attempt(() => apply(mine, $.set) && 0),
                expected,
              )
            )
              throw new Error(`${what}: ${expected}`);
            expect(listed(mine), what).toEqual(listed(theirs));
          }
          for (const [what, ask] of question)
            expect(
              attempt(() => ask(mine)),
              what,
            ).toEqual(attempt(() => ask(theirs)));
        },
      ),
      { seed: 7, numRuns: 400 },
    );
  });

  test('a write beyond a view, by code that is not rewritten, does not change the buffer', () => {
    const buffer = new ours([1, 2, 3, 4]);
    const view = buffer.subarray(0, 2);
    view[1] = 7;
    view[2] = 8;
    expect([...buffer]).toEqual([1, 7, 3, 4]);
    expect(Reflect.deleteProperty(view, 0)).toBe(false);
  });

  test('its methods return buffers of the same kind', () => {
    const buffer = new ours([3, 1, 2]);
    for (const other of [
      buffer.slice(),
      buffer.map((x) => x),
      buffer.filter(() => true),
      buffer.subarray(1),
      buffer.toSorted(),
      buffer.toReversed(),
      buffer.with(0, 1),
    ])
      expect(Object.prototype.toString.call(other)).toBe(`[object ${name}]`);
  });
});

/** Assigns like strict code. */
function nativeSet(object: unknown, key: unknown, value: unknown): unknown {
  (object as Record<string, unknown>)[key as string] = value;
  return value;
}

describe('typed arrays of traced values', () => {
  test('keep values with their derivatives', () => {
    const { value, grad } = traced(
      ([x, y]) => {
        const buffer = new $.Float64Array(3);
        $.set(buffer, 0, x);
        $.addAt(buffer, 1, y, 1);
        $.set(buffer, 2, $.mul(buffer[0], buffer[1], 2));
        const copy = new $.Float64Array(buffer);
        const view = copy.subarray(1);
        $.addAt(view, 1, 1, 3);
        return $.mul(copy[2], view[0], 4);
      },
      [2, 3],
    );
    expect([value, ...grad]).toEqual([21, 9, 13]);
  });

  test('round to float32, with a derivative of 1', () => {
    traced(
      ([x]) => {
        const buffer = new $.Float32Array([x, 0]);
        expect($.plain(buffer[0])).toBe(Math.fround(0.1));
        $.set(buffer, 1, x);
        expect($.plain(buffer[1])).toBe(Math.fround(0.1));
        expect($.plain(buffer.fill(x)[0])).toBe(Math.fround(0.1));
        expect($.plain($.Float32Array.of(x)[0])).toBe(Math.fround(0.1));
        expect($.plain(new $.Float32Array([1]).map(() => x)[0])).toBe(Math.fround(0.1));
        buffer.set([x], 1);
        expect($.plain(buffer[1])).toBe(Math.fround(0.1));
        return 0;
      },
      [0.1],
    );
    expect(traced(([x]) => $.mul(new $.Float32Array([x])[0], 3, 1), [0.1]).grad).toEqual([3]);
  });

  test('sort, filter and search by value', () => {
    traced(
      ([x, y]) => {
        const buffer = new $.Float64Array([10, x, y]);
        expect($.m.includes(buffer, 9)).toBe(true);
        expect($.m.indexOf(buffer, x)).toBe(1);
        expect([...buffer.filter((v) => v)].length).toBe(2);
        expect($.text($.m.sort(buffer))).toBe('0,9,10');
        expect($.text($.m.sort(buffer, (a: unknown, b: unknown) => $.sub(b, a, 1)))).toBe('10,9,0');
        expect($.text($.m.toSorted(buffer))).toBe('0,9,10');
        return 0;
      },
      [9, 0],
    );
  });
});
