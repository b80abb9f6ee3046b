import type { PictureFormat } from '../../src/protocol/panel';
import { stepAxis } from '../charts/axis';
import { bandEnvelopes } from '../charts/bands';
import { styleOf } from '../charts/lineChart';
import type { ReportChartLine } from '../charts/reportLines';
import type { StepChartModel } from '../charts/stepChart';
import type { Theme } from '../charts/theme';
import { ticksThatFit, valueAxis } from '../charts/valueAxis';
import { type PictureContent, pictureSize, vectorPicture } from '../charts/vectorPicture';
import { xAxis } from '../charts/xAxis';

/** The picture of a chart over the steps of a run, as it is shown. */
export function pictureOfSteps(
  { title, symbol }: { readonly title: string; readonly symbol: string },
  { lines, band, range, scale, include, theme }: StepChartModel,
): PictureContent {
  const { width, height } = pictureSize;
  const areas = band ? bandEnvelopes(band) : [];
  const envelopes = [...lines.map(({ envelope }) => envelope), ...areas];
  return {
    title,
    xTitle: 'step',
    yTitle: symbol === title ? '' : symbol,
    lines,
    areas,
    x: {
      ...stepAxis(range[0], range[1], ticksThatFit(width, 60)),
      kind: 'linear',
      zeroAt: Number.NaN,
      threshold: Number.NaN,
    },
    y: valueAxis(scale, envelopes, range, include, height),
    theme,
  };
}

/** The picture of a chart of a report, as it is shown. */
export function pictureOfReport(
  titles: Pick<PictureContent, 'title' | 'xTitle' | 'yTitle'>,
  lines: readonly ReportChartLine[],
  axes: {
    readonly xs: Float64Array;
    readonly range: readonly [number, number] | null;
    readonly logX: boolean;
    readonly logY: boolean;
    readonly cut: number;
  },
  theme: Theme,
): PictureContent {
  const { width, height } = pictureSize;
  const x = xAxis(axes.xs, axes.range, axes.logX, width);
  const envelopes = lines.map(({ envelope }) => envelope);
  return {
    ...titles,
    lines: lines.map(({ name, envelope, slot, count }) => ({
      name,
      envelope,
      ...styleOf(slot, count, theme),
      width: 1.5,
      endLabel: '',
      mayBeBlank: true,
      aside: false,
    })),
    x,
    y: valueAxis(axes.logY ? 'logarithmic' : 'linear', envelopes, [x.min, x.max], [], height, axes.cut),
    theme,
  };
}

/** The content of the file of a picture: the text of an SVG, or a PNG in base64. */
export async function pictureFile(content: PictureContent, format: PictureFormat): Promise<string> {
  const svg = vectorPicture(content);
  return format === 'svg' ? svg : pngOf(svg);
}

/** Pixels of a PNG for each unit of the drawing. */
const pixelRatio = 2;

async function pngOf(svg: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * pixelRatio;
  canvas.height = image.naturalHeight * pixelRatio;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
