import type {
  AssignmentExpression,
  BinaryExpression,
  CallExpression,
  ForOfStatement,
  ForStatement,
  MemberExpression,
  Node,
} from '@babel/types';
import { bare, evaluatedChildren } from '../syntax/nodes';
import type { Binding } from '../syntax/scopes';
import { isOperation, Leaves, type Part, textOf } from './expressions';
import { isForeignCall } from './foreign';
import { isValueMethod, valueMethod } from './methods';
import { arithmeticMethods, isArithmetic } from './operatorNames';
import type { Handlers, Rewrite } from './rewrite';
import { endOf, startOf } from './source';
import { visitIteration } from './targets';

/** The arguments of a loop: the first value of its counter, and the values that it reads. */
interface Found {
  /** The call that makes the function of the loop, without the name of the method. */
  readonly loop: string;
  readonly given: readonly string[];
}

/**
 * A loop that is executed as one function (`loopSum` of the runtime): it counts, its body only declares constants and adds to one
 * variable, and it reads nothing but variables, members of them, and results of methods called with such values. Its function gets
 * the variables as arguments, so no variable may change while the loop runs:
 *
 *     if ((e ??= $.loopSum({…})).isDirect && !$.checks.on) s = e.run(s, 0, n, w, x); else { …the loop… }
 */
function directLoop(rewrite: Rewrite, node: ForStatement): string | null {
  const head = headOf(rewrite, node);
  const assignment = head && sumOf(rewrite, node.body);
  if (!head || !assignment) return null;
  const loop = new Loop(rewrite, node, [rewrite.scopes.bindings.get(assignment.left)]);
  loop.names.set(head.counter, 'i');
  if (!head.others.every(({ binding, init }) => loop.alias(binding, init))) return null;
  const start = loop.outside(head.start);
  const limit = loop.text(head.limit);
  if (start === null || limit === null) return null;
  const isPlain = rewrite.kinds.of(head.limit) === 'number';
  const test = isPlain ? `i ${head.operator} ${limit}` : `comparison.${head.method}(i, ${limit})`;
  return directBody(rewrite, loop, node.body, assignment, [start, test, head.step]);
}

/** The same for `for (const { x, y } of list) s += x * y;`, if the list is a variable and iterates over its elements. */
function directIteration(rewrite: Rewrite, node: ForOfStatement): string | null {
  const list = bare(node.right);
  const assignment = sumOf(rewrite, node.body);
  if (node.await || list.type !== 'Identifier' || node.left.type !== 'VariableDeclaration' || !assignment)
    return null;
  const loop = new Loop(rewrite, node, [rewrite.scopes.bindings.get(assignment.left)]);
  const [declared] = node.left.declarations;
  if (node.left.kind === 'var' || !declared || loop.text(list) !== 'p0') return null;
  loop.read('const element = p0[i];');
  if (!loop.bind(declared.id, 'element')) return null;
  const condition = ` && ${rewrite.runtime}.iteratesElements(${list.name})`;
  return directBody(rewrite, loop, node.body, assignment, ['0', 'i < p0.length', 'i++'], condition);
}

function directBody(
  rewrite: Rewrite,
  loop: Loop,
  body: Node,
  assignment: AssignmentExpression,
  [start, test, step]: readonly [start: string, test: string, step: string],
  also = '',
): string | null {
  if (assignment.left.type !== 'Identifier') return null;
  const target = assignment.left.name;
  const before = body.type === 'BlockStatement' ? body.body.slice(0, -1) : [];
  if (!before.every((each) => loop.declare(each))) return null;
  const added = loop.part(assignment.right);
  if (!added) return null;
  const name = assignment.operator === '+=' ? 'add' : 'sub';
  const found = loop.found(test, step, () => `["${name}",${rewrite.site(assignment)},0,${added()}]`);
  if (!found) return null;
  const made = rewrite.names.expression();
  const { runtime } = rewrite;
  const condition = `(${made} ??= ${runtime}.loopSum(${found.loop})).isDirect && !${runtime}.checks.on${also}`;
  const run = `${made}.run(${[target, start, ...found.given].join(', ')})`;
  return `if (${condition}) ${target} = ${run}; else `;
}

