/** A program as tokens and choices of its layout: what is printed between, around and in the place of them is decided later. */
export type Piece = Token | Slot | Mark | Types;

/** One token of JavaScript. A part of a template literal is a token too. */
export interface Token {
  readonly kind: 'token';
  readonly text: string;
}

/** An expression in its place. It may get parentheses that change nothing, and types. */
export interface Slot {
  readonly kind: 'slot';
  readonly expression: Expression;
  /** The lowest precedence that stands here without parentheses. */
  readonly least: number;
}

/** `glue`: no line may end here. `end`: the end of a statement or class field. */
export interface Mark {
  readonly kind: 'glue' | 'end';
}

/** Tokens that only TypeScript has. */
export interface Types {
  readonly kind: 'types';
  readonly tokens: readonly Token[];
}

export interface Expression {
  readonly precedence: number;
  readonly pieces: readonly Piece[];
}

/** Precedences as in ECMA-262. */
export const level = {
  comma: 0,
  assignment: 1,
  conditional: 2,
  coalesce: 3,
  or: 4,
  and: 5,
  bitOr: 6,
  bitXor: 7,
  bitAnd: 8,
  equality: 9,
  relation: 10,
  shift: 11,
  sum: 12,
  product: 13,
  power: 14,
  unary: 15,
  update: 16,
  call: 17,
  primary: 18,
} as const;

type Part = string | Piece | readonly Piece[];

/**
 * Pieces from a template: words of the text are tokens, except `~` for glue, `;;` for the end of a statement, and
 * `‹ … ›` around types.
 */
export function pieces(texts: TemplateStringsArray, ...parts: readonly Part[]): Piece[] {
  const found: Piece[] = [];
  texts.raw.forEach((text, index) => {
    found.push(...piecesOf(text));
    const part = parts[index];
    if (part === undefined) return;
    if (typeof part === 'string') found.push(...piecesOf(part));
    else if (Array.isArray(part)) found.push(...(part as readonly Piece[]));
    else found.push(part as Piece);
  });
  return found;
}

/** The same as an expression of a precedence. */
export function expression(precedence: number) {
  return (texts: TemplateStringsArray, ...parts: readonly Part[]): Expression => ({
    precedence,
    pieces: pieces(texts, ...parts),
  });
}

export function slot(of: Expression, least: number): Slot {
  return { kind: 'slot', expression: of, least };
}

export function token(text: string): Token {
  return { kind: 'token', text };
}

function piecesOf(text: string): Piece[] {
  const found: Piece[] = [];
  let types: Token[] | null = null;
  for (const word of text.split(/\s+/)) {
    if (word === '') continue;
    if (word === '‹') types = [];
    else if (word === '›') {
      found.push({ kind: 'types', tokens: types! });
      types = null;
    } else if (types) types.push(token(word));
    else if (word === '~') found.push({ kind: 'glue' });
    else if (word === ';;') found.push({ kind: 'end' });
    else found.push(token(word));
  }
  return found;
}
