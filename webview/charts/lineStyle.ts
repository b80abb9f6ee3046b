import { cssColour, type Rgb, withContrast } from './colour';

/** The style of a coordinate, the same in every chart. */
export interface LineStyle {
  readonly colour: string;
  /** Canvas dash pattern; empty for a solid line. */
  readonly dash: readonly number[];
}

/** The colours of Okabe and Ito, which colour-blind readers can distinguish; without black, the theme's foreground. */
const okabeIto: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [0, 114, 178],
  [240, 228, 66],
];

const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** More lines than this cannot be distinguished. */
export const styleCount = okabeIto.length * dashes.length;

/** The style of a slot: seven colours, then the same with a dash pattern; at least 3:1 against the background. */
export function lineStyle(slot: number, background: Rgb): LineStyle {
  const colour = okabeIto[slot % okabeIto.length]!;
  const dash = dashes[Math.floor(slot / okabeIto.length) % dashes.length]!;
  return { colour: cssColour(withContrast(colour, background, 3)), dash };
}

/** The style of a line among named ones. Adjacent lines differ in both colour and dashes. */
export function namedLineStyle(slot: number, background: Rgb): LineStyle {
  const colour = okabeIto[slot % okabeIto.length]!;
  return { colour: cssColour(withContrast(colour, background, 3)), dash: dashes[slot % dashes.length]! };
}
