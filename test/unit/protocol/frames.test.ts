import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameError, FrameReader } from '../../../src/protocol/frames';

function read(...chunks: Uint8Array[]): unknown[] {
  const messages: unknown[] = [];
  const reader = new FrameReader();
  for (const chunk of chunks) reader.push(chunk, (message) => messages.push(message));
  return messages;
}

const there = (message: unknown) => read(encodeFrame(message))[0];

const message = {
  type: 'event',
  text: 'NaN',
  nothing: null,
  yes: true,
  numbers: [1, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  names: ['Infinity', '$f64', 'θ'],
  empty: [[], {}, new Float64Array(0)],
  params: Float64Array.of(1.5, Number.NaN, -0),
  grad: Float64Array.of(2, 3),
  list: Array.from({ length: 20 }, (_, i) => (i === 7 ? Number.NaN : i / 3)),
  odd: { $f64: [0, 1] },
  odder: { $object: { $number: 'NaN' } },
  nested: [{ loss: -0 }],
};

describe('a frame', () => {
  it('transmits every kind of value unchanged', () => {
    expect(there(message)).toEqual(message);
    expect(Object.is((there({ loss: -0 }) as { loss: number }).loss, -0)).toBe(true);
  });

  it('transmits a string that looks like a number as a string', () => {
    expect(there({ name: 'NaN', value: Number.NaN })).toEqual({ name: 'NaN', value: Number.NaN });
  });

  it('gives each array its own buffer', () => {
    const { a, b } = there({ a: Float64Array.of(1, 2), b: Float64Array.of(3) }) as {
      a: Float64Array;
      b: Float64Array;
    };
    expect(a.buffer.byteLength).toBe(16);
    expect(b.buffer.byteLength).toBe(8);
    a[0] = 9;
    expect([...b]).toEqual([3]);
  });

  it('is complete wherever the pipe splits the bytes, as are the adjacent frames', () => {
    const bytes = encodeFrame(message);
    const both = new Uint8Array([...bytes, ...encodeFrame('next')]);
    for (let cut = 0; cut <= both.length; cut++)
      expect(read(both.subarray(0, cut), both.subarray(cut))).toEqual([message, 'next']);
    expect(read(...[...both].map((byte) => Uint8Array.of(byte)))).toEqual([message, 'next']);
  });

  it('has the documented layout, so that another language can write it', () => {
    const header = '{"data":{"$f64":[0,2]}}';
    const padded = header.padEnd(24);
    const frame = new Uint8Array(16 + 24 + 16);
    const view = new DataView(frame.buffer);
    frame.set(new TextEncoder().encode('ADSF'));
    view.setUint32(4, 1, true);
    view.setUint32(8, 24, true);
    view.setUint32(12, 2, true);
    frame.set(new TextEncoder().encode(padded), 16);
    view.setFloat64(40, 0.5, true);
    view.setFloat64(48, Number.NEGATIVE_INFINITY, true);
    expect(read(frame)).toEqual([{ data: Float64Array.of(0.5, Number.NEGATIVE_INFINITY) }]);
    expect(encodeFrame({ data: Float64Array.of(0.5, Number.NEGATIVE_INFINITY) })).toEqual(frame);
  });

  it('transmits any plain value', () => {
    const value = fc.anything({
      withNullPrototype: false,
      values: [
        fc.double(),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('$f64', '$list', 'NaN'),
      ],
      key: fc.oneof(
        fc.string().filter((key) => key !== '__proto__'),
        fc.constantFrom('$f64', '$object'),
      ),
    });
    fc.assert(
      fc.property(value, (any) => {
        expect(there({ any })).toEqual({ any });
      }),
    );
  });
});

describe('values that cannot be sent', () => {
  it.each<[string, unknown]>([
    ['a function', () => 0],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['a map', new Map()],
    ['an array of other numbers', Int32Array.of(1)],
  ])('%s is refused', (_, value) => {
    expect(() => encodeFrame({ value })).toThrow(TypeError);
  });
});

describe('bytes that are not a frame', () => {
  const prefix = (words: readonly number[]) => new Uint8Array(Uint32Array.from(words).buffer);
  const magic = 0x46_53_44_41;
  const withHeader = (text: string, numbers = 0) => {
    const frame = new Uint8Array(16 + text.length + 8 * numbers);
    frame.set(prefix([magic, 1, text.length, numbers]));
    frame.set(new TextEncoder().encode(text), 16);
    return frame;
  };

  it.each<[string, Uint8Array]>([
    ['text', new TextEncoder().encode('TypeError: not today, and more')],
    ['another version', prefix([magic, 2, 8, 0])],
    ['no header', prefix([magic, 1, 0, 0])],
    ['a header that is too large', prefix([magic, 1, 2 ** 31, 0])],
    ['a payload that is too large', prefix([magic, 1, 8, 2 ** 31])],
    ['a header that is no JSON', withHeader('{"type":')],
    ['a header that is no UTF-8', withHeader('"a"').map((byte, i) => (i === 17 ? 0xff : byte))],
    ['numbers that are not there', withHeader('{"$f64":[0,3]}', 2)],
    ['a place before the payload', withHeader('{"$f64":[-1,1]}', 2)],
    ['a place that is no list', withHeader('{"$f64":"all"}', 2)],
    ['a key that nobody knows', withHeader('{"$date":1}')],
    ['lists nested without end', withHeader('['.repeat(1e5) + ']'.repeat(1e5))],
  ])('are refused: %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(FrameError);
  });

  it('are always refused, without any other error of the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes) => {
        expect(() => read(bytes)).toThrow(FrameError);
      }),
    );
  });
});
