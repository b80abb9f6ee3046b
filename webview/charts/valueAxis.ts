import { type Axis, linearAxis, logAxis } from './axis';
import { type Extent, extentOf } from './envelope';
import type { ScaleKind } from './scales';
import { symlogAxis, symlogThreshold } from './symlog';

/** An axis and its kind of scale. */
export interface PlotAxis extends Axis {
  readonly kind: ScaleKind;
  /** The position of zeros and tiny values on a log axis; NaN on axes that contain zero. */
  readonly zeroAt: number;
  /** The threshold of a symmetric log axis; NaN for other axes. */
  readonly threshold: number;
}

export interface ValueAxis extends PlotAxis {
  readonly extent: Extent;
  /** Whether zeros are shown separately below the other values. */
  readonly zerosMarked: boolean;
  /** A log axis was requested, but there are negative values, or no positive ones. */
  readonly logRefused: boolean;
}

/**
 * The axis for the visible values: the requested kind, or a linear one if the values do not allow it.
 *
 * @param cut  larger values do not extend the axis, unless all values are larger
 */
export function valueAxis(
  wanted: ScaleKind,
  envelopes: readonly Float64Array[],
  [first, last]: readonly [number, number],
  include: readonly number[],
  height: number,
  cut = Number.POSITIVE_INFINITY,
): ValueAxis {
  const extent = upTo(cut, extentOf(envelopes, first, last));
  const none = { zeroAt: Number.NaN, threshold: Number.NaN, zerosMarked: false, logRefused: false };
  if (wanted === 'logarithmic') {
    const axis = logAxis(including(extent, include), ticksThatFit(height, 26));
    if (axis !== null) {
      const zerosMarked = !Number.isNaN(axis.zeroAt);
      return {
        ...none,
        ...axis,
        kind: wanted,
        extent,
        zerosMarked,
        zeroAt: zerosMarked ? axis.zeroAt : axis.min,
      };
    }
  }
  if (wanted === 'symlog') {
    const threshold = symlogThreshold(envelopes, first, last);
    const axis = symlogAxis(extent, threshold, ticksThatFit(height, 20));
    if (axis !== null) return { ...none, ...axis, kind: wanted, extent };
  }
  const axis = linearAxis(extent, include, ticksThatFit(height, 30));
  const logRefused = wanted === 'logarithmic' && !Number.isNaN(extent.least);
  return { ...none, ...axis, kind: 'linear', extent, logRefused };
}

function upTo(cut: number, extent: Extent): Extent {
  if (!(extent.largest > cut) || extent.least > cut) return extent;
  return { ...extent, largest: cut, clamped: false };
}

/** The extent including these values, without those that a log axis cannot show. */
function including(extent: Extent, include: readonly number[]): Extent {
  let { largest, leastPositive } = extent;
  for (const value of include) {
    if (!(value > 0) || !Number.isFinite(value)) continue;
    if (value > largest) largest = value;
    if (value < leastPositive) leastPositive = value;
  }
  return { ...extent, largest, leastPositive };
}

/** The number of ticks that fit along a side of this length in pixels. */
export function ticksThatFit(length: number, each: number): number {
  return Math.max(2, Math.floor((length - 30) / each));
}
