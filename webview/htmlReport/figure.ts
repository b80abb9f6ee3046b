import type { ReportChart } from '../../src/protocol/panel';
import { exactNumber, shortNumber } from '../numberText';

interface FigureLine {
  readonly name: string;
  /** Step, value pairs, steps ascending. */
  readonly points: Float64Array;
}

const [width, height, left, right, top, bottom] = [520, 220, 58, 10, 8, 24] as const;
const dashes = ['', '7 3', '2 3', '9 3 2 3'] as const;
const ticks = 4;

/** One chart of a report page: lines over steps, a mark at the chosen step, and a legend with the values there. */
export class Figure {
  readonly element = document.createElement('figure');
  readonly last: number;
  onPointed: (step: number) => void = () => {};
  readonly #lines: readonly FigureLine[];
  readonly #first: number;
  readonly #mark: SVGElement;
  readonly #values: readonly HTMLElement[];

  constructor({ title, y, lines }: Pick<ReportChart, 'title' | 'y'> & { lines: readonly FigureLine[] }) {
    this.#lines = lines;
    const steps = lines.flatMap(({ points }) => (points.length > 0 ? [points[0]!, points.at(-2)!] : []));
    this.#first = Math.min(...steps, 1);
    this.last = Math.max(...steps, 1);
    const caption = document.createElement('figcaption');
    caption.textContent = y.title === title.toLowerCase() ? title : `${title} (${y.title})`;
    const svg = svgElement('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img' });
    svg.setAttribute('aria-label', `${title}: ${lines.map(summaryOf).join('; ')}`);
    const scale = new Scale(lines, y.log);
    svg.append(...this.#axes(scale), ...lines.map((line, i) => this.#path(line, i, scale)));
    this.#mark = svgElement('line', { class: 'mark', y1: top, y2: height - bottom });
    svg.append(this.#mark);
    svg.addEventListener('pointermove', (event) => {
      const { left: from, width: size } = svg.getBoundingClientRect();
      this.onPointed(this.#stepAt(((event.clientX - from) / size) * width));
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

  /** Marks a step and shows the values at the last drawn step up to it. */
  show(step: number): void {
    const x = String(this.#x(Math.min(step, this.last)));
    this.#mark.setAttribute('x1', x);
    this.#mark.setAttribute('x2', x);
    this.#lines.forEach(({ points }, i) => {
      const at = indexUpTo(points, step);
      this.#values[i]!.textContent = at < 0 ? '' : exactNumber(points[at + 1]!);
    });
  }

  #x(step: number): number {
    return left + ((step - this.#first) / Math.max(1, this.last - this.#first)) * (width - left - right);
  }

  #stepAt(x: number): number {
    const share = Math.min(1, Math.max(0, (x - left) / (width - left - right)));
    return Math.round(this.#first + share * (this.last - this.#first));
  }

  #axes(scale: Scale): SVGElement[] {
    const frame = svgElement('path', {
      class: 'axis',
      d: `M${left} ${top}V${height - bottom}H${width - right}`,
    });
    const ofY = scale.ticks.map(({ at, text }) =>
      textElement(text, { x: left - 4, y: at + 4, 'text-anchor': 'end' }),
    );
    const ofX = [this.#first, this.last].map((step, i) =>
      textElement(`step ${step}`, {
        x: this.#x(step),
        y: height - 8,
        'text-anchor': i === 0 ? 'start' : 'end',
      }),
    );
    return [frame, ...ofY, ...ofX];
  }

  #path({ points }: FigureLine, index: number, scale: Scale): SVGElement {
    let path = '';
    let isDown = false;
    for (let i = 0; i < points.length; i += 2) {
      const y = scale.y(points[i + 1]!);
      // A value that is not finite breaks the line.
      if (Number.isFinite(y))
        path += `${isDown ? 'L' : 'M'}${this.#x(points[i]!).toFixed(1)} ${y.toFixed(1)}`;
      isDown = Number.isFinite(y);
    }
    return svgElement('path', { d: path, fill: 'none', ...strokeOf(index) });
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
      return { at: this.#at(value), text: shortNumber(this.#isLog ? 10 ** value : value) };
    });
  }

  y(value: number): number {
    return this.#at(this.#isLog ? Math.log10(value) : value);
  }

  #at(scaled: number): number {
    return top + ((this.#high - scaled) / (this.#high - this.#low)) * (height - top - bottom);
  }
}

/** Colour and dash: lines differ by both. */
function strokeOf(index: number): Record<string, string> {
  return {
    style: `stroke: var(--c${index % 8})`,
    'stroke-width': '1.5',
    'stroke-dasharray': dashes[index % dashes.length]!,
  };
}

function summaryOf({ name, points }: FigureLine): string {
  if (points.length === 0) return `${name}: no values`;
  return `${name}: from ${shortNumber(points[1]!)} to ${shortNumber(points.at(-1)!)} at step ${points.at(-2)!}`;
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