export const loops: Handlers = {
  ForStatement(rewrite, node) {
    rewrite.visit(node.init, 'unused');
    rewrite.visit(node.test, 'test');
    rewrite.visit(node.update, 'unused');
    rewrite.visit(node.body);
    rewrite.encloseSums(node, directLoop(rewrite, node) ?? '');
  },
  ForOfStatement(rewrite, node) {
    visitIteration(rewrite, node);
    rewrite.encloseSums(node, directIteration(rewrite, node) ?? '');
  },
};

/** `xs.reduce((s, x, i) => s + w[i] * x, 0)`, whose callback does nothing but add to its first parameter. */
export interface Fold {
  readonly node: CallExpression;
  readonly name: 'reduce' | 'reduceRight';
  /** The sum that the callback returns. */
  readonly result: Node;
  readonly parameters: readonly Node[];
}

/** The same for `receiver.reduce((s, x, i) => s + w[i] * x, initial)`: the function that replaces the method, and further arguments. */
export function directReduction(
  rewrite: Rewrite,
  { node, name, result, parameters }: Fold,
): { readonly before: string; readonly after: string } | null {
  const [first, element, index] = parameters;
  const sum = first && rewrite.scopes.bindings.get(first);
  if (!sum || parameters.length > 3 || sum.assignments.length > 0) return null;
  // In a function, `this` is another value.
  const [callback] = node.arguments;
  if (callback?.type !== 'ArrowFunctionExpression' && mentionsThis(result)) return null;
  const loop = new Loop(rewrite, node, [], sum);
  loop.parameter('the receiver');
  loop.parameter('its length');
  loop.read('const element = p0[i];\nif (element === undefined && !(i in p0)) continue;');
  if ((element && !loop.bind(element, 'element')) || (index && !loop.bind(index, 'i'))) return null;
  const whole = loop.part(result);
  if (!whole) return null;
  const [test, step] = name === 'reduce' ? ['i < p1', 'i++'] : ['i >= 0', 'i--'];
  const found = loop.found(test, step, whole);
  if (!found) return null;
  const made = `(${rewrite.names.expression()} ??= ${rewrite.runtime}.foldSum("${name}", ${found.loop}))`;
  return {
    before: `${made}(`,
    after: found.given
      .slice(2)
      .map((each) => `, ${each}`)
      .join(''),
  };
}

function mentionsThis(node: Node): boolean {
  return node.type === 'ThisExpression' || evaluatedChildren(node).some(mentionsThis);
}

interface Head {
  readonly counter: Binding;
  readonly start: Node;
  readonly operator: string;
  readonly method: string;
  readonly limit: Node;
  readonly step: string;
  readonly others: readonly { readonly binding: Binding; readonly init: Node }[];
}

const comparisons: ReadonlyMap<string, string> = new Map([
  ['<', 'lt'],
  ['<=', 'le'],
  ['>', 'gt'],
  ['>=', 'ge'],
]);

/** `for (let i = a, n = b; i < c; i++)` */
function headOf(rewrite: Rewrite, { init, test, update }: ForStatement): Head | null {
  if (init?.type !== 'VariableDeclaration' || init.kind !== 'let' || !update) return null;
  const declared: { readonly binding: Binding; readonly init: Node }[] = [];
  for (const { id, init: value } of init.declarations) {
    const binding = id.type === 'Identifier' ? rewrite.scopes.bindings.get(id) : undefined;
    if (!binding || !value) return null;
    declared.push({ binding, init: value });
  }
  const [first, ...others] = declared;
  if (!first || test?.type !== 'BinaryExpression') return null;
  const counter = first.binding;
  const method = comparisons.get(test.operator);
  const isCounter = (node: Node) => rewrite.scopes.bindings.get(bare(node)) === counter;
  const step = stepOf(update, isCounter);
  if (step === null || method === undefined || !isCounter(test.left)) return null;
  if (counter.assignments.length !== 1 || rewrite.kinds.of(first.init) !== 'number') return null;
  if (others.some(({ binding }) => binding.assignments.length > 0)) return null;
  return { counter, start: first.init, operator: test.operator, method, limit: test.right, step, others };
}

