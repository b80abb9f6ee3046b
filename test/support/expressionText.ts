import type { PathPart, Syntax } from '../../src/core/expressions/syntax';

/** A tree without the places of its parts, for comparisons. */
export function withoutSpans(syntax: unknown): unknown {
  if (Array.isArray(syntax)) return syntax.map(withoutSpans);
  if (typeof syntax !== 'object' || syntax === null) return syntax;
  return Object.fromEntries(
    Object.entries(syntax)
      .filter(([key]) => key !== 'from' && key !== 'to' && key !== 'nameSpan')
      .map(([key, value]) => [key, withoutSpans(value)]),
  );
}

/** How tightly each operator binds. */
const precedence: { readonly [operator: string]: number } = {
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '**': 9,
};
const ofChoice = 1;
const ofUnary = 8;
const ofPower = precedence['**']!;
const ofAtom = 10;

/** An expression as text, with as few parentheses as possible. */
export function expressionText(syntax: Syntax): string {
  switch (syntax.kind) {
    case 'number':
      return String(syntax.value);
    case 'path':
      return syntax.name + syntax.parts.map(partText).join('');
    case 'unary': {
      // -x ** 2 is not an expression.
      const of =
        bindingOf(syntax.of) === ofPower ? `(${expressionText(syntax.of)})` : within(syntax.of, ofUnary);
      return of.startsWith(syntax.operator) ? `${syntax.operator} ${of}` : syntax.operator + of;
    }
    case 'binary': {
      const own = precedence[syntax.operator]!;
      // A power is computed from the right, and its left side has no sign.
      const [left, right] = syntax.operator === '**' ? [ofAtom, ofUnary] : [own, own + 1];
      return `${within(syntax.left, left)} ${syntax.operator} ${within(syntax.right, right)}`;
    }
    case 'choice': {
      const [test, whenTrue, whenFalse] = [
        within(syntax.test, ofChoice + 1),
        within(syntax.whenTrue, ofChoice),
        within(syntax.whenFalse, ofChoice),
      ];
      return `${test} ? ${whenTrue} : ${whenFalse}`;
    }
    case 'call':
      return `${syntax.name}(${syntax.arguments.map(expressionText).join(', ')})`;
  }
}

function partText(part: PathPart): string {
  if (part.kind === 'index') return `[${expressionText(part.index)}]`;
  return /^[a-z]+$/.test(part.name) ? `.${part.name}` : `[${JSON.stringify(part.name)}]`;
}

function within(syntax: Syntax, least: number): string {
  const text = expressionText(syntax);
  return bindingOf(syntax) < least ? `(${text})` : text;
}

function bindingOf(syntax: Syntax): number {
  if (syntax.kind === 'binary') return precedence[syntax.operator]!;
  if (syntax.kind === 'unary') return ofUnary;
  return syntax.kind === 'choice' ? ofChoice : ofAtom;
}
