import { LineMap } from '../places/lineMap';
import { lossNamed } from './discover';

/**
 * Whether two texts of a loss, each with its comment, have the same code and equivalent annotations. Line
 * breaks and the rest of the comment are ignored.
 */
export function isSameLoss(before: string, now: string, file: string, name: string): boolean {
  if (withPlainLineEnds(before) === withPlainLineEnds(now)) return true;
  const meaning = meaningOf(before, file, name);
  return meaning !== null && meaning === meaningOf(now, file, name);
}

/** Converts all line breaks to `\n`. Lines and columns do not change. */
export function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** A text that is equal for equivalent losses; null if the text cannot be read alone, such as a method. */
function meaningOf(text: string, file: string, name: string): string | null {
  const plain = withPlainLineEnds(text);
  const loss = lossNamed(plain, file, name);
  if (!loss) return null;
  const { from } = new LineMap(file, plain).range(loss.statement);
  const { patch, gradient, problems } = loss.annotation ?? { patch: {}, gradient: null, problems: [] };
  if (problems.length > 0) return null;
  return JSON.stringify([plain.slice(from).trimEnd(), gradient, patch], inOrder);
}

function inOrder(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
