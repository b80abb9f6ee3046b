import type { ChartLine } from './chartLine';
import { cssColour, type Rgb } from './colour';
import { bucketSize } from './envelope';
import { symlogPlace } from './symlog';
import type { PlotAxis } from './valueAxis';

/** A chart as it is saved: the same lines and axes as on the screen, with its title and its legend. */
export interface PictureContent {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly ChartLine[];
  /** Areas behind the lines, as buckets from their lower to their upper edge. */
  readonly areas?: readonly Float64Array[];
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly theme: {
    readonly background: Rgb;
    readonly text: string;
    readonly muted: string;
    readonly grid: string;
    readonly font: string;
  };
}

/** The size of the plot inside its axes, in the units of the picture. */
export const pictureSize = { width: 820, height: 360 } as const;
const [left, right, top] = [64, 24, 44] as const;
const [below, rowHeight] = [46, 18] as const;
/** The mean width of a letter. */
const letter = 6.5;

/** A chart as a vector drawing in SVG: lines are paths and texts are texts. */
export function vectorPicture({
  title,
  xTitle,
  yTitle,
  lines,
  areas = [],
  x,
  y,
  theme,
}: PictureContent): string {
  const { width, height } = pictureSize;
  const [placeX, placeY] = [placeOn(x), placeOn(y)];
  const at = {
    x: (value: number) => left + placeX(value) * width,
    y: (value: number) => top + (1 - placeY(value)) * height,
  };
  const named = lines.filter(({ name, endLabel }) => name !== '' || endLabel !== '');
  const longest = Math.max(1, ...named.map((line) => nameOf(line).length));
  const columns = Math.max(1, Math.min(5, Math.floor(width / (48 + letter * longest))));
  const total = {
    width: left + width + right,
    height: top + height + below + Math.ceil(named.length / columns) * rowHeight,
  };
  const bottom = top + height;
  const body = [
    `<rect width="100%" height="100%" fill="${opaque(cssColour(theme.background))}"/>`,
    text(title, left, 20, { 'font-size': 15, 'font-weight': 600, fill: theme.text }),
    text(yTitle, left, 36, { fill: theme.muted }),
    ...y.ticks.map(({ value, label }) => {
      const to = at.y(value);
      return `${segment(left, to, left + width, to, theme.grid)}${text(label, left - 6, to + 4, { 'text-anchor': 'end', fill: theme.muted })}`;
    }),
    segment(left, bottom, left + width, bottom, theme.muted),
    ...x.ticks.map(({ value, label }) =>
      text(label, at.x(value), bottom + 15, { 'text-anchor': 'middle', fill: theme.muted }),
    ),
    text(xTitle, left + width, bottom + 32, { 'text-anchor': 'end', fill: theme.muted }),
    `<clipPath id="plot"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>`,
    `<g clip-path="url(#plot)" fill="none">${areas.map((envelope) => area(envelope, at, y, theme.text)).join('')}${lines.map((line) => path(line, at, x, y)).join('')}</g>`,
    ...named.map((line, i) => legendEntry(line, i, columns, bottom + below, theme)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${total.width}" height="${total.height}" viewBox="0 0 ${total.width} ${total.height}" font-family="${escaped(theme.font)}" font-size="11"><title>${escaped(title)}</title>${body.join('')}</svg>\n`;
}

interface Places {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The share of an axis at which a value lies, from 0 to 1. */
function placeOn({ kind, min, max, zeroAt, threshold }: PlotAxis): (value: number) => number {
  const transform = (value: number) => {
    if (kind === 'symlog') return symlogPlace(value, threshold);
    // Zeros and tiny values have a place of their own below the others.
    return kind === 'logarithmic' ? Math.log10(Math.max(value, zeroAt, min)) : value;
  };
  const [low, high] = [transform(min), transform(max)];
  return (value) => (high > low ? (transform(value) - low) / (high - low) : 0.5);
}

/** Buckets with a spread are strokes from their smallest to their largest value. Samples hold until the next one. */
function path(
  { envelope, colour, dash, width, held }: ChartLine,
  at: Places,
  x: PlotAxis,
  y: PlotAxis,
): string {
  let d = '';
  let isDown = false;
  for (let i = 0; i + bucketSize <= envelope.length; i += bucketSize) {
    const [step, least, largest] = [envelope[i]!, envelope[i + 1]!, envelope[i + 2]!];
    if (step > x.max && !isDown) break;
    if (Number.isNaN(least)) {
      // Between two samples there are no values; elsewhere the line is broken.
      if (held !== true) isDown = false;
      continue;
    }
    // Far outside the picture, so that a divergence does not lead to numbers that readers of SVG cannot hold.
    const place = (value: number) => round(Math.max(-1e4, Math.min(1e4, at.y(bounded(value, y)))));
    const px = round(at.x(step));
    if (held === true && isDown) d += `H${px}V${place(least)}`;
    else d += `${isDown ? 'L' : 'M'}${px} ${place(least)}`;
    if (largest !== least) d += `V${place(largest)}`;
    isDown = true;
  }
  if (held === true && isDown) d += `H${round(at.x(x.max))}`;
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `<path d="${d}" stroke="${opaque(colour)}" stroke-width="${width}"${dashes}/>`;
}

/** Buckets without values are left out: the area ends before them and begins again behind them. */
function area(envelope: Float64Array, at: Places, y: PlotAxis, colour: string): string {
  const parts: string[] = [];
  let [lower, upper]: [string[], string[]] = [[], []];
  const close = () => {
    if (lower.length > 0) parts.push(`M${[...lower, ...upper.reverse()].join('L')}Z`);
    [lower, upper] = [[], []];
  };
  for (let i = 0; i + bucketSize <= envelope.length; i += bucketSize) {
    const [step, least, largest] = [envelope[i]!, envelope[i + 1]!, envelope[i + 2]!];
    if (Number.isNaN(least)) close();
    else {
      lower.push(`${round(at.x(step))} ${round(at.y(bounded(least, y)))}`);
      upper.push(`${round(at.x(step))} ${round(at.y(bounded(largest, y)))}`);
    }
  }
  close();
  return `<path d="${parts.join('')}" fill="${opaque(colour)}" fill-opacity="0.12"/>`;
}

function bounded(value: number, { min, max }: PlotAxis): number {
  const room = Math.max(max - min, Number.MIN_VALUE);
  return Math.max(min - 10 * room, Math.min(max + 10 * room, value));
}

function legendEntry(
  line: ChartLine,
  index: number,
  columns: number,
  from: number,
  theme: PictureContent['theme'],
): string {
  const { colour, dash } = line;
  const x = left + (index % columns) * (pictureSize.width / columns);
  const y = from + Math.floor(index / columns) * rowHeight;
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `<path d="M${x} ${y}h26" stroke="${opaque(colour)}" stroke-width="2"${dashes}/>${text(nameOf(line), x + 32, y + 4, { fill: theme.text })}`;
}

function nameOf({ name, endLabel }: ChartLine): string {
  return name || endLabel;
}

function segment(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${opaque(colour)}"${alphaOf(colour)}/>`;
}

function text(
  content: string,
  x: number,
  y: number,
  attributes: Readonly<Record<string, string | number>>,
): string {
  const given = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(key === 'fill' ? opaque(String(value)) : String(value))}"`)
    .join('');
  return `<text x="${round(x)}" y="${round(y)}"${given}>${escaped(content)}</text>`;
}

const withAlpha = /^rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)$/;

/** "rgb(1 2 3 / 0.5)" is CSS, which not every reader of SVG understands; its attributes take "rgb(1,2,3)". */
function opaque(colour: string): string {
  const [, red, green, blue] = withAlpha.exec(colour) ?? [];
  return red === undefined ? colour : `rgb(${red},${green},${blue})`;
}

function alphaOf(colour: string): string {
  const alpha = withAlpha.exec(colour)?.[4];
  return alpha === undefined || alpha === '1' ? '' : ` stroke-opacity="${alpha}"`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
