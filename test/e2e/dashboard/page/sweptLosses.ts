/** The smoothed losses of a learning-rate range test, and their spread over seeds. */
export function sweptLosses(count: number): { readonly points: Float64Array; readonly band: Float64Array } {
  const points = new Float64Array(count * 2);
  const band = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    const decade = -7 + (7.1 * i) / (count - 1);
    const fall = 1 / (1 + Math.exp(-2.6 * (decade + 3.2)));
    const rise = Math.exp(3.4 * (decade + 0.55));
    const loss = 2.3 - 1.9 * fall + rise + 0.02 * Math.sin(i * 0.9);
    const spread = 0.05 + 0.12 * fall + 0.25 * rise;
    points.set([10 ** decade, loss], 2 * i);
    band.set([Math.max(0.05, loss - spread), loss + 1.3 * spread], 2 * i);
  }
  return { points, band };
}
