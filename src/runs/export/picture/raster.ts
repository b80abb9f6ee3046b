import { glyphOf, glyphSize } from './glyphs';

export type Colour = readonly [red: number, green: number, blue: number];

/** Lengths of drawn and skipped parts of a line in turn; empty for a solid line. */
export type Dashes = readonly number[];

/** The distance from one character to the next, in pixels of a glyph. */
const advance = glyphSize.width + 1;

/** A picture of pixels on a white ground. Coordinates are those of the figure; each of its units has `scale` pixels. */
export class Raster {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly data: Uint8Array;
  readonly #scale: number;
  /** How much of each pixel the line that is being drawn covers, so that a line that crosses itself has one colour. */
  readonly #covered: Float32Array;

  constructor(width: number, height: number, scale: number) {
    this.width = Math.round(width * scale);
    this.height = Math.round(height * scale);
    this.#scale = scale;
    this.data = new Uint8Array(3 * this.width * this.height).fill(255);
    this.#covered = new Float32Array(this.width * this.height);
  }

  /** @param pieces  of the line, each as x, y pairs; a piece of one point is a dot */
  line(pieces: readonly (readonly number[])[], colour: Colour, thickness: number, dashes: Dashes = []): void {
    this.#covered.fill(0);
    for (const points of pieces) {
      let along = 0;
      if (points.length === 2) this.#cover(points[0]!, points[1]!, points[0]!, points[1]!, thickness);
      for (let i = 0; i + 3 < points.length; i += 2) {
        const [x0, y0, x1, y1] = points.slice(i, i + 4) as [number, number, number, number];
        const length = Math.hypot(x1 - x0, y1 - y0);
        for (const [from, to] of drawnParts(along, length, dashes)) {
          const at = (share: number) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share] as const;
          this.#cover(...at(from), ...at(to), thickness);
        }
        along += length;
      }
    }
    for (let pixel = 0; pixel < this.#covered.length; pixel++) {
      const share = this.#covered[pixel]!;
      if (share > 0) this.#blend(pixel, colour, share);
    }
  }

  /** @param y  the baseline */
  text(content: string, x: number, y: number, colour: Colour, anchor: 'start' | 'end' = 'start'): void {
    const characters = [...content];
    // A pixel of a glyph is one unit of the figure.
    const left = anchor === 'start' ? x : x - (characters.length * advance - 1);
    characters.forEach((character, i) => {
      for (const [column, row] of glyphOf(character))
        this.#fill(left + i * advance + column, y - glyphSize.height + row, colour);
    });
  }

  /** Covers the pixels around a line segment. */
  #cover(x0: number, y0: number, x1: number, y1: number, thickness: number): void {
    const scale = this.#scale;
    const [ax, ay, bx, by] = [x0 * scale, y0 * scale, x1 * scale, y1 * scale];
    const half = (thickness * scale) / 2;
    const squared = (bx - ax) ** 2 + (by - ay) ** 2;
    const [top, bottom] = span(ay, by, half, this.height);
    const [first, last] = span(ax, bx, half, this.width);
    for (let row = top; row <= bottom; row++)
      for (let column = first; column <= last; column++) {
        const [px, py] = [column + 0.5, row + 0.5];
        const share = squared === 0 ? 0 : ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / squared;
        const near = Math.min(1, Math.max(0, share));
        const distance = Math.hypot(px - ax - near * (bx - ax), py - ay - near * (by - ay));
        const covered = Math.min(1, half + 0.5 - distance);
        const pixel = row * this.width + column;
        if (covered > this.#covered[pixel]!) this.#covered[pixel] = covered;
      }
  }

  /** Fills a square of one unit of the figure. */
  #fill(x: number, y: number, colour: Colour): void {
    const [left, top] = [Math.round(x * this.#scale), Math.round(y * this.#scale)];
    for (let row = top; row < top + this.#scale; row++)
      for (let column = left; column < left + this.#scale; column++)
        if (row >= 0 && row < this.height && column >= 0 && column < this.width)
          this.#blend(row * this.width + column, colour, 1);
  }

  #blend(pixel: number, colour: Colour, share: number): void {
    colour.forEach((value, i) => {
      const place = 3 * pixel + i;
      this.data[place] = Math.round(this.data[place]! * (1 - share) + value * share);
    });
  }
}

/** The pixels that a segment from `a` to `b` may cover along one axis. */
function span(a: number, b: number, half: number, size: number): readonly [number, number] {
  const first = Math.floor(Math.min(a, b) - half - 1);
  const last = Math.ceil(Math.max(a, b) + half + 1);
  return [Math.max(0, first), Math.min(size - 1, last)];
}

/** The shares of a segment that are drawn, of a line whose pattern has gone on for the length `along`. */
function drawnParts(along: number, length: number, dashes: Dashes): (readonly [number, number])[] {
  const period = dashes.reduce((sum, each) => sum + each, 0);
  if (period === 0 || length === 0) return [[0, 1]];
  const parts: (readonly [number, number])[] = [];
  let at = along - (along % period);
  while (at < along + length)
    for (const [i, dash] of dashes.entries()) {
      const [from, to] = [Math.max(at, along), Math.min(at + dash, along + length)];
      if (i % 2 === 0 && to > from) parts.push([(from - along) / length, (to - along) / length]);
      at += dash;
    }
  return parts;
}
