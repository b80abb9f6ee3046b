/** The index after the string, the bracketed text or the single character at an index. */
export function skipToken(text: string, index: number): number {
  return stringEnd(text, index) ?? bracketEnd(text, index) ?? index + 1;
}

/** The index after the string that begins at an index; null if none begins there, or if it is not closed. */
export function stringEnd(text: string, index: number): number | null {
  const quote = text[index];
  // An apostrophe within a word begins no string.
  if ((quote !== '"' && quote !== "'") || /\w/.test(text[index - 1] ?? '')) return null;
  for (let at = index + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return null;
}

/** The index after the bracket that closes the one at an index; null if there is none, or if it is not closed. */
function bracketEnd(text: string, index: number): number | null {
  if (!/[([{]/.test(text[index] ?? '')) return null;
  let depth = 0;
  for (let at = index; at < text.length; ) {
    if (/[([{]/.test(text[at]!)) depth++;
    if (/[)\]}]/.test(text[at]!) && --depth === 0) return at + 1;
    at = stringEnd(text, at) ?? at + 1;
  }
  return null;
}
