import { describe, expect, it } from 'vitest';
import { envelopeOfPairs } from '../../../webview/charts/pairs';
import { pictureSize, vectorPicture } from '../../../webview/charts/vectorPicture';

const axis = { kind: 'linear', zeroAt: Number.NaN, threshold: Number.NaN } as const;
const line = {
  colour: 'rgb(230 159 0 / 1)',
  dash: [6, 3],
  width: 1.5,
  endLabel: '',
  mayBeBlank: false,
  aside: false,
};
const theme = {
  background: [255, 255, 255],
  text: 'rgb(0 0 0 / 1)',
  muted: '#555',
  grid: 'rgb(0 0 0 / 0.12)',
  font: '"A & B"',
} as const;

function picture(points: number[], rest: object = {}) {
  return vectorPicture({
    title: 'Loss <f>',
    xTitle: 'step',
    yTitle: 'loss',
    lines: [{ ...line, name: 'a & b', envelope: envelopeOfPairs(Float64Array.from(points)) }],
    x: { ...axis, min: 1, max: 3, ticks: [{ value: 1, label: '1' }] },
    y: { ...axis, min: 0, max: 4, ticks: [{ value: 4, label: '4' }] },
    theme,
    ...rest,
  });
}

/** The points of the first line, as shares of the plot. */
function points(svg: string): (readonly [number, number])[] {
  const d = /<g clip-path[^>]*><path d="([^"]*)"/.exec(svg)![1]!;
  return [...d.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [
    (Number(x) - 64) / pictureSize.width,
    1 - (Number(y) - 44) / pictureSize.height,
  ]);
}

describe('a chart as a vector drawing', () => {
  it('draws each value at its place, and breaks at values that are not finite', () => {
    const svg = picture([1, 0, 2, 4, 3, 1]);
    expect(points(svg)).toEqual([
      [0, 0],
      [0.5, 1],
      [1, 0.25],
    ]);
    expect(picture([1, 0, 2, Number.NaN, 3, 1])).toMatch(/d="M[\d.]+ [\d.]+M[\d.]+ [\d.]+"/);
  });

  it('places values on a logarithmic axis, zeros at the place of zeros', () => {
    const y = { ...axis, kind: 'logarithmic', min: 1e-4, max: 1, zeroAt: 1e-4, ticks: [] };
    expect(points(picture([1, 1, 2, 1e-2, 3, 0], { y })).map(([, share]) => share)).toEqual([1, 0.5, 0]);
  });

  it('is well-formed text without pictures or CSS colours, with title, axes and legend', () => {
    const svg = picture([1, 0, 2, 4]);
    expect(svg).toContain('<title>Loss &lt;f&gt;</title>');
    expect(svg).toContain('>a &amp; b</text>');
    expect(svg).toContain('stroke="rgb(230,159,0)"');
    expect(svg).toContain('stroke-opacity="0.12"');
    expect(svg).toContain('font-family="&quot;A &amp; B&quot;"');
    expect(svg).not.toMatch(/<image|data:|NaN|Infinity|rgb\(\d+ /);
    // Every element is closed.
    expect(svg.match(/<[a-zA-Z]+/g)!.length).toBe(svg.match(/\/>|<\/[a-zA-Z]+>/g)!.length);
  });

  it('draws areas from their lower to their upper edges, apart where values are missing', () => {
    const none = [2, Number.NaN, Number.NaN, 1];
    const svg = picture([], { areas: [Float64Array.from([1, 0, 4, 0, ...none, 3, 1, 2, 0])] });
    expect(svg.match(/<path d="(M[^"]*Z)" fill=/)![1]!.split('Z')).toHaveLength(3);
    expect(svg).toContain(`M64 ${44 + pictureSize.height}L64 44Z`);
  });

  it('stays within numbers that readers can hold if a value diverges', () => {
    const svg = picture([1, 0, 2, 1e300, 3, -1e300]);
    for (const [, y] of points(svg)) expect(Math.abs(y)).toBeLessThan(100);
  });
});
