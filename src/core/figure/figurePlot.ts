import { formatNumber } from '../numerics/format';

export interface FigureLine {
  readonly name: string;
  /** Step, value pairs, steps ascending. */
  readonly points: Float64Array;
}

/** The size of a chart of a report, and the room around its axes, in pixels. */
export const figureSize = { width: 520, height: 220, left: 58, right: 10, top: 8, bottom: 24 } as const;
const { width, height, left, right, top, bottom } = figureSize;
/** Lines differ by colour and dash. */
export const figureDashes = ['', '7 3', '2 3', '9 3 2 3'] as const;
const ticks = 4;

/** Where the lines of a chart over steps are drawn. */
export class FigurePlot {
  readonly first: number;
  readonly last: number;
  readonly #scale: Scale;

  /** @param isLog  whether the y axis is logarithmic, if all values are positive */
  constructor(lines: readonly FigureLine[], isLog: boolean) {
    const steps = lines.flatMap(({ points }) => (points.length > 0 ? [points[0]!, points.at(-2)!] : []));
    this.first = Math.min(...steps, 1);
    this.last = Math.max(...steps, 1);
    this.#scale = new Scale(lines, isLog);
  }

  /** The labels of the y axis. */
  get ticks(): readonly { readonly at: number; readonly text: string }[] {
    return this.#scale.ticks;
  }

  x(step: number): number {
    return left + ((step - this.first) / Math.max(1, this.last - this.first)) * (width - left - right);
  }

  stepAt(x: number): number {
    const share = Math.min(1, Math.max(0, (x - left) / (width - left - right)));
    return Math.round(this.first + share * (this.last - this.first));
  }

  /** The frame of the axes: x, y pairs. */
  get axes(): readonly number[] {
    return [left, top, left, height - bottom, width - right, height - bottom];
  }

  /** The pieces of a line, each as x, y pairs. A value that is not finite breaks it. */
  pieces({ points }: FigureLine): number[][] {
    const pieces: number[][] = [];
    let isDown = false;
    for (let i = 0; i < points.length; i += 2) {
      const y = this.#scale.y(points[i + 1]!);
      if (Number.isFinite(y)) {
        if (!isDown) pieces.push([]);
        pieces.at(-1)!.push(this.x(points[i]!), y);
      }
      isDown = Number.isFinite(y);
    }
    return pieces;
  }
}

/** The y axis: logarithmic if requested and possible. */
class Scale {
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly #isLog: boolean;
  readonly #low: number;
  readonly #high: number;

  constructor(lines: readonly FigureLine[], isLog: boolean) {
    const values = lines.flatMap(({ points }) =>
      [...points].filter((v, i) => i % 2 === 1 && Number.isFinite(v)),
    );
    this.#isLog = isLog && values.length > 0 && values.every((value) => value > 0);
    const scaled = values.map((value) => (this.#isLog ? Math.log10(value) : value));
    const low = scaled.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = scaled.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const isFlat = !(high > low);
    const pad = isFlat ? Math.max(1e-12, Math.abs(low) / 10) : 0;
    this.#low = Number.isFinite(low) ? low - pad : 0;
    this.#high = Number.isFinite(high) ? high + pad : 1;
    this.ticks = Array.from({ length: ticks + 1 }, (_, i) => {
      const value = this.#low + (i / ticks) * (this.#high - this.#low);
      return { at: this.#at(value), text: formatNumber(this.#isLog ? 10 ** value : value) };
    });
  }

  y(value: number): number {
    return this.#at(this.#isLog ? Math.log10(value) : value);
  }

  #at(scaled: number): number {
    return top + ((this.#high - scaled) / (this.#high - this.#low)) * (height - top - bottom);
  }
}

/** The line in words: what a reader sees who cannot see it. */
export function figureWords({ name, points }: FigureLine): string {
  if (points.length === 0) return `${name}: no values`;
  return `${name}: from ${formatNumber(points[1]!)} to ${formatNumber(points.at(-1)!)} at step ${points.at(-2)!}`;
}
