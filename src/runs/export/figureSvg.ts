import { type FigureLine, FigurePlot, figureDashes, figureSize } from '../../core/figure/figurePlot';

const { width, height, left } = figureSize;
const titleHeight = 22;
const legendRow = 16;
const colours = ['#0072b2', '#b34700', '#00795a', '#8f3f78', '#6b5900', '#1f6f8b', '#a3232b', '#4a4a4a'];

export interface FigureContent {
  readonly title: string;
  readonly lines: readonly FigureLine[];
  readonly isLog: boolean;
}

/** A chart of a report as an SVG file on a white ground, with the names of its lines if there are several. */
export function figureSvg({ title, lines, isLog }: FigureContent): string {
  const plot = new FigurePlot(lines, isLog);
  const named = lines.length > 1 ? lines : [];
  const whole = titleHeight + height + named.length * legendRow;
  const text = (content: string, x: number, y: number, anchor = 'start') =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(content)}</text>`;
  const stroke = (i: number) =>
    `fill="none" stroke="${colours[i % colours.length]}" stroke-width="1.5" stroke-dasharray="${figureDashes[i % figureDashes.length]}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="sans-serif" font-size="11" fill="#444444">`,
    `<rect width="${width}" height="${whole}" fill="#ffffff"/>`,
    text(title, left, 15),
    `<g transform="translate(0 ${titleHeight})">`,
    `<path d="${plot.axes}" fill="none" stroke="#999999"/>`,
    ...plot.ticks.map((tick) => text(tick.text, left - 4, tick.at + 4, 'end')),
    text(`step ${plot.first}`, plot.x(plot.first), height - 8),
    text(`step ${plot.last}`, plot.x(plot.last), height - 8, 'end'),
    ...lines.map((line, i) => `<path d="${plot.path(line)}" ${stroke(i)}/>`),
    ...named.flatMap(({ name }, i) => {
      const y = height + i * legendRow;
      return [`<path d="M${left} ${y + 4}h28" ${stroke(i)}/>`, text(name, left + 34, y + 8)];
    }),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
