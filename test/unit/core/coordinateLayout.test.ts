import { describe, expect, it } from 'vitest';
import { coordinatesOfGroups } from '../../../src/core/config/groups';
import { resolveConfig } from '../../../src/core/config/resolve';
import { CoordinateLayout, partsOf } from '../../../src/core/coordinates/coordinateLayout';
import { countOfNames, entryOf, readEntry } from '../../../src/core/coordinates/nameEntry';

const namesOf = (layout: CoordinateLayout) => Array.from({ length: layout.dim }, (_, i) => layout.nameOf(i));

describe('an entry of the names', () => {
  it.each([
    ['b', 1],
    ['w[3]', 1],
    ['first rate', 1],
    ['w1[0..63]', 64],
    ['w[1..2][0..3]', 8],
    ['layers[0].w[0..3]', 4],
    ['w[0..0]', 1],
  ])('%s names its coordinates: %d', (text, size) => {
    expect(countOfNames([text])).toBe(size);
  });

  it.each([
    ['w[63..0]', 'the range [63..0] of w goes down: write [0..63]', 'w[0..63]'],
    ['w[0..63', 'the closing ] of w[0..63 is missing', 'w[0..63]'],
    ['w[0..x]', '[0..x] in w[0..x] must be a range of whole numbers, such as [0..63]', undefined],
    ['w[0..3][2]', '[2] in w[0..3][2] must be a range of whole numbers, such as [0..63]', undefined],
    ['w[0..3].b', 'w[0..3].b must be a name with its ranges at the end, such as w[0..7][0..7]', undefined],
    ['w[0..99999999]', 'w[0..99999999] has 100000000 coordinates; at most 10000000 can be run', undefined],
  ])('%s is refused', (text, problem, replacement) => {
    expect(readEntry(text)).toEqual({ problem, ...(replacement !== undefined && { replacement }) });
  });

  it('is found by a coordinate', () => {
    const entries = ['a', 'w[0..63]', 'b'];
    expect([0, 1, 64, 65].map((i) => entryOf(entries, i)?.index)).toEqual([0, 1, 1, 2]);
    expect(entryOf(entries, 66)).toBeNull();
  });
});

describe('the layout of coordinates', () => {
  it('names coordinates by their entries, the last index first', () => {
    const layout = new CoordinateLayout(['a', 'w[1..2][0..2]', 'b[5..6]'], null, 9);
    expect(namesOf(layout)).toEqual([
      'a',
      'w[1][0]',
      'w[1][1]',
      'w[1][2]',
      'w[2][0]',
      'w[2][1]',
      'w[2][2]',
      'b[5]',
      'b[6]',
    ]);
    for (let i = 0; i < 9; i++) expect(layout.find(layout.nameOf(i))).toMatchObject({ offset: i, size: 1 });
  });

  it('names the vector where the entries do not fit', () => {
    expect(namesOf(new CoordinateLayout(['a', 'b'], 'p', 3))).toEqual(['p[0]', 'p[1]', 'p[2]']);
    expect(namesOf(new CoordinateLayout(null, null, 1))).toEqual(['theta[0]']);
    expect(new CoordinateLayout(null, null, 0).groups).toEqual([]);
  });

  it('has a group for each part of a name, and levels', () => {
    const entries = ['net.in.w[0..3][0..1]', 'net.in.b[0..3]', 'net.out[0..3]', 'scale'];
    const layout = new CoordinateLayout(entries, null, 17);
    const names = (level: number) => layout.level(level).map(({ name }) => name);
    expect(names(1)).toEqual(['net', 'scale']);
    expect(names(2)).toEqual(['net.in', 'net.out', 'scale']);
    expect(names(3)).toEqual(['net.in.w', 'net.in.b', 'net.out', 'scale']);
    expect(names(4).slice(0, 2)).toEqual(['net.in.w[0]', 'net.in.w[1]']);
    expect([3, 4, 64].map((most) => layout.deepestLevel(most))).toEqual([2, 3, 4]);
    expect(layout.find('net.in')).toMatchObject({ offset: 0, size: 12, shape: [] });
    expect(partsOf(layout.find('net.in.w[2]')!).map(({ name, offset }) => [name, offset])).toEqual([
      ['net.in.w[2][0]', 4],
      ['net.in.w[2][1]', 5],
    ]);
    expect(layout.find('net.in.w[4]')).toBeNull();
    expect(layout.find('ne')).toBeNull();
  });

  it('has neither groups of single coordinates nor of a plain vector', () => {
    expect(new CoordinateLayout(null, 'w', 1000).deepestLevel(64)).toBe(0);
    expect(new CoordinateLayout(['a', 'b', 'c'], null, 3).deepestLevel(64)).toBe(0);
    expect(new CoordinateLayout(['w[0..99][0..9]'], null, 1000).deepestLevel(64)).toBe(0);
    expect(new CoordinateLayout(['w[0..9][0..9]'], null, 100).deepestLevel(64)).toBe(2);
    expect(new CoordinateLayout(['layers[0].w[0..3]', 'layers[1].w[0..3]'], null, 8).level(2)).toHaveLength(
      2,
    );
  });

  it('makes a few objects for a million coordinates', () => {
    const begin = performance.now();
    const layout = new CoordinateLayout(['w[0..999][0..998]', 'b[0..999]'], null, 1_000_000);
    expect([layout.nameOf(998_999), layout.nameOf(999_000)]).toEqual(['w[999][998]', 'b[0]']);
    expect(layout.select('w[3..4]')).toEqual([2997, 4994]);
    expect(JSON.stringify(layout.groups).length).toBeLessThan(300);
    expect(performance.now() - begin).toBeLessThan(50);
  });
});

describe('a parameter group', () => {
  it('names an array, rows of it, or a group', () => {
    const names = ['net.w[0..3][0..1]', 'net.b[0..3]', 'c'];
    const members = (name: string) =>
      coordinatesOfGroups([{ names: [name], lr: 1 }], names, 13).coordinates[0];
    expect(members('net.b')).toEqual([8, 9, 10, 11]);
    expect(members('net.b[1..2]')).toEqual([9, 10]);
    expect(members('net.w[1]')).toEqual([2, 3]);
    expect(members('net')).toHaveLength(12);
    expect(members('c')).toEqual([12]);
    expect(coordinatesOfGroups([{ names: ['d'], lr: 1 }], names, 13).problems[0]!.message).toContain(
      'its parameters: net.w[0..3][0..1], net.b[0..3], c',
    );
  });
});

describe('the names of a configuration', () => {
  it('are counted with their ranges', () => {
    const start = [1, 2, 3];
    expect(resolveConfig([{ start, names: ['w[0..1]', 'b'] }]).problems).toEqual([]);
    expect(resolveConfig([{ start, names: ['w[0..2]', 'b'] }]).problems).toMatchObject([
      { path: ['names'], message: 'names has 4 names, but start has 3 coordinates' },
    ]);
    expect(resolveConfig([{ start, names: ['w[2..0]'] }]).problems).toMatchObject([
      { path: ['names', '0'], suggestion: 'w[0..2]' },
    ]);
  });
});
