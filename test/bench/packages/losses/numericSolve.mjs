import numeric from 'numeric';

/**
 * @loss
 * @start [3, 2]
 */
export function loss([x, y]) {
  const s = numeric.solve(
    [
      [x, 1],
      [1, y],
    ],
    [1, 2],
  );
  return s[0] ** 2 + s[1];
}
