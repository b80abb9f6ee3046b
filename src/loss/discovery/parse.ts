import type { PartialParse, Tree } from '@lezer/common';
import { languageOf } from '../language';
import { startJavascriptParse } from './javascript/syntaxTree';
import { startPythonParse } from './python/syntaxTree';

/** Starts an incremental parse in the language of a file: each call of `advance` parses a part of the text. */
export function startParse(text: string, file: string): PartialParse {
  switch (languageOf(file)) {
    case 'python':
      return startPythonParse(text);
    case 'javascript':
      return startJavascriptParse(text, file);
  }
}

/** Parses a text, which may be incomplete, in the language of its file. Never throws. */
export function parseSource(text: string, file: string): Tree {
  const parse = startParse(text, file);
  for (;;) {
    const tree = parse.advance();
    if (tree) return tree;
  }
}
