/** An opaque colour with channels from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Reads "#abc", "#aabbcc", "#aabbccdd", "rgb(…)" and "rgba(…)"; null for anything else. */
export function parseColour(text: string): Rgb | null {
  const trimmed = text.trim();
  const hex = /^#([0-9a-f]{3,8})$/i.exec(trimmed)?.[1];
  if (hex !== undefined) {
    const wide = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const channel = (at: number) => Number.parseInt(wide.slice(at, at + 2), 16);
    return [channel(0), channel(2), channel(4)];
  }
  const parts = /^rgba?\(([^)]*)\)$/
    .exec(trimmed)?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  const [red, green, blue] = parts ?? [];
  return red === undefined || green === undefined || blue === undefined ? null : [red, green, blue];
}

export function cssColour([red, green, blue]: Rgb, alpha = 1): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)} / ${alpha})`;
}

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * share;
  return [channel(0), channel(1), channel(2)];
}

/** WCAG 2.2 contrast ratio, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: Rgb): number {
  const linear = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** `colour`, moved toward black or white only as far as needed to reach `ratio` against `background`. */
export function withContrast(colour: Rgb, background: Rgb, ratio: number): Rgb {
  const end: Rgb = luminance(background) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, end, share);
    if (contrast(candidate, background) >= ratio) return candidate;
  }
  return end;
}
