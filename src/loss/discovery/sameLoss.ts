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
  const lines = new LineMap(file, plain);
  const { from } = lines.range(loss.statement);
  const { annotation } = loss;
  if (annotation === null) return JSON.stringify([plain.slice(from).trimEnd(), {}, {}], inOrder);
  if (annotation.problems.length > 0) return null;
  // A docstring follows the start of the statement.
  const comment = lines.range(annotation.location);
  const isInside = comment.from >= from;
  const code = isInside ? plain.slice(from, comment.from) + plain.slice(comment.to) : plain.slice(from);
  return JSON.stringify([code.trimEnd(), Object.fromEntries(annotation.words), annotation.patch], inOrder);
}

function inOrder(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
