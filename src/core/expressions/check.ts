import { nearest } from '../config/nearest';
import { type Checked, type Domain, isCondition } from './checked';
import type { BinaryOperator, ExpressionNode, UnaryOperator } from './expression';
import { type FunctionKind, functionNames, functions, isFunctionName } from './functions';
import { ProblemFound } from './problem';
import { replacedWord, replacedWords } from './replacedWords';
import { resolvePath, writtenCoordinate } from './resolvePath';
import type { StepNames } from './stepNames';
import type { Syntax } from './syntax';

type Of<K extends Syntax['kind']> = Extract<Syntax, { readonly kind: K }>;

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);

/** Finds the names and the types of an expression. */
export class Checker {
  readonly #text: string;
  readonly #names: StepNames;

  constructor(text: string, names: StepNames) {
    this.#text = text;
    this.#names = names;
  }

  /** @throws ProblemFound if a name does not exist, or an operator or a function does not take what it gets */
  check(syntax: Syntax): Checked {
    switch (syntax.kind) {
      case 'number': {
        const { value, from, to } = syntax;
        return { node: { kind: 'constant', value }, type: 'number', domain: null, from, to };
      }
      case 'path':
        return resolvePath(syntax, this.#names, (index) => this.#number(this.check(index)));
      case 'unary':
        return this.#unary(syntax);
      case 'binary':
        return this.#binary(syntax);
      case 'choice':
        return this.#choice(syntax);
      case 'call':
        return this.#call(syntax);
    }
  }

  /** The node of a condition. */
  condition(syntax: Syntax): ExpressionNode {
    return this.#condition(this.check(syntax)).node;
  }

  #unary({ operator, of, from, to }: Of<'unary'>): Checked {
    const operand = this.check(of);
    if (operator === '!') {
      if (!isCondition(operand)) throw this.#noCondition(operand);
      return mapped('!', operand, operand.type, { from, to });
    }
    this.#numeric(operand, operator);
    return operator === '-' ? mapped('-', operand, operand.type, { from, to }) : { ...operand, from, to };
  }

