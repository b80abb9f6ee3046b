import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GradientCase, Place, Point } from '../../corpus/gradients/case';
import type { ProvenanceCase } from '../../corpus/provenance/case';

/** A range in a file; offsets count UTF-16 units. */
export interface Spot {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** The result of a request for a gradient. */
export type Outcome =
  | {
      readonly kind: 'exact';
      readonly value: number;
      readonly gradient: readonly number[];
      /** The places where derivatives end on purpose. */
      readonly notes: readonly Spot[];
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly spot: Spot | null };

const tolerance = 1e-10;

/**
 * The first difference between the outcome at a point and the expectation, in words; null if there is none.
 */
export function faultOf(
  gradientCase: GradientCase,
  point: Point,
  outcome: Outcome,
  folder: string,
): string | null {
  const { refused, noted = [] } = gradientCase;
  if (point.stale) {
    if (outcome.kind === 'exact') return `a kept value gave the gradient [${outcome.gradient}]`;
    if (outcome.code !== 'stale-value') return `${outcome.code} in place of stale-value: ${outcome.message}`;
    return point.stale === 'result' ? null : misplaced(outcome.spot, point.stale, gradientCase.file, folder);
  }
  if (outcome.kind === 'refused') {
    if (!refused) return `refused: ${outcome.message} ${textAt(outcome.spot)}`;
    if (!outcome.message.toLowerCase().includes(refused.why.toLowerCase()))
      return `the message lacks "${refused.why}": ${outcome.message}`;
    return misplaced(outcome.spot, refused, gradientCase.file, folder);
  }
  if (refused && !refused.orExact) return `was not refused; the gradient was [${outcome.gradient}]`;
  if (!close(outcome.value, point.value, Math.abs(point.value)))
    return `the value ${outcome.value} in place of ${point.value}`;
  const scale = Math.max(...point.gradient.map(Math.abs).filter(Number.isFinite));
  for (const [i, expected] of point.gradient.entries())
    if (!close(outcome.gradient[i]!, expected, scale))
      return `[${outcome.gradient}] in place of [${point.gradient}]`;
  for (const expression of noted)
    if (!outcome.notes.some((spot) => misplaced(spot, { expression }, gradientCase.file, folder) === null))
      return `no note at ${expression}, only at: ${outcome.notes.map(textAt).join('; ')}`;
  return null;
}

/** The result of a replay; null if it found no origin. */
export interface Found {
  readonly spot: Spot | null;
  readonly pass: 'forward' | 'backward';
  readonly operands: readonly unknown[];
  readonly made: number;
}

export function faultOfOrigin(c: ProvenanceCase, found: Found | null, folder: string): string | null {
  if (!found) return 'nothing was found';
  if (found.pass !== c.pass) return `found in the ${found.pass} pass`;
  const { spot } = found;
  const wrong = misplaced(spot, { ...c, ...(c.in && { file: c.in }) }, c.file, folder);
  if (wrong) return wrong;
  if (textAt(spot) !== c.expression) return `the range is that of ${textAt(spot)}`;
  if (!Object.is(found.made, c.made)) return `made ${found.made} in place of ${c.made}`;
  const same =
    found.operands.length === c.operands.length &&
    found.operands.every((v, i) => Object.is(v, c.operands[i]));
  return same ? null : `of [${found.operands}] in place of [${c.operands}]`;
}

function close(value: number, expected: number, scale: number): boolean {
  return value === expected || Object.is(value, expected) || Math.abs(value - expected) <= tolerance * scale;
}

/**
 * Checks that the spot is inside the expression. An error that is located by its stack only has the place of
 * the called name.
 */
function misplaced(spot: Spot | null, place: Place, file: string, folder: string): string | null {
  const { expression, occurrence = 1 } = place;
  if (!spot) return `no place, instead of ${expression}`;
  const wanted = path.join(folder, place.file ?? file);
  const text = readFileSync(wanted, 'utf8');
  let from = -1;
  for (let n = 0; n < occurrence; n++) from = text.indexOf(expression, from + 1);
  if (spot.file === wanted && spot.from >= from && spot.to <= from + expression.length) return null;
  return `at ${textAt(spot)} (${path.basename(spot.file)}:${spot.from}) instead of ${expression}`;
}

function textAt(spot: Spot | null): string {
  return spot ? readFileSync(spot.file, 'utf8').slice(spot.from, spot.to) : 'nowhere';
}
