import type { StepRange } from './stepRange';

/** At most `count` integer steps of a range, evenly spaced, including both ends. */
export function evenSteps([first, last]: StepRange, count: number): number[] {
  const length = last - first + 1;
  if (length <= 0) return [];
  if (length <= count) return Array.from({ length }, (_, i) => first + i);
  return Array.from({ length: count }, (_, i) => first + Math.round((i * (length - 1)) / (count - 1)));
}
