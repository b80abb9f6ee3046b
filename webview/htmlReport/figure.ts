import {
  type FigureLine,
  FigurePlot,
  figureDashes,
  figureSize,
  figureWords,
} from '../../src/core/figure/figurePlot';
import type { ReportChart } from '../../src/protocol/panel';
import { exactNumber } from '../numberText';

const { width, height, left, top, bottom } = figureSize;

/** One chart of a report page: lines over steps, a mark at the chosen step, and a legend with the values there. */
export class Figure {
  readonly element = document.createElement('figure');
  onPointed: (step: number) => void = () => {};
  readonly #lines: readonly FigureLine[];
  readonly #plot: FigurePlot;
  readonly #mark: SVGElement;
  readonly #values: readonly HTMLElement[];

  constructor({ title, y, lines }: Pick<ReportChart, 'title' | 'y'> & { lines: readonly FigureLine[] }) {
    this.#lines = lines;
    this.#plot = new FigurePlot(lines, y.log);
    const caption = document.createElement('figcaption');
    caption.textContent = y.title === title.toLowerCase() ? title : `${title} (${y.title})`;
    const svg = svgElement('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img' });
    svg.setAttribute('aria-label', `${title}: ${lines.map(figureWords).join('; ')}`);
    svg.append(...this.#axes(), ...lines.map((line, i) => this.#path(line, i)));
    this.#mark = svgElement('line', { class: 'mark', y1: top, y2: height - bottom });
    svg.append(this.#mark);
    svg.addEventListener('pointermove', (event) => {
      const { left: from, width: size } = svg.getBoundingClientRect();
      this.onPointed(this.#plot.stepAt(((event.clientX - from) / size) * width));
    });
    const values = lines.map(() => document.createElement('b'));
    this.#values = values;
    const legend = document.createElement('ul');
    legend.className = 'legend';
    lines.forEach(({ name }, i) => {
      const item = document.createElement('li');
      const swatch = svgElement('svg', { viewBox: '0 0 28 8', 'aria-hidden': 'true' });
      swatch.append(svgElement('path', { d: 'M0 4H28', ...strokeOf(i) }));
      item.append(swatch, `${name}: `, values[i]!);
      legend.append(item);
    });
    this.element.append(caption, svg, legend);
  }

  get last(): number {
    return this.#plot.last;
  }

  /** Marks a step and shows the values at the last drawn step up to it. */
  show(step: number): void {
    const x = String(this.#plot.x(Math.min(step, this.last)));
    this.#mark.setAttribute('x1', x);
    this.#mark.setAttribute('x2', x);
    this.#lines.forEach(({ points }, i) => {
      const at = indexUpTo(points, step);
      this.#values[i]!.textContent = at < 0 ? '' : exactNumber(points[at + 1]!);
    });
  }

  #axes(): SVGElement[] {
    const { first, last, axes, ticks } = this.#plot;
    const frame = svgElement('path', { class: 'axis', d: pathOf([axes]) });
    const ofY = ticks.map(({ at, text }) =>
      textElement(text, { x: left - 4, y: at + 4, 'text-anchor': 'end' }),
    );
    const ofX = [first, last].map((step, i) =>
      textElement(`step ${step}`, {
        x: this.#plot.x(step),
        y: height - 8,
        'text-anchor': i === 0 ? 'start' : 'end',
      }),
    );
    return [frame, ...ofY, ...ofX];
  }

  #path(line: FigureLine, index: number): SVGElement {
    return svgElement('path', { d: pathOf(this.#plot.pieces(line)), fill: 'none', ...strokeOf(index) });
  }
}

/** Lines of x, y pairs as the data of a path. */
function pathOf(pieces: readonly (readonly number[])[]): string {
  const numbers = (piece: readonly number[]) => piece.map((value) => value.toFixed(1));
  return pieces
    .map((piece) =>
      numbers(piece)
        .map((number, i) => `${i === 0 ? 'M' : i % 2 === 0 ? 'L' : ' '}${number}`)
        .join(''),
    )
    .join('');
}

/** Colour and dash: lines differ by both. */
function strokeOf(index: number): Record<string, string> {
  return {
    style: `stroke: var(--c${index % 8})`,
    'stroke-width': '1.5',
    'stroke-dasharray': figureDashes[index % figureDashes.length]!,
  };
}

/** The index of the last pair whose step is at most `step`; −1 if there is none. */
function indexUpTo(points: Float64Array, step: number): number {
  let [low, high] = [0, points.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[2 * middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return 2 * (low - 1);
}

function svgElement(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function textElement(text: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = svgElement('text', attributes);
  element.textContent = text;
  return element;
}
