import type { Random } from '../../../src/core/numerics/random';
import { type Expression, level, type Piece, type Token } from './pieces';

/** `plain`: one statement a line, no parentheses, types or comments that are not needed. */
export type Language = 'plain' | 'module' | 'script' | 'typescript';

/** A token with what has to be between it and the token before. */
interface Printed extends Token {
  readonly afterGlue: boolean;
  /** The token is a `;` that a line end can stand for. */
  readonly isEnd: boolean;
}

/**
 * A program as text. The same random numbers give the same text.
 *
 * @param density  the share of places with an unusual layout, 0 to 1
 */
export function print(
  program: readonly Piece[],
  language: Language,
  random: Random,
  density: number,
): string {
  return new Printer(language, random, density).print(program);
}

class Printer {
  readonly #language: Language;
  readonly #random: Random;
  readonly #density: number;
  #tokens: Printed[] = [];
  #isGlued = false;

  constructor(language: Language, random: Random, density: number) {
    this.#language = language;
    this.#random = random;
    this.#density = language === 'plain' ? 0 : density;
  }

  print(program: readonly Piece[]): string {
    this.#flatten(program);
    return this.#joined();
  }

  #is(chance: number): boolean {
    return this.#random() < chance * this.#density;
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  #flatten(list: readonly Piece[]): void {
    for (const piece of list)
      switch (piece.kind) {
        case 'token':
          this.#push(piece.text);
          break;
        case 'glue':
          this.#isGlued = true;
          break;
        case 'end':
          this.#push(';', true);
          break;
        case 'types':
          if (this.#language === 'typescript' && this.#random() < 0.6)
            for (const { text } of piece.tokens) {
              // A line that ends before `as`, `!` or `<` may end the expression.
              this.#isGlued = true;
              this.#push(text);
            }
          break;
        case 'slot':
          this.#expression(piece.expression, piece.least);
          break;
      }
  }

  #push(text: string, isEnd = false): void {
    this.#tokens.push({ kind: 'token', text, afterGlue: this.#isGlued, isEnd });
    this.#isGlued = false;
  }

  #expression(each: Expression, least: number): void {
    const start = this.#tokens.length;
    const glued = this.#isGlued;
    let depth = each.precedence < least ? 1 : 0;
    while (depth < 3 && this.#is(0.3)) depth++;
    const isCast = this.#language === 'typescript' && this.#is(0.1);
    this.#isGlued = depth > 0 || isCast ? false : glued;
    const opened = this.#tokens;
    this.#tokens = [];
    if (isCast) this.#cast(each);
    else this.#flatten(each.pieces);
    const inner = this.#tokens;
    this.#tokens = opened;
    const first = inner[0]?.text;
    // Where a statement or an arrow's body starts, these would start something else.
    const before = opened.at(-1)?.text;
    const startsBody = start === 0 || before === undefined || /^(?:=>|;|\{|\}|\)|:|else|do)$/.test(before);
    if (depth === 0 && startsBody && !isCast && /^(?:\{|function|class|let|async)$/.test(first ?? ''))
      depth = 1;
    if (depth === 0 && isCast) depth = 1;
    for (let i = 0; i < depth; i++) {
      this.#isGlued = i === 0 && glued;
      this.#push('(');
    }
    this.#tokens.push(...inner);
    for (let i = 0; i < depth; i++) this.#push(')');
  }

  /** The tokens of an expression with a type, to be put in parentheses. */
  #cast(each: Expression): void {
    const needsParentheses = each.precedence < level.unary;
    const isNegated = each.precedence === level.unary;
    switch (isNegated ? 0 : Math.floor(this.#random() * 3)) {
      case 0:
        this.#expression(each, level.shift);
        this.#isGlued = true;
        this.#push(this.#one(['as', 'satisfies']));
        this.#push('any');
        return;
      case 1:
        for (const text of ['<', 'any', '>']) this.#push(text);
        this.#expression(each, needsParentheses ? level.primary + 1 : level.unary);
        return;
      default:
        this.#expression(each, level.primary + (each.precedence >= level.call ? 0 : 1));
        this.#isGlued = true;
        this.#push('!');
    }
  }

  #joined(): string {
    let text = '';
    let before = '';
    const list = this.#tokens;
    for (let i = 0; i < list.length; i++) {
      const each = list[i]!;
      const next = list[i + 1];
      if (each.isEnd) {
        if (next?.text === '}' && this.#is(0.6)) continue;
        if (next && endsBefore(next.text) && this.#is(0.6)) {
          text += this.#lineEnd();
          before = '';
          continue;
        }
      }
      text += this.#gap(before, each) + each.text;
      before = each.text;
      if (each.isEnd && this.#language === 'plain') {
        text += '\n';
        before = '';
      }
    }
    return text;
  }

  /** What stands between two tokens. */
  #gap(before: string, { text, afterGlue }: Printed): string {
    if (before === '') return this.#is(0.3) ? this.#trivia(!afterGlue) : '';
    if (this.#language === 'plain') return ' ';
    if (this.#is(0.35)) return (before.endsWith('/') ? ' ' : '') + this.#trivia(!afterGlue);
    if (!needsGap(before, text) && this.#random() < 0.5) return '';
    return ' ';
  }

  #trivia(mayEndLine: boolean): string {
    const count = 1 + Math.floor(this.#random() * 2);
    return Array.from({ length: count }, () => this.#single(mayEndLine)).join('');
  }

  #single(mayEndLine: boolean): string {
    const words = this.#one(commentWords);
    if (!mayEndLine) return this.#one([' ', '\t', `/*${words}*/`, `/* ${words} */ `]);
    const isScript = this.#language === 'script';
    return this.#one([
      ' ',
      this.#lineEnd(),
      `/*${words}*/`,
      `/* ${words}\n ${words} */`,
      `// ${words}${this.#lineEnd()}`,
      `//${words}${this.#lineEnd()}`,
      ...(isScript
        ? [` <!-- ${words}${this.#lineEnd()}`, `${this.#lineEnd()}--> ${words}${this.#lineEnd()}`]
        : []),
    ]);
  }

  #lineEnd(): string {
    return this.#one(['\n', '\n', '\n', '\r\n', '\r', '\u2028']);
  }
}

