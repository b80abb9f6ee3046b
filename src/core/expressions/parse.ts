import { parseExpression } from '@babel/parser';
import type { Node } from '@babel/types';
import type { ArithmeticOperator, ComparisonOperator, LogicOperator } from './expression';
import { isFunctionName } from './functions';
import { ProblemFound, type Span } from './problem';
import type { Syntax } from './syntax';
import { syntaxProblem } from './syntaxProblem';

/** A longer text could nest so deeply that a recursive parser overflows its stack. */
const mostCharacters = 1000;
const deepestBrackets = 100;

type Operator = ArithmeticOperator | ComparisonOperator | LogicOperator;

const operators: { readonly [written: string]: Operator } = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '%': '%',
  '**': '**',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '==': '==',
  '===': '==',
  '!=': '!=',
  '!==': '!=',
  '&&': '&&',
  '||': '||',
};

/** What to write instead of operators of JavaScript that the language does not have. */
const replacements: { readonly [written: string]: string } = {
  '^': 'Write ** for a power.',
  '&': 'Write && for "and".',
  '|': 'Write || for "or".',
  '??': 'Write || for "or", or isnan(…) to ask for a missing value.',
};

/** @throws ProblemFound if the text is not an expression */
export function parse(text: string): Syntax {
  if (text.length > mostCharacters)
    throw new ProblemFound(
      { from: mostCharacters, to: text.length },
      `An expression has at most ${mostCharacters} characters.`,
    );
  checkDepth(text);
  let root: ReturnType<typeof parseExpression>;
  try {
    root = parseExpression(text, { createParenthesizedExpressions: false });
  } catch (thrown) {
    throw syntaxProblem(text, thrown);
  }
  const [comment] = root.comments ?? [];
  if (comment)
    throw new ProblemFound(
      spanOf(comment),
      'An expression has no comments, and // does not divide: write / for a division.',
    );
  return converted(root);
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text[at]!)) depth++;
    else if (')]}'.includes(text[at]!)) depth--;
    if (depth > deepestBrackets)
      throw new ProblemFound(
        { from: at, to: at + 1 },
        `Brackets are nested more than ${deepestBrackets} deep.`,
      );
  }
}

function spanOf({ start, end }: { start?: number | null; end?: number | null }): Span {
  return { from: start!, to: end! };
}

type Converters = {
  readonly [T in Node['type']]?: (node: Extract<Node, { readonly type: T }>, span: Span) => Syntax;
};

const converters: Converters = {
  NumericLiteral({ value }, span) {
    if (!Number.isFinite(value)) throw new ProblemFound(span, 'This number is too large.');
    return { kind: 'number', value, ...span };
  },
  Identifier({ name }, span) {
    return { kind: 'path', name, nameSpan: span, parts: [], ...span };
  },
  MemberExpression({ object, property, computed }, span) {
    const base = converted(object);
    if (base.kind !== 'path')
      throw new ProblemFound(base, 'Only a quantity has coordinates, such as update.x or update[3].');
    const part = spanOf(property);
    return { ...base, ...span, parts: [...base.parts, { ...partOf(property, computed), ...part }] };
  },
  UnaryExpression({ operator, argument }, span) {
    if (operator !== '-' && operator !== '+' && operator !== '!') throw unknownOperator(operator, span);
    return { kind: 'unary', operator, of: converted(argument), ...span };
  },
  BinaryExpression({ operator, left, right }, span) {
    return binary(operator, left, right, span);
  },
  LogicalExpression({ operator, left, right }, span) {
    return binary(operator, left, right, span);
  },
  ConditionalExpression({ test, consequent, alternate }, span) {
    const [whether, whenTrue, whenFalse] = [converted(test), converted(consequent), converted(alternate)];
    return { kind: 'choice', test: whether, whenTrue, whenFalse, ...span };
  },
  CallExpression({ callee, arguments: given }, span) {
    if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
      const { name } = callee.property;
      if (isFunctionName(name)) throw new ProblemFound(spanOf(callee), `Write ${name}(…).`);
    }
    if (callee.type !== 'Identifier')
      throw new ProblemFound(spanOf(callee), 'Only a function such as abs(…) can be called.');
    const of = given.map((each) => converted(each));
    return { kind: 'call', name: callee.name, nameSpan: spanOf(callee), arguments: of, ...span };
  },
  StringLiteral(_, span) {
    throw new ProblemFound(span, 'A text is only a name in brackets, such as update["0.weight"].');
  },
  BooleanLiteral(_, span) {
    throw new ProblemFound(span, 'Write a comparison, such as loss > 1.');
  },
  AssignmentExpression({ left, operator }, { to }) {
    const advice = operator === '=' ? 'Write == to compare.' : 'Write a comparison, such as loss > 1.';
    throw new ProblemFound({ from: left.start!, to }, `An expression changes nothing. ${advice}`);
  },
  UpdateExpression(_, span) {
    throw new ProblemFound(span, 'An expression changes nothing. Write - -x, or x + 1.');
  },
  SequenceExpression(_, span) {
    throw new ProblemFound(span, 'Write one expression, without a comma.');
  },
};

function converted(node: Node): Syntax {
  const span = spanOf(node);
  const convert = Object.hasOwn(converters, node.type)
    ? (converters[node.type] as (node: Node, span: Span) => Syntax)
    : null;
  if (convert) return convert(node, span);
  throw new ProblemFound(
    span,
    'This is not possible in an expression. It may have numbers, names, operators and functions such as abs(…).',
  );
}

function binary(written: string, left: Node, right: Node, span: Span): Syntax {
  const operator = Object.hasOwn(operators, written) ? operators[written]! : null;
  if (operator === null) throw unknownOperator(written, { from: left.start!, to: right.end! });
  return { kind: 'binary', operator, left: converted(left), right: converted(right), ...span };
}

function unknownOperator(written: string, span: Span): ProblemFound {
  const advice = Object.hasOwn(replacements, written)
    ? replacements[written]!
    : `Operators are ${[...new Set(Object.values(operators))].join(' ')} ! and ?:.`;
  return new ProblemFound(span, `An expression has no ${written}. ${advice}`);
}

function partOf(
  property: Node,
  isComputed: boolean,
): { kind: 'name'; name: string } | { kind: 'index'; index: Syntax } {
  if (!isComputed && property.type === 'Identifier') return { kind: 'name', name: property.name };
  if (property.type === 'StringLiteral') return { kind: 'name', name: property.value };
  return { kind: 'index', index: converted(property) };
}
