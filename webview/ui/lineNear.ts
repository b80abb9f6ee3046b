import type { ChartLine } from '../charts/chartLine';
import { bucketAt } from '../charts/envelope';

/** The reach of a click around a line, in pixels. */
const reach = 12;

/**
 * The line at a point of a chart; null if there is none within reach.
 *
 * @param y    CSS pixels from the upper edge of the canvas
 * @param yOf  the position of a value
 */
export function lineNear(
  lines: readonly ChartLine[],
  step: number,
  y: number,
  yOf: (value: number) => number,
): ChartLine | null {
  let [best, distance]: [ChartLine | null, number] = [null, reach];
  for (const line of lines) {
    const bucket = bucketAt(line.envelope, step);
    if (bucket === null || Number.isNaN(bucket.least)) continue;
    const [low, high] = [yOf(bucket.least), yOf(bucket.largest)];
    const away = Math.max(0, Math.min(low, high) - y, y - Math.max(low, high));
    if (away > distance || (away === distance && best !== null)) continue;
    [best, distance] = [line, away];
  }
  return best;
}
