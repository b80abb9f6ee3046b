import chroma from 'chroma-js';

/**
 * @loss
 * @start [120, 90]
 */
export function loss([x, y]) {
  const [l, a, b] = chroma.rgb(x, y, 30).lab();
  return (l - 50) ** 2 + a * a + b * b;
}
