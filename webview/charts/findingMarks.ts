import type { Severity } from './severityGlyph';

/** A finding that the charts mark. */
export interface MarkedFinding {
  readonly severity: Severity;
  readonly steps: readonly [number, number];
}

/** The lowest severity first, because the last one is drawn on top. */
const order: readonly Severity[] = ['info', 'warning', 'error'];

export interface Stretch {
  readonly severity: Severity;
  /** First and last step. */
  readonly steps: readonly [number, number];
}

/**
 * The steps that findings refer to, merged for each severity, because overlapping tints would become opaque.
 * An info finding about the whole run is omitted.
 */
export function stretchesOf(findings: readonly MarkedFinding[]): Stretch[] {
  return order.flatMap((severity) => {
    const merged: [number, number][] = [];
    for (const { steps } of findings
      .filter((finding) => finding.severity === severity && (severity !== 'info' || finding.steps[0] > 1))
      .sort((a, b) => a.steps[0] - b.steps[0])) {
      const last = merged.at(-1);
      if (last !== undefined && steps[0] <= last[1]) last[1] = Math.max(last[1], steps[1]);
      else merged.push([steps[0], steps[1]]);
    }
    return merged.map((steps) => ({ severity, steps }));
  });
}

/** From this share of the visible steps on, a tint would distinguish nothing. */
const nearlyAll = 0.75;

/**
 * Whether stretches are tinted over the height of the plot. If they cover nearly all visible steps, they are only marked at
 * its edge, because a tint of the whole plot lowers the contrast of the lines and says no more.
 *
 * @param visible  the first and last visible step
 */
export function areTinted(stretches: readonly Stretch[], [first, last]: readonly [number, number]): boolean {
  const seen = stretches
    .filter(({ severity }) => severity !== 'info')
    .map(({ steps }) => [Math.max(first, steps[0]), Math.min(last, steps[1])] as const)
    .filter(([from, to]) => to >= from)
    .sort((a, b) => a[0] - b[0]);
  let covered = 0;
  let end = first;
  for (const [from, to] of seen) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered < nearlyAll * (last - first);
}

export interface PlacedGlyph {
  readonly severity: Severity;
  /** Its left edge, in pixels. */
  readonly left: number;
}

/**
 * The positions of the glyphs of findings: at the beginning of each finding, or further to the right if that
 * place is taken. Findings of the same severity that begin at the same place share one glyph.
 *
 * @param starts  where each finding begins, in pixels
 */
export function placeGlyphs(
  starts: readonly { readonly severity: Severity; readonly at: number }[],
  width: number,
  right: number,
): PlacedGlyph[] {
  const placed: (PlacedGlyph & { readonly at: number })[] = [];
  const bySeverity = [...starts].sort(
    (a, b) => a.at - b.at || order.indexOf(b.severity) - order.indexOf(a.severity),
  );
  for (const { severity, at } of bySeverity) {
    if (placed.some((other) => other.severity === severity && at - other.at < width)) continue;
    const free = placed.reduce((edge, other) => Math.max(edge, other.left + width), Number.NEGATIVE_INFINITY);
    const left = Math.max(at, free);
    if (left + width <= right || placed.length === 0)
      placed.push({ severity, at, left: Math.min(left, right - width) });
  }
  return placed.map(({ severity, left }) => ({ severity, left }));
}
