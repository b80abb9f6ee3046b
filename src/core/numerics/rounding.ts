/**
 * Rounds a float64 to the nearest value of a smaller binary format as in IEEE 754: ties to even, with
 * subnormals, and overflow to infinity.
 *
 * @param precision    significant bits, including the hidden one: 24, 11 or 8
 * @param minExponent  the exponent of the smallest normal number 2^minExponent
 * @param largest      the largest finite value
 */
function binaryFormat(precision: number, minExponent: number, largest: number): (x: number) => number {
  const leastUlp = 2 ** (minExponent - precision + 1);
  const overflow = largest + 2 ** (Math.floor(Math.log2(largest)) - precision);
  return (x) => {
    const size = Math.abs(x);
    // This also covers NaN and the infinities, which rounding does not change.
    if (!(size > 0 && size < overflow)) return size >= overflow ? Math.sign(x) * Number.POSITIVE_INFINITY : x;
    const ulp = Math.max(leastUlp, 2 ** (exponentOf(size) - precision + 1));
    return Math.sign(x) * roundHalfEven(size / ulp) * ulp;
  };
}

/** floor(log2(x)) of a positive normal float64. For a subnormal x, the result is −1023. */
function exponentOf(x: number): number {
  scratch[0] = x;
  return ((words[1]! >>> 20) & 0x7ff) - 1023;
}
const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** 1 sign, 5 exponent and 10 fraction bits: largest value 65504, smallest positive value 2^−24. */
export const toFloat16 = binaryFormat(11, -14, 65504);

/** 1 sign, 8 exponent and 7 fraction bits: the range of float32 with fewer digits. */
export const toBfloat16 = binaryFormat(8, -126, 2 ** 127 * (2 - 2 ** -7));