function stepOf(update: Node, isCounter: (node: Node) => boolean): string | null {
  if (update.type === 'UpdateExpression') return isCounter(update.argument) ? `i${update.operator}` : null;
  if (update.type !== 'AssignmentExpression' || !isCounter(update.left)) return null;
  if (update.operator !== '+=' && update.operator !== '-=') return null;
  const by = bare(update.right);
  return by.type === 'NumericLiteral' ? `i ${update.operator} ${by.value}` : null;
}

/** The last statement of a body, if it adds to a sum. */
function sumOf(rewrite: Rewrite, body: Node): AssignmentExpression | null {
  const statement = body.type === 'BlockStatement' ? body.body.at(-1) : body;
  if (statement?.type !== 'ExpressionStatement') return null;
  const { expression } = statement;
  if (expression.type !== 'AssignmentExpression' || !rewrite.accumulations.sums.has(expression)) return null;
  return expression;
}

/** The text of a loop's function, while its parts are found in the order in which they are evaluated. */
class Loop {
  readonly #rewrite: Rewrite;
  readonly #node: Node;
  readonly #leaves: Leaves;
  readonly #sum: Binding | null;
  readonly #given: string[] = [];
  readonly #reads: string[] = [];
  readonly #forbidden: ReadonlySet<Binding | undefined>;
  /** Names of the function for variables. */
  readonly names = new Map<Binding | 'this', string>();
  /** What the function only reads elements of; whether it reads anything else. */
  readonly #lists = new Set<string>();
  /** What it uses as a number. */
  readonly #numbers = new Set<string>();
  /** Elements that stay the same during the loop, by their texts. */
  readonly #rows = new Map<string, string>();
  #readsOther = false;
  #calls = false;
  #mayChange = false;
  #count = 0;

  /**
   * @param forbidden  variables that the loop changes
   * @param sum        the variable that is leaf 0; null if the caller adds that leaf
   */
  constructor(
    rewrite: Rewrite,
    node: Node,
    forbidden: readonly (Binding | undefined)[],
    sum: Binding | null = null,
  ) {
    this.#rewrite = rewrite;
    this.#node = node;
    this.#sum = sum;
    this.#leaves = new Leaves(rewrite, true, sum ? 0 : 1);
    this.#count = this.#leaves.count;
    this.#forbidden = new Set(forbidden);
  }

  parameter(given: string): string {
    return `p${this.#given.push(given) - 1}`;
  }

  read(text: string): void {
    this.#reads.push(text);
  }

  /** A variable of the loop's head that does not change. */
  alias(binding: Binding, init: Node): boolean {
    const text = this.outside(init);
    if (text !== null) this.names.set(binding, this.parameter(text));
    return text !== null;
  }

