import { ProblemFound, type Span } from './problem';

/** Words and signs of other languages, and what to write instead. */
export const replacedWords: { readonly [word: string]: string } = {
  and: '&&',
  or: '||',
  not: '!',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '×': '*',
  '÷': '/',
  '−': '-',
};

export function replacedWord(word: string, span: Span): ProblemFound {
  return new ProblemFound(span, `Write ${replacedWords[word]} instead of ${word}.`);
}
