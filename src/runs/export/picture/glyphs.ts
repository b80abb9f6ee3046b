/** The width of a glyph, and its height above the baseline, in its own pixels. Up to two rows are below. */
export const glyphSize = { width: 5, height: 7 } as const;

/**
 * The rows of each glyph from the top, one digit of base 32 for each: its five bits are the pixels from left to right. A picture
 * needs few letters, and a font file would be a hundred times as long.
 */
const rows: Readonly<Record<string, string>> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hhha444',
  Z: 'v1248gv',
  a: '00e1fhf',
  b: 'gguhhhu',
  c: '00egghe',
  d: '11fhhhf',
  e: '00ehvge',
  f: '698s888',
  g: '00fhhhf1e',
  h: 'gguhhhh',
  i: '40c444e',
  j: '2062222ic',
  k: 'ggikoki',
  l: 'c44444e',
  m: '00qllll',
  n: '00uhhhh',
  o: '00ehhhe',
  p: '00uhhhugg',
  q: '00fhhhf11',
  r: '00mpggg',
  s: '00fge1u',
  t: '88s8896',
  u: '00hhhjd',
  v: '00hhha4',
  w: '00hllla',
  x: '00ha4ah',
  y: '00hhhhf1e',
  z: '00v248v',
  0: 'ehjlphe',
  1: '4c4444e',
  2: 'eh1248v',
  3: 'v2421he',
  4: '26aiv22',
  5: 'vgu11he',
  6: '68guhhe',
  7: 'v124888',
  8: 'ehhehhe',
  9: 'ehhf12c',
  ' ': '0',
  '.': '00000cc',
  ',': '00000448',
  '-': '000e000',
  '+': '044v440',
  '=': '00v0v00',
  _: '000000v',
  '(': '2488842',
  ')': '8422248',
  '[': 'e88888e',
  ']': 'e22222e',
  '/': '11248gg',
  ':': '0cc0cc0',
  "'": '44',
  '%': 'op248j3',
  '#': 'aavavaa',
  '^': '4ah',
  '*': '0level0',
  '<': '248g842',
  '>': '8421248',
  '|': '4444444',
  '∞': '00alla0',
  '√': '7444kc4',
  θ: 'ehhvhhe',
};
const unknown = 'vhhhhhv';

/** The pixels of the glyph of a character: column and row. */
export function glyphOf(character: string): (readonly [column: number, row: number])[] {
  const digits = [...(Object.hasOwn(rows, character) ? rows[character]! : unknown)];
  return digits.flatMap((digit, row) => {
    const bits = Number.parseInt(digit, 32);
    return Array.from({ length: glyphSize.width }, (_, column) => column)
      .filter((column) => (bits >> (glyphSize.width - 1 - column)) & 1)
      .map((column) => [column, row] as const);
  });
}
