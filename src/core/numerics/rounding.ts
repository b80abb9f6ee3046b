/**
 * Rounds a float64 to the nearest value of a smaller binary format, ties to even, with subnormals and overflow to
 * infinity, as IEEE 754 has it.
 *
 * @param precision    significant bits, the hidden one included: 24, 11 or 8
 * @param minExponent  of the least normal number 2^minExponent
 * @param largest      finite value
 */
function binaryFormat(precision: number, minExponent: number, largest: number): (x: number) => number {
  const leastUlp = 2 ** (minExponent - precision + 1);
  const overflow = largest + 2 ** (Math.floor(Math.log2(largest)) - precision);
  return (x) => {
    const size = Math.abs(x);
    // Also NaN and the infinities: rounding leaves them as they are.
    if (!(size > 0 && size < overflow)) return size >= overflow ? Math.sign(x) * Number.POSITIVE_INFINITY : x;
    const ulp = Math.max(leastUlp, 2 ** (exponentOf(size) - precision + 1));
    return Math.sign(x) * roundHalfEven(size / ulp) * ulp;
  };
}

/** floor(log2(x)) of a positive x that is no float64 subnormal; smaller ones give any exponent below −1022. */
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

/** 1 sign, 5 exponent and 10 fraction bits: largest 65504, least 2^−24. */
export const toFloat16 = binaryFormat(11, -14, 65504);

/** 1 sign, 8 exponent and 7 fraction bits: float32 cut short. */
export const toBfloat16 = binaryFormat(8, -126, 2 ** 127 * (2 - 2 ** -7));
