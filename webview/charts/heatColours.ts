import { contrast, cssColour, mix, type Rgb } from './colour';
import type { Theme } from './theme';

/** The colours of a cell: deeper is better. The text has at least the contrast of the better of black and white. */
export function heatColour(share: number, theme: Theme): { readonly fill: string; readonly text: string } {
  const best = mix(theme.accent, theme.background, 0.1);
  const fill = mix(best, theme.background, 0.92 * share);
  const ends: readonly Rgb[] = [theme.foreground, [255, 255, 255], [0, 0, 0]];
  const text = ends.find((colour) => contrast(colour, fill) >= 4.5) ?? [0, 0, 0];
  return { fill: cssColour(fill), text: cssColour(text) };
}
