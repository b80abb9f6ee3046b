import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { figurePng } from '../../../src/runs/export/figurePng';
import { glyphOf } from '../../../src/runs/export/picture/glyphs';
import { Raster } from '../../../src/runs/export/picture/raster';

/** Reads a PNG file with 8 bits of red, green and blue, without filters. Checks its checksums. */
function decoded(file: Uint8Array) {
  const bytes = Buffer.from(file);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const checked = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(checked));
    chunks.set(checked.subarray(0, 4).toString(), checked.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const [width, height] = [chunks.get('IHDR')!.readUInt32BE(0), chunks.get('IHDR')!.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT')!);
  expect(rows.length).toBe(height * (1 + 3 * width));
  const at = (x: number, y: number) => [...rows.subarray(y * (1 + 3 * width) + 1 + 3 * x).subarray(0, 3)];
  /** The rows of a column that have a colour, of which `is` decides. */
  const rowsOf = (x: number, is: (colour: number[]) => boolean) =>
    Array.from({ length: height }, (_, y) => y).filter((y) => is(at(x, y)));
  return { width, height, at, rowsOf };
}

const isBlue = ([red, , blue]: number[]) => blue! - red! > 100;
const isRed = ([red, , blue]: number[]) => red! - blue! > 100;
const line = (name: string, values: readonly number[]) => ({
  name,
  points: Float64Array.from(values.flatMap((value, i) => [i + 1, value])),
});
const middle = (rows: readonly number[]) => rows.reduce((sum, row) => sum + row, 0) / rows.length;

describe('a chart as a PNG file', () => {
  it('has a line from its first to its last value', () => {
    const picture = decoded(
      figurePng({ title: 'loss', lines: [line('loss', [0, 1, 2, 3, 4])], isLog: false }),
    );
    expect([picture.width, picture.height]).toEqual([1040, 484]);
    // From the lower left to the upper right corner of the plot.
    expect(middle(picture.rowsOf(120, isBlue))).toBeCloseTo(434, -1);
    expect(middle(picture.rowsOf(568, isBlue))).toBeCloseTo(248, -1);
    expect(middle(picture.rowsOf(1018, isBlue))).toBeCloseTo(61, -1);
  });

  it('has an axis of logarithms, if all values are positive', () => {
    const values = [1, 10, 100];
    const middleOf = (isLog: boolean, more: number[] = []) => {
      const { rowsOf } = decoded(
        figurePng({ title: '', lines: [line('loss', [...values, ...more])], isLog }),
      );
      return middle(rowsOf(568, isBlue));
    };
    expect(middleOf(true)).toBeCloseTo(248, -1);
    expect(middleOf(false)).toBeGreaterThan(390);
  });

  it('is broken where a value is not finite, and shows a single value as a dot', () => {
    const lines = [line('loss', [1, 1, Number.NaN, 2, Number.POSITIVE_INFINITY, 1, 1])];
    const { rowsOf } = decoded(figurePng({ title: '', lines, isLog: false }));
    const x = (step: number) => Math.round(2 * (58 + ((step - 1) / 6) * 452));
    expect(rowsOf(x(1.5), isBlue).length).toBeGreaterThan(0);
    expect(rowsOf(x(2.5), isBlue)).toEqual([]);
    expect(rowsOf(x(3), isBlue)).toEqual([]);
    expect(rowsOf(x(4), isBlue).length).toBeGreaterThan(0);
    expect(rowsOf(x(4.2), isBlue)).toEqual([]);
  });

  it('has a dashed second line, and the names of both below', () => {
    const lines = [line('x', [0, 1]), line('y', [1, 0])];
    const picture = decoded(figurePng({ title: '', lines, isLog: false }));
    expect(picture.height).toBe(484 + 2 * 28);
    const gaps = Array.from({ length: 200 }, (_, i) => picture.rowsOf(200 + i, isRed).length === 0);
    expect(gaps).toContain(true);
    expect(gaps).toContain(false);
  });

  it('is drawn in time if no value is next to a finite one', () => {
    const values = Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? Math.sin(i) : Number.NaN));
    const before = performance.now();
    figurePng({ title: 'x'.repeat(500), lines: [line('loss', values)], isLog: true });
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it.each([[[]], [[Number.NaN]], [[7]], [[0, 0]], [[-1e308, 1e308]]])(
    'of the values %j is a picture',
    (values) => {
      expect(decoded(figurePng({ title: '', lines: [line('loss', values)], isLog: true })).width).toBe(1040);
    },
  );
});

describe('the glyphs', () => {
  const characters = [
    ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,-+=_()[]/:'%#^*<>|∞√",
  ];

  it('differ from each other', () => {
    const shapes = characters.map((character) => JSON.stringify(glyphOf(character)));
    expect(new Set(shapes).size).toBe(characters.length);
    expect(glyphOf(' ')).toEqual([]);
    expect(glyphOf('漢')).toEqual(glyphOf('\u{1F600}'));
  });

  it('are drawn upright on the baseline', () => {
    const raster = new Raster(8, 12, 1);
    raster.text('L', 1, 9, [0, 0, 0]);
    const rows = Array.from({ length: 12 }, (_, y) =>
      Array.from({ length: 8 }, (_, x) => (raster.data[3 * (y * 8 + x)] === 0 ? '#' : ' ')).join(''),
    );
    expect(rows.map((row) => row.trimEnd())).toEqual([
      ...['', '', ' #', ' #', ' #', ' #', ' #', ' #', ' #####'],
      ...['', '', ''],
    ]);
  });
});