  #binary({ operator, left, right, from, to }: Of<'binary'>): Checked {
    const [a, b] = [this.check(left), this.check(right)];
    if (operator === '&&' || operator === '||') {
      for (const each of [a, b]) if (!isCondition(each)) throw this.#noCondition(each);
      return this.#combined(operator, a, b, true, { from, to });
    }
    if (comparisons.has(operator)) {
      if (isCondition(a) && left.kind === 'binary' && comparisons.has(left.operator)) {
        const middle = this.#written(left.right);
        throw new ProblemFound(
          { from, to },
          `Write two comparisons: ${this.#written(left)} && ${middle} ${operator} ${this.#written(right)}.`,
        );
      }
      for (const each of [a, b]) this.#numeric(each, operator);
      return this.#combined(operator, a, b, true, { from, to });
    }
    for (const each of [a, b]) this.#numeric(each, operator);
    return this.#combined(operator, a, b, false, { from, to });
  }

  #choice({ test, whenTrue, whenFalse, from, to }: Of<'choice'>): Checked {
    const whether = this.#condition(this.check(test));
    const [a, b] = [this.check(whenTrue), this.check(whenFalse)];
    if (a.type !== b.type || a.domain?.count !== b.domain?.count)
      throw new ProblemFound(
        { from: whenTrue.from, to: whenFalse.to },
        `Both results of ?: must be of one kind: ${this.#written(whenTrue)} is ${kindOf(a)}, and ${this.#written(whenFalse)} is ${kindOf(b)}.`,
      );
    const domain = commonDomain(a, b);
    const node = {
      kind: 'choice',
      test: whether.node,
      whenTrue: a.node,
      whenFalse: b.node,
      isVector: domain !== null,
    } as const;
    return { node, type: a.type, domain, from, to };
  }

  #call(call: Of<'call'>): Checked {
    const { name, nameSpan, from, to } = call;
    if (!isFunctionName(name)) {
      if (Object.hasOwn(replacedWords, name)) throw replacedWord(name, nameSpan);
      const near = nearest(name, functionNames);
      throw new ProblemFound(
        nameSpan,
        `There is no function ${name}.${near ? ` Did you mean ${near}?` : ''} Functions: ${functionNames.join(', ')}.`,
      );
    }
    const takes: FunctionKind = functions[name];
    const span = { from, to };
    if (takes.kind === 'least' && call.arguments.length > 1)
      return call.arguments
        .map((each) => this.#numeric(this.check(each), name))
        .reduce((a, b) => this.#combined(takes.operator, a, b, false, span));
    const [only, second] = call.arguments;
    if (only === undefined || second !== undefined)
      throw new ProblemFound(
        second === undefined ? span : { from: second.from, to: call.arguments.at(-1)!.to },
        `${name} takes one value${takes.kind === 'least' ? ' or more' : ''}, such as ${exampleOf(name)}.`,
      );
    const of = this.check(only);
    if (takes.kind === 'each') {
      this.#numeric(of, name);
      return mapped(takes.operator, of, of.type, span);
    }
    if (takes.kind === 'test') {
      this.#numeric(of, name);
      return mapped(takes.operator, of, of.domain ? 'booleans' : 'boolean', span);
    }
    if (of.domain === null)
      throw new ProblemFound(
        of,
        `${this.#written(only)} is one value. ${name} takes those of several coordinates, such as ${exampleOf(name)}.`,
      );
    if (takes.kind === 'fold') {
      if (takes.takes === 'numbers') this.#numeric(of, name);
      if (takes.takes === 'booleans' && !isCondition(of))
        throw new ProblemFound(
          of,
          `${name} takes a comparison, and ${this.#written(only)} has ${of.domain.count} numbers. Write ${name}(abs(${this.#written(only)}) > 1).`,
        );
      const type = takes.fold === 'any' || takes.fold === 'all' ? 'boolean' : 'number';
      return { node: { kind: 'fold', fold: takes.fold, of: of.node }, type, domain: null, ...span };
    }
    this.#numeric(of, name);
    if (takes.kind === 'least')
      return {
        node: { kind: 'fold', fold: takes.operator, of: of.node },
        type: 'number',
        domain: null,
        ...span,
      };
    const { first } = of.domain;
    if (first === null) throw new ProblemFound(of, 'argmax takes numbers of the same coordinates.');
    return { node: { kind: 'position', of: of.node, from: first }, type: 'number', domain: null, ...span };
  }

  #combined(
    operator: BinaryOperator,
    a: Checked,
    b: Checked,
    isTest: boolean,
    span: { from: number; to: number },
  ): Checked {
    if (a.domain && b.domain && a.domain.count !== b.domain.count)
      throw new ProblemFound(
        span,
        `${operator} takes equally many numbers, or one: ${this.#written(a)} has ${a.domain.count}, and ${this.#written(b)} has ${b.domain.count}.`,
      );
    const domain = commonDomain(a, b);
    const type = domain ? (isTest ? 'booleans' : 'numbers') : isTest ? 'boolean' : 'number';
    return {
      node: { kind: 'binary', operator, left: a.node, right: b.node, isVector: domain !== null },
      type,
      domain,
      ...span,
    };
  }

  /** @throws ProblemFound unless it is a number or several */
  #numeric(checked: Checked, taker: string): Checked {
    if (isCondition(checked))
      throw new ProblemFound(
        checked,
        `${this.#written(checked)} is true or false, and ${taker} takes numbers. ${checked.domain ? `Write count(${this.#written(checked)}) for how often it is true.` : `Write (${this.#written(checked)} ? 1 : 0) for a number.`}`,
      );
    return checked;
  }

  /** @throws ProblemFound unless it is one number */
  #number(checked: Checked): Checked {
    this.#numeric(checked, 'an index');
    if (checked.domain)
      throw new ProblemFound(
        checked,
        `${this.#written(checked)} has ${checked.domain.count} numbers, and an index is one, such as argmax(${this.#written(checked)}).`,
      );
    return checked;
  }

  /** @throws ProblemFound unless it is one condition */
  #condition(checked: Checked): Checked {
    if (checked.type === 'boolean') return checked;
    if (checked.type !== 'booleans') throw this.#noCondition(checked);
    const written = this.#written(checked);
    throw new ProblemFound(
      checked,
      `${written} is true or false for each of ${checked.domain!.count} coordinates: write any(${written}) or all(${written}).`,
    );
  }

  #noCondition(checked: Checked): ProblemFound {
    if (checked.domain) return this.#severalNumbers(checked);
    return new ProblemFound(
      checked,
      `${this.#written(checked)} is a number, and a condition is true or false. Compare it: ${this.#written(checked)} > 1.`,
    );
  }

  #severalNumbers(checked: Checked): ProblemFound {
    const written = this.#written(checked);
    const { recorded, layout } = this.#names;
    const { node, domain } = checked;
    const coordinate =
      node.kind === 'vector'
        ? `, or a coordinate such as ${writtenCoordinate(node.name, recorded.find((each) => each >= node.from)!, layout)}`
        : '';
    return new ProblemFound(
      checked,
      `${written} has ${domain!.count} numbers: write any(abs(${written}) > lr)${coordinate}.`,
    );
  }

  #written({ from, to }: { readonly from: number; readonly to: number }): string {
    return this.#text.slice(from, to);
  }
}

function mapped(
  operator: UnaryOperator,
  { node, domain }: Checked,
  type: Checked['type'],
  span: { readonly from: number; readonly to: number },
): Checked {
  return { node: { kind: 'unary', operator, of: node, isVector: domain !== null }, type, domain, ...span };
}

function commonDomain({ domain: a }: Checked, { domain: b }: Checked): Domain | null {
  if (!a || !b) return a ?? b;
  // Both have equally many coordinates.
  return a.first === b.first ? a : { first: null, count: a.count };
}

function kindOf({ type, domain }: Checked): string {
  const kinds = {
    number: 'a number',
    boolean: 'true or false',
    numbers: `${domain?.count} numbers`,
    booleans: `${domain?.count} times true or false`,
  };
  return kinds[type];
}

function exampleOf(name: string): string {
  if (name === 'any' || name === 'all' || name === 'count') return `${name}(abs(update) > lr)`;
  if (name === 'isnan' || name === 'isfinite') return `${name}(loss)`;
  return name === 'argmax' || name === 'max' ? `${name}(abs(update))` : `${name}(grad)`;
}
