import { LineMap } from '../../places/lineMap';
import type { Span } from '../annotationValue';

/** Comments and strings, complete or not, in the order in which Python reads them. */
const pieces =
  /#[^\r\n]*|("""|''')(?:\\[\s\S]|(?!\1)[^\\])*(?:\1|$)|"(?:\\[\s\S]|[^"\\\r\n])*"?|'(?:\\[\s\S]|[^'\\\r\n])*'?/g;

/**
 * The block of `#` lines or the string with its quotes around an offset, if it contains `adamscope:`. It is found without a syntax
 * tree, so a string need not be a docstring.
 */
export function commentAt(text: string, file: string, offset: number): Span | null {
  if (!/adamscope:/i.test(text)) return null;
  for (const { 0: piece, 1: quotes, index } of text.matchAll(pieces)) {
    if (index >= offset) return null;
    const end = index + piece.length;
    const isComment = piece.startsWith('#');
    const isClosed = !isComment && piece.length > 1 && piece.endsWith(piece[0]!);
    const inner = isClosed ? end - (quotes?.length ?? 1) : end;
    if (offset > end) continue;
    if (offset > inner) return null;
    const span = isComment
      ? blockAround(new LineMap(file, text), index, end)
      : { from: withPrefix(text, index), to: end };
    return /adamscope:/i.test(text.slice(span.from, span.to)) ? span : null;
  }
  return null;
}

/** The comment with those alone in the lines directly above and below it. */
function blockAround(lines: LineMap, from: number, to: number): Span {
  const { line } = lines.position(from);
  const hashOf = (each: number) => {
    const start = lines.offset(each, 1);
    const indent = /^[ \t]*(?=#)/.exec(lines.text.slice(start, lines.lineEnd(start)));
    return indent && each >= 1 && each <= lines.lineCount ? start + indent[0].length : null;
  };
  // A comment after code is alone.
  if (hashOf(line) !== from) return { from, to };
  const block = { from, to };
  for (let above = line - 1, hash = hashOf(above); hash !== null; hash = hashOf(--above)) block.from = hash;
  for (let below = line + 1, hash = hashOf(below); hash !== null; hash = hashOf(++below))
    block.to = lines.lineEnd(hash);
  return block;
}

/** The start of a string with its prefix. */
function withPrefix(text: string, quote: number): number {
  return quote - /(?<!\w)[rRuU]?$/.exec(text.slice(Math.max(0, quote - 3), quote))![0].length;
}
