/** The first and last step, inclusive. */
export type StepRange = readonly [number, number];

/** The smallest range in steps: four steps fill a chart. */
const narrowest = 4;

/** `range` limited to 1 … steps and to a smallest width; null (follow the run) if it covers all steps. */
export function settledRange(range: StepRange, steps: number): StepRange | null {
  const width = Math.max(narrowest, Math.round(range[1] - range[0]));
  if (width >= steps - 1) return null;
  const first = Math.max(1, Math.min(Math.round(range[0]), steps - width));
  return [first, first + width];
}

/** `range` scaled by `factor` about `centre`; a factor below one zooms in. */
export function zoomedRange(
  range: StepRange,
  centre: number,
  factor: number,
  steps: number,
): StepRange | null {
  return settledRange([centre - (centre - range[0]) * factor, centre + (range[1] - centre) * factor], steps);
}

/** `range` moved by the least amount that makes `step` visible. */
export function rangeShowing(range: StepRange, step: number, steps: number): StepRange | null {
  if (step >= range[0] && step <= range[1]) return range;
  const shift = step < range[0] ? step - range[0] : step - range[1];
  return settledRange([range[0] + shift, range[1] + shift], steps);
}
