import type {
  BlockStatement,
  ClassDeclaration,
  Expression,
  Function as FunctionNode,
  Node,
  PatternLike,
  Program,
} from '@babel/types';
import { directionComponent } from '../../../../src/autodiff/ties';

/**
 * Runs JavaScript on numbers that carry their derivatives (forward mode), by interpreting the syntax tree.
 * Its derivative formulas are independent of the table under test.
 */
export class Dual {
  readonly value: number;
  readonly tangent: readonly number[];

  constructor(value: number, tangent: readonly number[]) {
    this.value = value;
    this.tangent = tangent;
  }
}

export interface DualResult {
  readonly value: number;
  /** At ties the mean of the gradients just ahead and just behind, along the direction of ties.ts. */
  readonly gradient: number[];
  /** Whether operands of a kink were equal. */
  readonly isTie: boolean;
}

/** Decides ties: the derivative of an operand along it. */
let direction: readonly number[] = [];
let isTie = false;
/** Whether the direction decided a tie: the slopes of the operands differ. */
let hasDecided = false;

function decided(matters: boolean): void {
  isTie = true;
  hasDecided ||= matters;
}

function slopeOf(x: unknown): number {
  return x instanceof Dual ? x.tangent.reduce((sum, each, k) => sum + times(each, direction[k]!), 0) : 0;
}

type Callable = (...args: unknown[]) => unknown;
/** A user value with any string or number as key. */
type Anything = Record<string | number, unknown>;

export function runDual(
  program: Program,
  name: string,
  params: readonly number[],
  context: object,
): DualResult {
  const ahead = piece(program, name, params, context, 1);
  if (!hasDecided) return ahead;
  const behind = piece(program, name, params, context, -1);
  return { ...ahead, gradient: ahead.gradient.map((each, k) => (each + behind.gradient[k]!) / 2) };
}

function piece(
  program: Program,
  name: string,
  params: readonly number[],
  context: object,
  side: 1 | -1,
): DualResult {
  direction = params.map((_, k) => side * directionComponent(k));
  hasDecided = false;
  isTie = false;
  const dim = params.length;
  const module = new Scope(null);
  for (const [key, value] of Object.entries(globals())) module.declare(key, value);
  const inner = new Scope(module);
  const list = program.body.map((each) =>
    each.type === 'ExportNamedDeclaration' && each.declaration ? each.declaration : each,
  );
  runList(list, inner);
  const duals = params.map(
    (value, k) =>
      new Dual(
        value,
        params.map((_, j) => (j === k ? 1 : 0)),
      ),
  );
  const result = (inner.get(name) as Callable)(duals, context);
  return result instanceof Dual
    ? { value: result.value, gradient: [...result.tangent], isTie }
    : { value: result as number, gradient: new Array<number>(dim).fill(0), isTie };
}

class Scope {
  readonly #names = new Map<string, unknown>();
  readonly #parent: Scope | null;

  constructor(parent: Scope | null) {
    this.#parent = parent;
  }

  declare(name: string, value: unknown): void {
    this.#names.set(name, value);
  }

