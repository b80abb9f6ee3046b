import { shownText } from '../core/shownText';

/** A message of someone else's in one line: every complaint on stderr is one. */
export function oneLine(text: string): string {
  return shownText(text.trim()).replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}
