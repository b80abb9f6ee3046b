import type { PartialParse, SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/javascript';

const parsers = {
  typescript: parser.configure({ dialect: 'ts' }),
  typescriptJsx: parser.configure({ dialect: 'ts jsx' }),
  javascript: parser.configure({ dialect: 'jsx' }),
};

/** Parses a text, which may be incomplete. Never throws. */
export function parseTolerantly(text: string, file: string): Tree {
  const parse = startJavascriptParse(text, file);
  for (;;) {
    const tree = parse.advance();
    if (tree) return tree;
  }
}

/** Starts an incremental parse: each call of `advance` parses a part of the text. */
export function startJavascriptParse(text: string, file: string): PartialParse {
  if (/\.[cm]?js$|\.jsx$/i.test(file)) return parsers.javascript.startParse(text);
  // The grammar parses `async <T>(x) => x` as a call of a function named async. Without `async` it is an
  // arrow function.
  const readable = text.replace(/\basync(?=\s*<)/g, '     ');
  return (/\.tsx$/i.test(file) ? parsers.typescriptJsx : parsers.typescript).startParse(readable);
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** The expression inside parentheses, `as` and `satisfies`. */
export function unwrapped(node: SyntaxNode, text: string): SyntaxNode {
  if (node.name === 'ParenthesizedExpression') {
    const inner = childrenOf(node).find((child) => !isPunctuation(child) && !isComment(child));
    return inner ? unwrapped(inner, text) : node;
  }
  if (node.name === 'BinaryExpression') {
    const [left, operator] = childrenOf(node).filter((child) => !isComment(child));
    const word = operator ? text.slice(operator.from, operator.to) : '';
    if (left && (word === 'as' || word === 'satisfies')) return unwrapped(left, text);
  }
  return node;
}

export function isComment(node: SyntaxNode): boolean {
  return node.name === 'BlockComment' || node.name === 'LineComment';
}

export function isPunctuation(node: SyntaxNode): boolean {
  return /^[^\w]+$/.test(node.name) && !node.type.isError;
}

/** A name, or the value of a string literal. */
export function nameIn(written: string): string {
  const [, , inner] = /^(['"])(.*)\1$/s.exec(written) ?? [];
  if (inner === undefined) return written;
  return inner.replace(
    /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|(.))/gi,
    (all, inBraces?: string, unicode?: string, hexadecimal?: string, plain?: string) => {
      if (plain !== undefined) return plainEscapes[plain] ?? plain;
      const code = Number.parseInt(inBraces ?? unicode ?? hexadecimal ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

const plainEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};
