/** How many of the runs got each finding: one line per code, the most frequent first. */
export function toldTable(runs: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>();
  for (const labels of runs)
    for (const each of new Set(labels)) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([each, count]) => `${each.padEnd(24)}${String(count).padStart(5)}`)
    .join('\n');
}
