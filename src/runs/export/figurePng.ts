import { type FigureLine, FigurePlot, figureDashes, figureSize } from '../../core/figure/figurePlot';
import { pngFile } from './picture/pngFile';
import { type Colour, Raster } from './picture/raster';

const { width, height, left } = figureSize;
const titleHeight = 22;
const legendRow = 14;
/** Pixels for each unit of the figure: a model reads the numbers at this size. */
const scale = 2;
const [ink, axis]: readonly [Colour, Colour] = [
  [0x33, 0x33, 0x33],
  [0x99, 0x99, 0x99],
];
const colours: readonly Colour[] = [
  [0x00, 0x72, 0xb2],
  [0xb3, 0x47, 0x00],
  [0x00, 0x79, 0x5a],
  [0x8f, 0x3f, 0x78],
  [0x6b, 0x59, 0x00],
  [0x1f, 0x6f, 0x8b],
  [0xa3, 0x23, 0x2b],
  [0x4a, 0x4a, 0x4a],
];

export interface FigureContent {
  readonly title: string;
  readonly lines: readonly FigureLine[];
  readonly isLog: boolean;
}

/** A chart of a report as a PNG file on a white ground, with the names of its lines if there are several. */
export function figurePng({ title, lines, isLog }: FigureContent): Uint8Array {
  const plot = new FigurePlot(lines, isLog);
  const named = lines.length > 1 ? lines : [];
  const raster = new Raster(width, titleHeight + height + named.length * legendRow, scale);
  /** The axes and lines are below the title. */
  const lowered = (points: readonly number[]) =>
    points.map((value, i) => (i % 2 === 1 ? value + titleHeight : value));
  const stroke = (pieces: readonly (readonly number[])[], i: number) =>
    raster.line(
      pieces.map(lowered),
      colours[i % colours.length]!,
      1.5,
      figureDashes[i % figureDashes.length]!.split(' ').filter(Boolean).map(Number),
    );
  raster.text(title, left, 15, ink);
  raster.line([lowered(plot.axes)], axis, 1);
  for (const { at, text } of plot.ticks) raster.text(text, left - 4, titleHeight + at + 3, ink, 'end');
  raster.text(`step ${plot.first}`, plot.x(plot.first), titleHeight + height - 6, ink);
  raster.text(`step ${plot.last}`, plot.x(plot.last), titleHeight + height - 6, ink, 'end');
  lines.forEach((line, i) => {
    stroke(plot.pieces(line), i);
  });
  named.forEach(({ name }, i) => {
    const y = height + i * legendRow;
    stroke([[left, y + 4, left + 28, y + 4]], i);
    raster.text(name, left + 34, titleHeight + y + 8, ink);
  });
  return pngFile(raster);
}
