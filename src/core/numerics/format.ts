/** A number for people, `digits` significant: 0.05, 812, 3.1e-4, 1.25e+7 as 1.25e7. Never 0.00000012. */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
    const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return `${short}e${Number(exponent)}`;
  }
  return String(Number(value.toPrecision(digits)));
}
