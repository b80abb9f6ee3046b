/**
 * The Mann-Kendall trend statistic S: the number of rising pairs minus the number of falling pairs. It is −45
 * for ten values in descending order and near 0 without a trend. For ten values without a trend P(S ≤ −21) =
 * 0.036 (Kendall, Rank Correlation Methods, table 1).
 */
export function mannKendall(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++)
    for (let j = i + 1; j < values.length; j++) sum += Math.sign(values[j]! - values[i]!);
  return sum;
}
