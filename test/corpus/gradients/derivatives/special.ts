/** Simpson's rule with a number of intervals that depends on x. */
export default function erf(x: number): number {
  const n = 2 * Math.ceil(200 * Math.abs(x) + 10);
  let total = 0;
  for (let i = 0; i <= n; i++) total += (i % n === 0 ? 1 : 2 + 2 * (i % 2)) * Math.exp(-(((i * x) / n) ** 2));
  return Number(String((2 / Math.sqrt(Math.PI)) * (x / n / 3) * total));
}

export const gauss = { pdf: (x: number) => Number(String(Math.exp(-x * x))) };
