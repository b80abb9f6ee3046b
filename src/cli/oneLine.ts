/** A message of someone else's in one line: every complaint on stderr is one. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}
