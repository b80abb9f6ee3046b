import { describe, expect, test } from 'vitest';
import { contrast, parseColour, type Rgb, withContrast } from '../../../webview/charts/colour';
import { lineStyle, styleCount } from '../../../webview/charts/lineStyle';

const backgrounds: readonly (readonly [string, Rgb])[] = [
  ['dark', [31, 31, 31]],
  ['light', [255, 255, 255]],
  ['black', [0, 0, 0]],
  ['solarized', [253, 246, 227]],
];

describe('colours', () => {
  test.each([
    ['#fff', [255, 255, 255]],
    ['#1f1f1f', [31, 31, 31]],
    [' #0078d4ff ', [0, 120, 212]],
    ['rgba(255, 255, 255, 0.7)', [255, 255, 255]],
    ['rgb(1 2 3 / 50%)', [1, 2, 3]],
  ])('%s is parsed', (text, rgb) => {
    expect(parseColour(text)).toEqual(rgb);
  });

  test('text that is not a colour gives null', () => {
    expect(parseColour('')).toBeNull();
    expect(parseColour('transparent')).toBeNull();
  });

  test('contrast is that of WCAG', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 6);
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
  });

  test.each(backgrounds)(
    'every line has a contrast of 3:1 on %s, and all lines look different',
    (_, background) => {
      const styles = Array.from({ length: styleCount }, (_, slot) => lineStyle(slot, background));
      expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(styleCount);
      for (const { colour } of styles) {
        expect(contrast(parseColour(colour)!, background)).toBeGreaterThan(2.95);
      }
    },
  );

  test('a colour with enough contrast is not changed', () => {
    expect(withContrast([230, 159, 0], [31, 31, 31], 3)).toEqual([230, 159, 0]);
  });
});
