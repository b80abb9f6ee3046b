import type { SyntaxNode } from '@lezer/common';
import type { SourceLocation } from '../../core/sourceLocation';
import { parseSource } from '../discovery/parse';
import { withPlainLineEnds } from '../discovery/sameLoss';
import { LineMap } from './lineMap';

/**
 * The current location of a location in an earlier text. It moves with the top-level statement that encloses
 * it.
 *
 * @returns null if no statement encloses the location, or the statement has changed or cannot be identified
 */
export function movedPlace(location: SourceLocation, before: string, now: string): SourceLocation | null {
  const linesBefore = new LineMap(location.file, withPlainLineEnds(before));
  const linesNow = new LineMap(location.file, withPlainLineEnds(now));
  if (linesBefore.text === linesNow.text) return location;
  const { from, to } = linesBefore.range(location);
  const statement = enclosingStatement(linesBefore, from, to);
  if (!statement) return null;
  const piece = linesBefore.text.slice(statement.from, statement.to);
  const offsetsBefore = offsetsOf(piece, linesBefore.text);
  const offsetsNow = offsetsOf(piece, linesNow.text);
  if (offsetsBefore.length !== offsetsNow.length) return null;
  const moved = offsetsNow[offsetsBefore.indexOf(statement.from)]! - statement.from;
  return linesNow.location(from + moved, to + moved);
}

function enclosingStatement({ text, file }: LineMap, from: number, to: number): SyntaxNode | null {
  const { topNode } = parseSource(text, file);
  for (let child = topNode.firstChild; child; child = child.nextSibling)
    if (child.from <= from && child.to >= to && child.to > child.from) return child;
  return null;
}

/** All offsets at which a text contains a piece, which must not be empty. */
function offsetsOf(piece: string, text: string): number[] {
  const offsets: number[] = [];
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) offsets.push(at);
  return offsets;
}
