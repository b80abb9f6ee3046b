import { LineMap } from '../places/lineMap';
import { lossNamed } from './discover';

/**
 * Whether two texts of a loss, each with its comment, are the same loss: the same code, and an annotation that says the
 * same. Line ends, and what else a comment says, make no difference.
 */
export function isSameLoss(before: string, now: string, file: string, name: string): boolean {
  if (withPlainLineEnds(before) === withPlainLineEnds(now)) return true;
  const meaning = meaningOf(before, file, name);
  return meaning !== null && meaning === meaningOf(now, file, name);
}

/** All line ends as `\n`: lines and columns stay as they are. */
export function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** null where a text does not stand by itself: a method, the second name of a declaration. */
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
