/** Prints one measured value as a line of JSON. A value without a goal is printed for comparison only. */
export function report(name: string, value: number, unit: string, goal?: { readonly atMost: number }): void {
  const met = goal ? value <= goal.atMost : null;
  console.log(
    JSON.stringify({ name, value: Number(value.toPrecision(4)), unit, goal: goal?.atMost ?? null, met }),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
