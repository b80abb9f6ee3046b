import { ProblemFound, type Span } from './problem';
import { replacedWord, replacedWords } from './replacedWords';

/** The problem of a text that the parser cannot read, in words of this language instead of JavaScript's. */
export function syntaxProblem(text: string, thrown: unknown): ProblemFound {
  const { pos, reasonCode } = thrown as { readonly pos?: number; readonly reasonCode?: string };
  if (typeof pos !== 'number') throw thrown;
  if (text.trim() === '')
    return new ProblemFound({ from: 0, to: text.length }, 'Write an expression, such as loss > 1.');
  const word = wordAt(text, pos) ?? wordBefore(text, pos);
  if (word) return replacedWord(text.slice(word.from, word.to), word);
  const after = wholeNumberName(text, pos);
  if (after) return after;
  if (reasonCode === 'UnexpectedTokenUnaryExponentiation')
    return new ProblemFound(
      unexpectedAt(text, pos),
      'It is not clear whether - or ** comes first. Write -(x ** 2) or (-x) ** 2.',
    );
  if (reasonCode === 'UnterminatedString')
    return new ProblemFound({ from: pos, to: text.length }, 'The closing quotation mark is missing.');
  if (pos >= text.trimEnd().length)
    return new ProblemFound(
      { from: text.length, to: text.length },
      'The expression is not complete: something is missing at its end.',
    );
  if (text.startsWith('..', pos) || text.startsWith('..', pos - 1))
    return new ProblemFound(
      { from: pos, to: pos + 1 },
      'Write a range of coordinates as a text: params["w[0..3]"].',
    );
  // The position of a regular expression is that after its slash.
  const unexpected = unexpectedAt(text, reasonCode === 'UnterminatedRegExp' ? pos - 1 : pos);
  const shown = text.slice(unexpected.from, unexpected.to);
  return new ProblemFound(
    unexpected,
    `${/[\p{Z}\p{C}]/u.test(shown) ? 'This character' : shown} is not expected here. Write an expression such as loss > 2 * best.`,
  );
}

/** The word or the character at a position. */
function unexpectedAt(text: string, pos: number): Span {
  const [found] = /^(?:[\p{ID_Continue}$]+|.)/su.exec(text.slice(pos))!;
  return { from: pos, to: pos + found.length };
}

/** The word or sign of another language that begins at a position; null if there is none. */
function wordAt(text: string, pos: number): Span | null {
  const [word] = /^(?:[a-z]+\b|.)/u.exec(text.slice(pos)) ?? [];
  return word !== undefined && Object.hasOwn(replacedWords, word)
    ? { from: pos, to: pos + word.length }
    : null;
}

/** The same that ends before a position. */
function wordBefore(text: string, pos: number): Span | null {
  const [found, word] = /\b([a-z]+)\s*$/.exec(text.slice(0, pos)) ?? [];
  if (found === undefined || !Object.hasOwn(replacedWords, word!)) return null;
  const from = pos - found.length;
  return { from, to: from + word!.length };
}

/** `update.0.weight`: a name that begins with a digit, which JavaScript's syntax does not have. */
function wholeNumberName(text: string, pos: number): ProblemFound | null {
  const [name] = /^\.\d[\w.]*/.exec(text.slice(pos)) ?? [];
  if (name === undefined || !/[\w\])]$/.test(text.slice(0, pos))) return null;
  return new ProblemFound(
    { from: pos, to: pos + name.length },
    `Write ["${name.slice(1)}"] for a name that begins with a digit.`,
  );
}
