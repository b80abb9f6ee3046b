import type { SyntaxNode } from '@lezer/common';
import type { SourceLocation } from '../../core/sourceLocation';
import { withPlainLineEnds } from '../discovery/sameLoss';
import { parseTolerantly } from '../discovery/syntaxTree';
import { LineMap } from './lineMap';

/**
 * Where a place of an earlier text stands now: it moves with the top-level statement around it.
 *
 * @returns null if that statement has changed, cannot be told from another of the same text, or was none
 */
export function movedPlace(location: SourceLocation, before: string, now: string): SourceLocation | null {
  const then = new LineMap(location.file, withPlainLineEnds(before));
  const today = new LineMap(location.file, withPlainLineEnds(now));
  if (then.text === today.text) return location;
  const { from, to } = then.range(location);
  const around = statementAround(then, from, to);
  if (!around) return null;
  const piece = then.text.slice(around.from, around.to);
  const places = placesOf(piece, then.text);
  const placesToday = placesOf(piece, today.text);
  if (places.length !== placesToday.length) return null;
  const moved = placesToday[places.indexOf(around.from)]! - around.from;
  return today.location(from + moved, to + moved);
}

function statementAround({ text, file }: LineMap, from: number, to: number): SyntaxNode | null {
  const { topNode } = parseTolerantly(text, file);
  for (let child = topNode.firstChild; child; child = child.nextSibling)
    if (child.from <= from && child.to >= to && child.to > child.from) return child;
  return null;
}

/** Every offset at which a piece, which is not empty, stands in a text. */
function placesOf(piece: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) places.push(at);
  return places;
}
