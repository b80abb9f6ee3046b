/** A number with four significant digits, as TeX: `0.01234`, `1.234 \cdot 10^{-9}`. */
export function numberTex(value: number): string {
  if (Number.isNaN(value)) return '\\mathrm{NaN}';
  if (!Number.isFinite(value)) return value > 0 ? '\\infty' : '-\\infty';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    const [digits, exponent] = value.toExponential(3).split('e') as [string, string];
    const power = `10^{${Number(exponent)}}`;
    return Number(digits) === 1 ? power : `${Number(digits)} \\cdot ${power}`;
  }
  return String(Number(value.toPrecision(4)));
}
