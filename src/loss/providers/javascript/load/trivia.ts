/**
 * The first offset at or after `from` that is neither white space nor in a comment.
 *
 * @param isScript  scripts, unlike modules, also have the comments `<!-- …` and, at the start of a line, `--> …`
 */
export function skipTrivia(text: string, from: number, isScript = false): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    const isHtml =
      isScript && (text.startsWith('<!--', at) || (text.startsWith('-->', at) && startsLine(text, from, at)));
    if (isHtml || text.startsWith('//', at)) {
      const end = text.slice(at).search(/[\r\n\u2028\u2029]/);
      at = end < 0 ? text.length : at + end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else {
      return at;
    }
  }
}

function startsLine(text: string, from: number, at: number): boolean {
  return hasLineEnd(text, from, at) || /(?:^|[\r\n\u2028\u2029])\s*$/.test(text.slice(0, at));
}

/**
 * The first offset of a character at or after `from` and before `to`, outside comments; -1 if there is none.
 */
export function findOutsideComments(text: string, character: string, from: number, to: number): number {
  let at = skipTrivia(text, from);
  while (at < to) {
    if (text[at] === character) return at;
    at = skipTrivia(text, at + 1);
  }
  return -1;
}

export function hasLineEnd(text: string, from: number, to: number): boolean {
  return /[\r\n\u2028\u2029]/.test(text.slice(from, to));
}