  /** `const d = a[i] - b[i];` in the body. */
  declare(statement: Node): boolean {
    if (statement.type !== 'VariableDeclaration' || statement.kind === 'var') return false;
    return statement.declarations.every(({ id, init }) => {
      if (!init) return false;
      if (id.type !== 'Identifier') {
        const text = isOperation(this.#rewrite, init) ? null : this.text(init);
        return text !== null && this.bind(id, text);
      }
      const binding = this.#rewrite.scopes.bindings.get(id);
      if (!binding || binding.assignments.length > 0) return false;
      return this.#declareOperation(binding, init) || this.#declareRead(binding, init);
    });
  }

  /** Declares the names of a pattern, whose value a text reads. */
  bind(pattern: Node, text: string): boolean {
    if (pattern.type === 'Identifier') return this.#bindName(pattern, text);
    const name = (index: number) => `c${this.#reads.length}_${index}`;
    if (pattern.type === 'ObjectPattern') {
      // A getter may run.
      this.#readsOther = true;
      const keys: string[] = [];
      for (const [k, each] of pattern.properties.entries()) {
        if (each.type !== 'ObjectProperty' || each.computed || each.key.type !== 'Identifier') return false;
        const key = each.key.name;
        if (key === 'constructor' || isValueMethod(key) || !this.#bindName(each.value, name(k))) return false;
        keys.push(`${key}: ${name(k)}`);
      }
      this.#reads.push(`const { ${keys.join(', ')} } = ${text};`);
      return true;
    }
    if (pattern.type !== 'ArrayPattern') return false;
    // An iterator may run.
    this.#calls = true;
    if (!pattern.elements.every((each, k) => each && this.#bindName(each, name(k)))) return false;
    this.#reads.push(`const [${pattern.elements.map((_, k) => name(k)).join(', ')}] = ${text};`);
    return true;
  }

  #bindName(node: Node, text: string): boolean {
    const binding = node.type === 'Identifier' ? this.#rewrite.scopes.bindings.get(node) : undefined;
    if (!binding || binding.assignments.length > 0) return false;
    this.names.set(binding, text);
    return true;
  }

  #declareOperation(binding: Binding, init: Node): boolean {
    if (!isOperation(this.#rewrite, init)) return false;
    const found = this.#part(init);
    if (found) this.#leaves.inlined.set(binding, found);
    return found !== null;
  }

  /** It may be an object, whose members are read later. */
  #declareRead(binding: Binding, init: Node): boolean {
    const text = isOperation(this.#rewrite, init) ? null : this.text(init);
    if (text === null) return false;
    const name = `c${this.#reads.length}`;
    this.#reads.push(`const ${name} = ${text};`);
    this.names.set(binding, name);
    return true;
  }

  /** The text of an expression as the runtime gets it, once the loop is known to be possible; null if it is not. */
  part(node: Node): (() => string) | null {
    const found = this.#part(node);
    return found && (() => textOf(this.#rewrite, found));
  }

  found(test: string, step: string, tree: () => string): Found | null {
    const isPure = !this.#calls && !this.#readsOther;
    // A called function, or a getter, may change them.
    if (this.#mayChange && !isPure) return null;
    const text = (each: string) => JSON.stringify(this.#withoutRows(each));
    const spec = [
      `parameters:${this.#given.length}`,
      `test:${text(test)}`,
      `step:${JSON.stringify(step)}`,
      `reads:${text(this.#reads.join('\n'))}`,
      `leaves:${this.#leaves.count}`,
      `tree:${tree()}`,
    ];
    if (isPure) {
      const rows = [...this.#rows].map(([row, name]) => `[${JSON.stringify(name)},${JSON.stringify(row)}]`);
      spec.push(
        `pure:{numbers:${JSON.stringify([...this.#numbers])},lists:${JSON.stringify([...this.#lists])},` +
          `rows:[${rows}],reads:${JSON.stringify(this.#reads.join('\n'))}}`,
      );
    }
    return { loop: `{${spec.join(',')}}`, given: this.#given };
  }

  /** A text with each row as it is read in the source. */
  #withoutRows(text: string): string {
    return [...this.#rows].reduceRight(
      (each, [row, name]) => each.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), row),
      text,
    );
  }

  /** Finds the leaves of an expression and how they are read. */
  #part(node: Node): Part | null {
    const part = this.#leaves.part(node);
    return part && this.#readLeaves(part) ? part : null;
  }

  #readLeaves(part: Part): boolean {
    if (part.kind === 'operation') return part.operands.every((each) => this.#readLeaves(each));
    if (part.kind === 'constant' || part.isRepeated || part.index < this.#count) return true;
    this.#count = part.index + 1;
    const binding = this.#rewrite.scopes.bindings.get(bare(part.node));
    if (this.#sum !== null && part.index === 0) return binding === this.#sum;
    const text = this.text(part.node);
    if (text === null) return false;
    this.#reads.push(`const x${part.index} = ${text};`);
    return true;
  }

  /** The text of an expression in the function; null if it is not possible there. */
  text(node: Node): string | null {
    return this.#print(bare(node), true);
  }

  /** The text of an expression before the loop. */
  outside(node: Node): string | null {
    return this.#print(bare(node), false);
  }

  #print(node: Node, isInside: boolean): string | null {
    const print = (each: Node) => this.#print(bare(each), isInside);
    switch (node.type) {
      case 'NumericLiteral':
        return String(node.value);
      case 'ThisExpression':
        return isInside ? this.#nameOf('this') : 'this';
      case 'Identifier': {
        const binding = this.#rewrite.scopes.bindings.get(node);
        if (!binding) return null;
        return isInside ? this.#nameOf(binding) : this.#isOutside(binding) ? binding.name : null;
      }
      case 'BinaryExpression':
        return this.#binary(node, isInside, print);
      case 'MemberExpression':
        return this.#member(node, isInside, print);
      case 'CallExpression':
        return isInside ? this.#call(node, print) : null;
      default:
        return null;
    }
  }

  #isOutside({ declaration }: Binding): boolean {
    return startOf(declaration) < startOf(this.#node) || startOf(declaration) >= endOf(this.#node);
  }

  #nameOf(binding: Binding | 'this'): string | null {
    const known = this.names.get(binding);
    if (known !== undefined) return known;
    if (binding !== 'this') {
      if (this.#forbidden.has(binding) || binding === this.#sum || !this.#isOutside(binding)) return null;
      if (binding.kind === 'import' || binding.isAssignedBelow) this.#mayChange = true;
    }
    const name = this.parameter(binding === 'this' ? 'this' : binding.name);
    this.names.set(binding, name);
    return name;
  }

  /** Arithmetic in a key. If it is traced, the key is refused. */
  #binary(node: BinaryExpression, isInside: boolean, print: Print): string | null {
    const { operator } = node;
    if (!isArithmetic(operator)) return null;
    const left = print(node.left);
    const right = print(node.right);
    if (left === null || right === null) return null;
    if (this.#rewrite.kinds.of(node) === 'number') return `(${left} ${operator} ${right})`;
    if (!isInside) return null;
    for (const each of [left, right]) this.#asNumber(each);
    return `arithmetic.${arithmeticMethods[operator]}(${left}, ${right}, ${this.#rewrite.site(node)})`;
  }

  #member(node: MemberExpression, isInside: boolean, print: Print): string | null {
    const constant = this.#rewrite.kinds.globalMember(node);
    if (constant)
      return this.#rewrite.kinds.of(node) === 'number'
        ? `${constant.object.name}.${constant.property}`
        : null;
    const object = print(node.object);
    if (object === null) return null;
    const { property } = node;
    const isList = /^[ph]\d+$/.test(object);
    if (!node.computed) {
      if (property.type !== 'Identifier' || property.name === 'constructor' || isValueMethod(property.name))
        return null;
      if (isList && property.name === 'length') this.#lists.add(object);
      else this.#readsOther = true;
      return `${object}.${property.name}`;
    }
    const key = print(property);
    if (key === null) return null;
    if (isList) this.#lists.add(object);
    else this.#readsOther = true;
    this.#asNumber(key);
    const text = `${object}[${key}]`;
    return isInside && isList && /^(?:p?\d+)$/.test(key) ? this.#row(text) : text;
  }

  /** The conversion of a number runs no code of the user. */
  #asNumber(text: string): void {
    if (/^p\d+$/.test(text)) this.#numbers.add(text);
    else if (!/^(?:i|[\d.]+|\(.*|arithmetic\..*)$/.test(text)) this.#readsOther = true;
  }

  #row(text: string): string {
    const name = this.#rows.get(text) ?? `h${this.#rows.size}`;
    this.#rows.set(text, name);
    return name;
  }

  /** `L.get(i, k)`, `f(i)`: a call that is not changed by the rewriting. */
  #call(node: CallExpression, print: Print): string | null {
    const { callee, arguments: given } = node;
    const values = given.map((each) => (each.type === 'SpreadElement' ? null : print(each)));
    if (values.includes(null)) return null;
    const args = values.join(', ');
    const global = this.#rewrite.kinds.globalMember(callee);
    if (global)
      return global.object.name === 'Math' && this.#rewrite.kinds.of(node) === 'number'
        ? `Math.${global.property}(${args})`
        : null;
    if (isForeignCall(this.#rewrite, node) || valueMethod(this.#rewrite, node)) return null;
    this.#calls = true;
    if (callee.type === 'Identifier') {
      const binding = this.#rewrite.scopes.bindings.get(callee);
      const name = binding?.kind === 'function' ? print(callee) : null;
      return name === null ? null : `${name}(${args})`;
    }
    if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
      return null;
    const object = print(callee.object);
    const { name } = callee.property;
    return object === null || /^(?:call|apply|bind|constructor)$/.test(name)
      ? null
      : `${object}.${name}(${args})`;
  }
}

type Print = (node: Node) => string | null;
