/**
 * A formula of an optimizer as a user reads it, written as text: `beta1 * m0 + (1 - beta1) * g`. The text is the only source of
 * a formula: its value, its typeset form and its form with numbers come from it, so they cannot differ.
 *
 *   operators  + - * / ^ (powers), unary -      functions  sqrt(x)  abs(x)  max(x, y)
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly of: readonly Expression[] }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly a: Expression; readonly b: Expression };

type Operator = '+' | '-' | '*' | '/' | '^';
type FunctionName = 'sqrt' | 'abs' | 'max';

const functions: { readonly [N in FunctionName]: (...of: number[]) => number } = {
  sqrt: Math.sqrt,
  abs: Math.abs,
  max: Math.max,
};

const operators: { readonly [O in Operator]: (a: number, b: number) => number } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

const precedence: { readonly [O in Operator]: number } = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 4 };
/** A unary minus binds more tightly than a product, and less than a power. */
const negativePrecedence = 3;

/** @throws SyntaxError if the text is not an expression */
export function parseExpression(text: string): Expression {
  const tokens = text.match(/\d+(?:\.\d+)?(?:e-?\d+)?|\w+|[-+*/^(),]/g) ?? [];
  let at = 0;
  const expect = (token: string) => {
    if (tokens[at++] !== token) throw new SyntaxError(`expected ${token} in ${text}`);
  };
  const primary = (): Expression => {
    const token = tokens[at++];
    if (token === undefined) throw new SyntaxError(`${text} ends too early`);
    if (token === '-') return { kind: 'negative', of: binary(negativePrecedence) };
    if (token === '(') {
      const inner = binary(1);
      expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (!Object.hasOwn(functions, token)) return { kind: 'symbol', name: token };
    expect('(');
    const of = [binary(1)];
    while (tokens[at] === ',') {
      at++;
      of.push(binary(1));
    }
    expect(')');
    return { kind: 'call', name: token as FunctionName, of };
  };
  const binary = (least: number): Expression => {
    let a = primary();
    for (let operator = tokens[at]; isOperator(operator); operator = tokens[at]) {
      const own = precedence[operator];
      if (own < least) break;
      at++;
      a = { kind: 'binary', operator, a, b: binary(own + 1) };
    }
    return a;
  };
  const whole = binary(1);
  if (at < tokens.length) throw new SyntaxError(`unexpected ${tokens[at]} in ${text}`);
  return whole;
}

function isOperator(token: string | undefined): token is Operator {
  return token !== undefined && Object.hasOwn(precedence, token);
}

/** The value, with one rounding for each operation, from left to right. */
export function evaluate(expression: Expression, valueFor: (name: string) => number): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'symbol':
      return valueFor(expression.name);
    case 'negative':
      return -evaluate(expression.of, valueFor);
    case 'call':
      return functions[expression.name](...expression.of.map((each) => evaluate(each, valueFor)));
    case 'binary':
      return operators[expression.operator](
        evaluate(expression.a, valueFor),
        evaluate(expression.b, valueFor),
      );
    default:
      return expression satisfies never;
  }
}

/** How a name or a number is written in TeX. */
export interface TexWords {
  symbol(name: string): string;
  number(value: number): string;
  /** Whether a name is replaced by its number, before which a product needs a sign. */
  readonly withNumbers: boolean;
}

/** The typeset form. A product of a name with itself is written as its square. */
export function toTex(expression: Expression, words: TexWords): string {
  switch (expression.kind) {
    case 'number':
      return words.number(expression.value);
    case 'symbol':
      return words.symbol(expression.name);
    case 'negative':
      return `-${wrapped(expression.of, negativePrecedence, words)}`;
    case 'call':
      return callTex(expression.name, expression.of, words);
    case 'binary':
      return binaryTex(expression, words);
    default:
      return expression satisfies never;
  }
}

function callTex(name: FunctionName, of: readonly Expression[], words: TexWords): string {
  const inner = of.map((each) => toTex(each, words)).join(',\\ ');
  if (name === 'sqrt') return `\\sqrt{${inner}}`;
  return name === 'abs' ? `\\left|${inner}\\right|` : `\\max\\left(${inner}\\right)`;
}

function binaryTex({ operator, a, b }: Extract<Expression, { kind: 'binary' }>, words: TexWords): string {
  switch (operator) {
    case '/':
      return `\\frac{${toTex(a, words)}}{${toTex(b, words)}}`;
    case '^':
      return `${wrapped(a, precedence['^'] + 1, words)}^{${toTex(b, words)}}`;
    case '*':
      return productTex(a, b, words);
    case '+':
    case '-':
      return `${toTex(a, words)} ${operator} ${wrapped(b, precedence[operator] + 1, words)}`;
    default:
      return operator satisfies never;
  }
}

function productTex(a: Expression, b: Expression, words: TexWords): string {
  const sign = words.withNumbers ? ' \\cdot ' : '\\,';
  if (b.kind === 'symbol') {
    const squared = () => `${wrapped(b, precedence['^'] + 1, words)}^2`;
    if (isSymbol(a, b.name)) return squared();
    if (a.kind === 'binary' && a.operator === '*' && isSymbol(a.b, b.name))
      return `${wrapped(a.a, precedence['*'], words)}${sign}${squared()}`;
  }
  return `${wrapped(a, precedence['*'], words)}${sign}${wrapped(b, precedence['*'], words)}`;
}

function isSymbol(expression: Expression, name: string): boolean {
  return expression.kind === 'symbol' && expression.name === name;
}

/** In parentheses if it binds less tightly than what is around it. A fraction and a function need none. */
function wrapped(expression: Expression, least: number, words: TexWords): string {
  const inner = toTex(expression, words);
  const binds =
    expression.kind === 'negative'
      ? negativePrecedence
      : expression.kind === 'binary' && (expression.operator !== '/' || least > negativePrecedence)
        ? precedence[expression.operator]
        : 9;
  const isNegativeNumber = words.withNumbers && expression.kind === 'symbol' && inner.startsWith('-');
  const isPower = words.withNumbers && least > precedence['^'] && /[\\^]/.test(inner);
  return binds < least || isNegativeNumber || isPower ? `\\left(${inner}\\right)` : inner;
}
