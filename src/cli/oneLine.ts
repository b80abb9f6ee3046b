import { shownText } from '../core/shownText';

/** Joins the lines of a message from other code, because every error on stderr is one line. */
export function oneLine(text: string): string {
  return shownText(text.trim()).replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}
