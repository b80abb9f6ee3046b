import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { toBfloat16, toFloat16 } from '../../../src/core/numerics/rounding';

/** All finite non-negative values of a format, decoded from their bit patterns. */
function valuesOf(exponentBits: number, fractionBits: number): number[] {
  const bias = 2 ** (exponentBits - 1) - 1;
  const patterns = (2 ** exponentBits - 1) * 2 ** fractionBits;
  return Array.from({ length: patterns }, (_, bits) => {
    const exponent = Math.floor(bits / 2 ** fractionBits);
    const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
    return exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  });
}

const formats = [
  { name: 'float16', round: toFloat16, values: valuesOf(5, 10), largest: 65504 },
  { name: 'bfloat16', round: toBfloat16, values: valuesOf(8, 7), largest: (2 - 2 ** -7) * 2 ** 127 },
];

describe.each(formats)('rounding to $name', ({ round, values, largest }) => {
  it('does not change a value of the format', () => {
    expect(values.at(-1)).toBe(largest);
    expect(values.filter((value) => round(value) !== value || round(-value) !== -value)).toEqual([]);
  });

  it('rounds to the nearest value, and a tie to the even one', () => {
    const wrong: number[] = [];
    for (let i = 0; i + 1 < values.length; i++) {
      const [low, high] = [values[i]!, values[i + 1]!];
      const middle = (low + high) / 2;
      const even = i % 2 === 0 ? low : high;
      const step = Math.max(middle * 2 ** -52, 2 ** -1074);
      if (round(middle) !== even || round(middle - step) !== low || round(middle + step) !== high)
        wrong.push(low);
      if (round(-middle) !== -even) wrong.push(-low);
    }
    expect(wrong).toEqual([]);
  });

  it('overflows from half a step above the largest value on', () => {
    const half = largest + (largest - values.at(-2)!) / 2;
    expect(round(half)).toBe(Number.POSITIVE_INFINITY);
    expect(round(-half)).toBe(Number.NEGATIVE_INFINITY);
    expect(round(half * (1 - 2 ** -52))).toBe(largest);
  });

  it('does not change NaN, infinities and zeros', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0])
      expect(Object.is(round(value), value)).toBe(true);
    expect(Object.is(round(-1e-300), -0)).toBe(true);
  });

  it('is monotonic', () => {
    const random = seededRandom(16);
    for (let i = 0; i < 20_000; i++) {
      const a = (random() - 0.5) * 10 ** (90 * random() - 45);
      const b = a * (1 + 0.01 * random());
      expect(b > a ? round(b) >= round(a) : round(b) <= round(a)).toBe(true);
    }
  });
});
