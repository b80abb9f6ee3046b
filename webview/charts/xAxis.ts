import { type Axis, linearAxis, logAxis, stepAxis } from './axis';
import { type Extent, extentOf } from './envelope';
import type { PlotAxis } from './valueAxis';
import { ticksThatFit } from './valueAxis';

/** An x axis, and whether a requested log axis is not possible. */
export interface XAxis extends PlotAxis {
  readonly logRefused: boolean;
}

/**
 * The x axis of lines, without margins, because the lines fill their chart.
 *
 * @param xs  all x values of the lines, ascending
 * @param range  the visible range; null if everything is visible
 */
export function xAxis(
  xs: Float64Array,
  range: readonly [number, number] | null,
  log: boolean,
  width: number,
): XAxis {
  const [first, last] = range ?? [xs[0] ?? 0, xs.at(-1) ?? 1];
  const none = { zeroAt: Number.NaN, threshold: Number.NaN, logRefused: false };
  const inSight = xs.filter((x) => x >= first && x <= last);
  if (log) {
    const axis = logAxis(extentOfValues(first, last, inSight), ticksThatFit(width, 50));
    if (axis !== null) {
      // The margins of a log axis of values are not used here.
      const hasZeros = !Number.isNaN(axis.zeroAt);
      const [min, max] = last > first ? [hasZeros ? axis.min : first, last] : [axis.min, axis.max];
      const ticks = axis.ticks.filter(({ value }) => value >= min && value <= max);
      return { ...none, kind: 'logarithmic', min, max, ticks, zeroAt: hasZeros ? axis.zeroAt : min };
    }
  }
  return {
    ...none,
    ...linearX(first, last, inSight, width),
    kind: 'linear',
    logRefused: log && xs.length > 0,
  };
}

function linearX(first: number, last: number, inSight: Float64Array, width: number): Axis {
  const whole = inSight.length > 0 && inSight.every(Number.isInteger);
  const [firstWhole, lastWhole] = [Math.ceil(first), Math.floor(last)];
  if (whole && lastWhole > firstWhole) {
    return { ...stepAxis(firstWhole, lastWhole, ticksThatFit(width, 50)), min: first, max: last };
  }
  const axis = linearAxis(extentOfValues(first, last, inSight), [], ticksThatFit(width, 60));
  if (!(last > first)) return axis;
  return { min: first, max: last, ticks: axis.ticks.filter(({ value }) => value >= first && value <= last) };
}

function extentOfValues(first: number, last: number, inSight: Float64Array): Extent {
  const envelope = Float64Array.from([first, ...inSight, last].flatMap((x) => [x, x, x, 0]));
  return extentOf([envelope], first, last);
}