  get(name: string): unknown {
    if (this.#names.has(name)) return this.#names.get(name);
    if (!this.#parent) throw new Error(`${name} is not defined`);
    return this.#parent.get(name);
  }

  set(name: string, value: unknown): void {
    if (this.#names.has(name)) this.#names.set(name, value);
    else this.#parent!.set(name, value);
  }
}

type Exit =
  | { readonly kind: 'return'; readonly value: unknown }
  | { readonly kind: 'break' | 'continue'; readonly label: string | null };

function runList(list: readonly Node[], scope: Scope): Exit | null {
  for (const each of list) {
    if (each.type === 'FunctionDeclaration') scope.declare(each.id!.name, functionValue(each, scope));
    if (each.type === 'ClassDeclaration') scope.declare(each.id!.name, classValue(each, scope));
  }
  for (const each of list) {
    const exit = run(each, scope);
    if (exit) return exit;
  }
  return null;
}

function run(node: Node, scope: Scope, label: string | null = null): Exit | null {
  switch (node.type) {
    case 'VariableDeclaration':
      for (const { id, init } of node.declarations)
        bind(
          id as PatternLike,
          init ? evaluate(init, scope) : undefined,
          (name, value) => scope.declare(name, value),
          scope,
        );
      return null;
    case 'ExpressionStatement':
      evaluate(node.expression, scope);
      return null;
    case 'BlockStatement':
      return runList(node.body, new Scope(scope));
    case 'IfStatement':
      if (plain(evaluate(node.test, scope))) return run(node.consequent, scope);
      return node.alternate ? run(node.alternate, scope) : null;
    case 'ReturnStatement':
      return { kind: 'return', value: node.argument ? evaluate(node.argument, scope) : undefined };
    case 'BreakStatement':
      return { kind: 'break', label: node.label?.name ?? null };
    case 'ContinueStatement':
      return { kind: 'continue', label: node.label?.name ?? null };
    case 'LabeledStatement': {
      const exit = run(node.body, scope, node.label.name);
      return exit?.kind === 'break' && exit.label === node.label.name ? null : exit;
    }
    case 'ThrowStatement':
      throw evaluate(node.argument, scope);
    case 'SwitchStatement': {
      const value = plain(evaluate(node.discriminant, scope));
      let at = node.cases.findIndex(({ test }) => test && plain(evaluate(test, scope)) === value);
      if (at < 0) at = node.cases.findIndex(({ test }) => !test);
      const inner = new Scope(scope);
      for (const { consequent } of at < 0 ? [] : node.cases.slice(at)) {
        const exit = runList(consequent, inner);
        if (exit?.kind === 'break' && exit.label === null) return null;
        if (exit) return exit;
      }
      return null;
    }
    case 'ForStatement': {
      const head = new Scope(scope);
      if (node.init)
        node.init.type === 'VariableDeclaration' ? run(node.init, head) : evaluate(node.init, head);
      const step = () => node.update && evaluate(node.update, head);
      for (; !node.test || plain(evaluate(node.test, head)); step()) {
        const exit = run(node.body, head);
        if (exit && !goesOn(exit, label)) return ends(exit, label);
      }
      return null;
    }
    case 'ForOfStatement': {
      for (const item of evaluate(node.right, scope) as Iterable<unknown>) {
        const inner = new Scope(scope);
        if (node.left.type !== 'VariableDeclaration') throw new Error('for-of without a declaration');
        bind(
          node.left.declarations[0]!.id as PatternLike,
          item,
          (name, value) => inner.declare(name, value),
          inner,
        );
        const exit = run(node.body, inner);
        if (exit && !goesOn(exit, label)) return ends(exit, label);
      }
      return null;
    }
    case 'WhileStatement':
      while (plain(evaluate(node.test, scope))) {
        const exit = run(node.body, scope);
        if (exit && !goesOn(exit, label)) return ends(exit, label);
      }
      return null;
    case 'DoWhileStatement':
      do {
        const exit = run(node.body, scope);
        if (exit && !goesOn(exit, label)) return ends(exit, label);
      } while (plain(evaluate(node.test, scope)));
      return null;
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'EmptyStatement':
      return null;
    default:
      throw new Error(`${node.type} is not interpreted`);
  }
}

const goesOn = (exit: Exit, label: string | null) =>
  exit.kind === 'continue' && (exit.label === null || exit.label === label);

const ends = (exit: Exit, label: string | null) =>
  exit.kind === 'break' && (exit.label === null || exit.label === label) ? null : exit;

function bind(
  pattern: Node,
  value: unknown,
  take: (name: string, value: unknown) => void,
  scope: Scope,
): void {
  switch (pattern.type) {
    case 'Identifier':
      take(pattern.name, value);
      return;
    case 'MemberExpression':
      assign(pattern, value, scope);
      return;
    case 'AssignmentPattern':
      bind(pattern.left, value === undefined ? evaluate(pattern.right, scope) : value, take, scope);
      return;
    case 'ArrayPattern': {
      const items = [...(value as Iterable<unknown>)];
      for (const [k, each] of pattern.elements.entries())
        if (each?.type === 'RestElement') bind(each.argument, items.slice(k), take, scope);
        else if (each) bind(each, items[k], take, scope);
      return;
    }
    case 'ObjectPattern':
      for (const each of pattern.properties)
        if (each.type === 'ObjectProperty')
          bind(each.value, (value as Anything)[(each.key as { name: string }).name], take, scope);
      return;
    default:
      throw new Error(`${pattern.type} is not interpreted`);
  }
}

function functionValue(node: FunctionNode, outer: Scope): Callable {
  return function (this: unknown, ...args) {
    const scope = new Scope(outer);
    if (node.type !== 'ArrowFunctionExpression') scope.declare('this', this);
    for (const [k, each] of node.params.entries())
      bind(
        each.type === 'RestElement' ? each.argument : each,
        each.type === 'RestElement' ? args.slice(k) : args[k],
        (name, value) => scope.declare(name, value),
        scope,
      );
    if (node.body.type !== 'BlockStatement') return evaluate(node.body, scope);
    const exit = runList((node.body as BlockStatement).body, scope);
    return exit?.kind === 'return' ? exit.value : undefined;
  };
}

/** A class without a superclass: a function that makes its objects, with the static methods. */
function classValue({ body }: ClassDeclaration, outer: Scope): Callable {
  const prototype: Anything = {};
  const fields: { name: string; value: Node | null }[] = [];
  const statics: Anything = {};
  let initialize: Callable = () => undefined;
  for (const each of body.body) {
    if (each.type === 'ClassProperty') {
      fields.push({ name: (each.key as { name: string }).name, value: each.value ?? null });
      continue;
    }
    if (each.type !== 'ClassMethod') throw new Error(`${each.type} is not interpreted`);
    const { name } = each.key as { name: string };
    const method = functionValue(each, outer);
    if (each.kind === 'constructor') initialize = method;
    else if (each.kind === 'get') Object.defineProperty(prototype, name, { get: method, configurable: true });
    else (each.static ? statics : prototype)[name] = method;
  }
  const make: Callable = (...args) => {
    const made = Object.create(prototype) as Anything;
    const scope = new Scope(outer);
    scope.declare('this', made);
    for (const { name, value } of fields) made[name] = value ? evaluate(value, scope) : undefined;
    initialize.apply(made, args);
    return made;
  };
  return Object.assign(make, statics);
}

function argumentsOf(list: readonly Node[], scope: Scope): unknown[] {
  return list.flatMap((each) =>
    each.type === 'SpreadElement'
      ? [...(evaluate(each.argument, scope) as Iterable<unknown>)]
      : [evaluate(each, scope)],
  );
}

function evaluate(node: Node, scope: Scope): unknown {
  switch (node.type) {
    case 'NumericLiteral':
    case 'StringLiteral':
    case 'BooleanLiteral':
      return node.value;
    case 'NullLiteral':
      return null;
    case 'ThisExpression':
      return scope.get('this');
    case 'ParenthesizedExpression':
      return evaluate(node.expression, scope);
    case 'Identifier':
      return scope.get(node.name);
    case 'TemplateLiteral':
      return node.quasis
        .map(
          ({ value }, k) =>
            value.cooked + (node.expressions[k] ? String(plain(evaluate(node.expressions[k]!, scope))) : ''),
        )
        .join('');
    case 'ArrayExpression':
      return node.elements.flatMap((each) =>
        each!.type === 'SpreadElement'
          ? [...(evaluate(each!.argument, scope) as Iterable<unknown>)]
          : [evaluate(each!, scope)],
      );
    case 'ObjectExpression': {
      const object: Anything = {};
      for (const each of node.properties)
        if (each.type === 'SpreadElement') Object.assign(object, evaluate(each.argument, scope));
        else
          object[(each.key as { name: string }).name] =
            each.type === 'ObjectMethod' ? functionValue(each, scope) : evaluate(each.value, scope);
      return object;
    }
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return functionValue(node, scope);
    case 'UnaryExpression': {
      const value = evaluate(node.argument, scope);
      if (node.operator === '-') return lift1(value, (a) => [-a, -1]);
      if (node.operator === '+') return value instanceof Dual ? value : Number(value);
      if (node.operator === '!') return !plain(value);
      if (node.operator === 'typeof') return typeof plain(value);
      return undefined;
    }
    case 'BinaryExpression':
      return operate(node.operator, evaluate(node.left, scope), evaluate(node.right, scope));
    case 'LogicalExpression': {
      const left = evaluate(node.left, scope);
      const takesLeft =
        node.operator === '??' ? left != null : node.operator === '&&' ? !plain(left) : Boolean(plain(left));
      return takesLeft ? left : evaluate(node.right, scope);
    }
    case 'ConditionalExpression':
      return evaluate(plain(evaluate(node.test, scope)) ? node.consequent : node.alternate, scope);
    case 'SequenceExpression':
      return node.expressions.map((each: Expression) => evaluate(each, scope)).at(-1);
    case 'AssignmentExpression': {
      if (node.operator === '=') {
        const value = evaluate(node.right, scope);
        if (node.left.type === 'ArrayPattern' || node.left.type === 'ObjectPattern')
          bind(node.left, value, (name, part) => scope.set(name, part), scope);
        else assign(node.left, value, scope);
        return value;
      }
      const old = evaluate(node.left, scope);
      const value = operate(node.operator.slice(0, -1), old, evaluate(node.right, scope));
      assign(node.left, value, scope);
      return value;
    }
    case 'UpdateExpression': {
      const old = evaluate(node.argument, scope);
      const value = operate(node.operator === '++' ? '+' : '-', old, 1);
      assign(node.argument, value, scope);
      return node.prefix ? value : old;
    }
    case 'MemberExpression':
      return (evaluate(node.object, scope) as Anything)[keyOf(node, scope)];
    case 'OptionalMemberExpression':
      return (evaluate(node.object, scope) as Anything | null)?.[keyOf(node, scope)];
    case 'CallExpression':
    case 'NewExpression': {
      const args = argumentsOf(node.arguments, scope);
      if (node.type === 'NewExpression')
        return (scope.get((node.callee as { name: string }).name) as Callable)(...args);
      const { callee } = node;
      if (callee.type !== 'MemberExpression') return (evaluate(callee, scope) as Callable)(...args);
      const object = evaluate(callee.object, scope) as Anything;
      return (object[keyOf(callee, scope)] as Callable).apply(object, args);
    }
    default:
      throw new Error(`${node.type} is not interpreted`);
  }
}

function keyOf(
  node: Node & { type: 'MemberExpression' | 'OptionalMemberExpression' },
  scope: Scope,
): string | number {
  if (!node.computed) return (node.property as { name: string }).name;
  return plain(evaluate(node.property, scope)) as string | number;
}

const rounding = new WeakSet<object>();

function assign(target: Node, value: unknown, scope: Scope): void {
  if (target.type === 'ParenthesizedExpression') assign(target.expression, value, scope);
  else if (target.type === 'Identifier') scope.set(target.name, value);
  else if (target.type === 'MemberExpression') {
    const object = evaluate(target.object, scope) as Anything;
    object[keyOf(target, scope)] = rounding.has(object) ? lift1(value, (a) => [Math.fround(a), 1]) : value;
  } else throw new Error(`${target.type} is not assigned`);
}

function plain(value: unknown): unknown {
  return value instanceof Dual ? value.value : value;
}

/** A contribution with a factor of 0 is 0, whatever the other factor is. */
const times = (tangent: number, partial: number) => (tangent === 0 || partial === 0 ? 0 : tangent * partial);

function lift1(x: unknown, rule: (a: number) => [number, number]): unknown {
  const [value, partial] = rule(plain(x) as number);
  return x instanceof Dual
    ? new Dual(
        value,
        x.tangent.map((each) => times(each, partial)),
      )
    : value;
}

function lift2(x: unknown, y: unknown, rule: (a: number, b: number) => [number, number, number]): unknown {
  const [value, by1, by2] = rule(plain(x) as number, plain(y) as number);
  if (!(x instanceof Dual) && !(y instanceof Dual)) return value;
  const dim = (x instanceof Dual ? x : (y as Dual)).tangent.length;
  const tangent = Array.from({ length: dim }, (_, k) => {
    const first = x instanceof Dual ? times(x.tangent[k]!, by1) : 0;
    const second = y instanceof Dual ? times(y.tangent[k]!, by2) : 0;
    return first + second;
  });
  return new Dual(value, tangent);
}

function operate(operator: string, x: unknown, y: unknown): unknown {
  switch (operator) {
    case '+':
      if (typeof x === 'string' || typeof y === 'string') return `${plain(x)}${plain(y)}`;
      return lift2(x, y, (a, b) => [a + b, 1, 1]);
    case '-':
      return lift2(x, y, (a, b) => [a - b, 1, -1]);
    case '*':
      return lift2(x, y, (a, b) => [a * b, b, a]);
    case '/':
      return lift2(x, y, (a, b) => [a / b, 1 / b, -a / (b * b)]);
    case '%':
      return lift2(x, y, (a, b) => [a % b, 1, -Math.trunc(a / b)]);
    case '**':
      return power(x, y);
  }
  const [a, b] = [plain(x) as number, plain(y) as number];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '===':
      return a === b;
    case '!==':
      return a !== b;
    case '==':
      return a == null ? b == null : a === b;
    case '!=':
      return a == null ? b != null : a !== b;
    case '|':
      return a | b;
    case '>>':
      return a >> b;
    default:
      throw new Error(`${operator} is not interpreted`);
  }
}

function power(x: unknown, y: unknown): unknown {
  return lift2(x, y, (a, b) => [a ** b, b === 0 ? 0 : b * a ** (b - 1), a === 0 ? 0 : a ** b * Math.log(a)]);
}

function globals(): Anything {
  const one = (rule: (a: number) => [number, number]) => (x: unknown) => lift1(x, rule);
  const math: Anything = {
    PI: Math.PI,
    E: Math.E,
    LN2: Math.LN2,
    exp: one((a) => [Math.exp(a), Math.exp(a)]),
    log: one((a) => [Math.log(a), 1 / a]),
    log1p: one((a) => [Math.log1p(a), 1 / (1 + a)]),
    sqrt: one((a) => [Math.sqrt(a), 0.5 / Math.sqrt(a)]),
    sin: one((a) => [Math.sin(a), Math.cos(a)]),
    cos: one((a) => [Math.cos(a), -Math.sin(a)]),
    tan: one((a) => [Math.tan(a), 1 / Math.cos(a) ** 2]),
    tanh: one((a) => [Math.tanh(a), 1 / Math.cosh(a) ** 2]),
    atan: one((a) => [Math.atan(a), 1 / (1 + a * a)]),
    sinh: one((a) => [Math.sinh(a), Math.cosh(a)]),
    abs: (x: unknown) =>
      lift1(x, (a) => {
        const slope = a === 0 ? slopeOf(x) : a;
        if (a === 0) decided(slope !== 0);
        return [Math.abs(a), Math.sign(slope)];
      }),
    sign: one((a) => [Math.sign(a), 0]),
    floor: one((a) => [Math.floor(a), 0]),
    round: one((a) => [Math.round(a), 0]),
    trunc: one((a) => [Math.trunc(a), 0]),
    fround: one((a) => [Math.fround(a), 1]),
    pow: power,
    atan2: (y: unknown, x: unknown) =>
      lift2(y, x, (a, b) => [Math.atan2(a, b), b / (a * a + b * b), -a / (a * a + b * b)]),
    hypot: (...all: unknown[]) =>
      nary(all, (values) => {
        const value = Math.hypot(...values);
        const vector = value === 0 ? all.map(slopeOf) : values;
        const norm = Math.hypot(...vector);
        if (value === 0) decided(norm !== 0);
        return [value, vector.map((each) => (norm === 0 ? 0 : each / norm))];
      }),
    max: (...all: unknown[]) => nary(all, (values) => chosen(all, values, Math.max)),
    min: (...all: unknown[]) => nary(all, (values) => chosen(all, values, Math.min)),
  };
  const zeros = (given: unknown) =>
    Array.isArray(given) ? [...given] : new Array<unknown>(plain(given) as number).fill(0);
  return {
    Math: math,
    undefined,
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    Number: Object.assign((x: unknown) => x, {
      isFinite: (x: unknown) => Number.isFinite(plain(x)),
      isNaN: (x: unknown) => Number.isNaN(plain(x)),
      EPSILON: Number.EPSILON,
    }),
    Float64Array: zeros,
    Float32Array: (given: unknown) => {
      const array = zeros(given).map((each) => lift1(each, (a) => [Math.fround(a), 1]));
      rounding.add(array);
      return array;
    },
    Array: Object.assign((n: number) => new Array<unknown>(n), Array, {
      from: Array.from.bind(Array),
      isArray: Array.isArray,
    }),
    Error,
  };
}

function nary(all: readonly unknown[], rule: (values: number[]) => [number, number[]]): unknown {
  const [value, partials] = rule(all.map((each) => plain(each) as number));
  const dim = all.find((each): each is Dual => each instanceof Dual)?.tangent.length;
  if (dim === undefined) return value;
  const tangent = Array.from({ length: dim }, (_, k) =>
    all.reduce<number>(
      (sum, each, j) => sum + (each instanceof Dual ? times(each.tangent[k]!, partials[j]!) : 0),
      0,
    ),
  );
  return new Dual(value, tangent);
}

function chosen(
  all: readonly unknown[],
  values: readonly number[],
  select: (...values: number[]) => number,
): [number, number[]] {
  const value = select(...values);
  const slopes = values.map((each, k) => (each === value ? slopeOf(all[k]) : Number.NaN));
  const tied = slopes.filter((slope) => !Number.isNaN(slope));
  const selected = select(...tied);
  const equal = tied.filter((slope) => slope === selected).length;
  if (tied.length > 1) decided(equal < tied.length);
  return [value, slopes.map((slope) => (slope === selected ? 1 / equal : 0))];
}
