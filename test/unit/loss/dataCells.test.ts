import { describe, expect, it } from 'vitest';
import { type DataCell, dataCells } from '../../../src/loss/providers/javascript/checks/data/dataCells';

const cellsOf = (value: unknown): DataCell[] => {
  let own = value;
  return dataCells([
    [
      'd',
      0,
      () => own,
      (next) => {
        own = next;
      },
    ],
  ]);
};
const namesOf = (value: unknown) => cellsOf(value).map(({ name, value }) => `${name}: ${value}`);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('faulty cells of data', () => {
  it.each<[string, unknown, string[]]>([
    ['nothing in finite numbers', [1, [2], { a: 3 }], []],
    ['a number', nan, ['d: NaN']],
    ['elements', [1, nan, -inf], ['d[1]: NaN', 'd[2]: -∞']],
    [
      'empty elements between numbers',
      Object.assign([1], { 2: undefined, 3: null }),
      ['d[1]: missing', 'd[2]: missing', 'd[3]: null'],
    ],
    ['no empty elements without numbers', [undefined, null, ''], []],
    ['text between numbers', [1, '2', 'n/a', ''], ['d[2]: the text "n/a"', 'd[3]: an empty text']],
    ['members', { a: nan, 'b c': { d: nan } }, ['d.a: NaN', 'd["b c"].d: NaN']],
    [
      'members that other records have',
      [{ a: 1 }, { b: 2 }, { a: null, b: 3 }],
      ['d[0].b: missing', 'd[1].a: missing', 'd[2].a: null'],
    ],
    ['no members that are never numbers', [{ a: 1, note: null }, { a: 2 }], []],
    ['no members of a single record', { a: 1, next: null }, []],
    [
      'rows',
      [
        [1, 2],
        [null, 3],
      ],
      ['d[1][0]: null'],
    ],
    ['typed arrays', Float64Array.of(1, nan), ['d[1]: NaN']],
    [
      'values of a Map',
      new Map<unknown, unknown>([
        ['k', nan],
        [7, [nan]],
      ]),
      ['d.get("k"): NaN', 'd.get(7)[0]: NaN'],
    ],
  ])('%s', (_name, value, expected) => expect(namesOf(value)).toEqual(expected));

  it('visits an object once, and does not run getters', () => {
    const loop: Record<string, unknown> = { x: nan };
    loop.self = loop;
    Object.defineProperty(loop, 'later', { enumerable: true, get: () => expect.unreachable() });
    expect(namesOf([loop, loop])).toEqual(['d[0].x: NaN']);
  });

  it.each<[string, unknown]>([
    ['an array', [3, nan]],
    ['a record that lacks a member', [{ a: 3 }, {}]],
    ['an empty element', Object.assign([3], { 2: 4 })],
    ['a typed array', Float32Array.of(3, nan)],
    [
      'a Map',
      new Map([
        ['a', 3],
        ['b', nan],
      ]),
    ],
  ])('are repaired with a number beside them, and restored: %s', (_name, value) => {
    const before = structuredClone(value);
    const [cell] = cellsOf(value);
    expect(cell!.repair()).toBe(true);
    expect(namesOf(value)).toEqual([]);
    expect(JSON.stringify(value instanceof Map ? [...value] : value)).toContain('3');
    cell!.restore();
    expect(value).toStrictEqual(before);
  });

  it('of frozen data are repaired in a copy', () => {
    let own: unknown = Object.freeze([Object.freeze({ a: 1 }), Object.freeze({ a: nan })]);
    const [cell] = dataCells([
      [
        'd',
        0,
        () => own,
        (next) => {
          own = next;
        },
      ],
    ]);
    expect(cell!.repair()).toBe(true);
    expect(own).toEqual([{ a: 1 }, { a: 1 }]);
    cell!.restore();
    expect(own).toEqual([{ a: 1 }, { a: nan }]);
  });

  it('of a constant that cannot be assigned are not repaired', () => {
    expect(dataCells([['d', 0, () => nan]])[0]!.repair()).toBe(false);
  });
});