/** None of them ends a comment. */
const commentWords = [
  '',
  ')',
  '(',
  ', 1)',
  '+',
  '*=',
  '?.',
  '`',
  '${',
  '"',
  "'",
  '//',
  '/*',
  ';',
  '}',
  '{',
  '[0]',
  '= 1',
  'eval',
  'return',
  '\\',
  '=>',
];

/** Whether a line end before a token ends the statement. */
function endsBefore(token: string): boolean {
  if (token === '++' || token === '--') return true;
  return !/^(?:[([`+\-*/%,.<>=&|^?:]|in$|instanceof$|of$|as$|satisfies$)/.test(token);
}

const punctuators = [
  ...[
    '>>>=',
    '...',
    '===',
    '!==',
    '**=',
    '<<=',
    '>>=',
    '>>>',
    '&&=',
    '||=',
    '??=',
    '=>',
    '==',
    '!=',
    '<=',
    '>=',
  ],
  ...[
    '&&',
    '||',
    '??',
    '?.',
    '++',
    '--',
    '+=',
    '-=',
    '*=',
    '/=',
    '%=',
    '&=',
    '|=',
    '^=',
    '<<',
    '>>',
    '**',
    '//',
  ],
  ...['/*', '<!--'],
];

/** Whether two tokens would be read as others without a space between them. */
function needsGap(before: string, after: string): boolean {
  const last = before.at(-1)!;
  const first = after[0]!;
  const isName = (character: string) => /[\w$#\\]/.test(character);
  if (isName(last) && isName(first)) return true;
  if (/^\d+$/.test(before) && first === '.') return true;
  // `<!--` starts a comment in scripts.
  if (before === '!' && after === '--') return true;
  if (isName(last) || isName(first)) return false;
  const both = last === '/' ? last + after : before + after;
  const longest = punctuators.find((each) => both.startsWith(each));
  return longest !== undefined && longest.length > (last === '/' ? 1 : before.length);
}
