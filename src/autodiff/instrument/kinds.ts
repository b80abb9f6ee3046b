import type { AssignmentExpression, CallExpression, Identifier, Node, Program } from '@babel/types';
import { bare, walk } from '../syntax/nodes';
import type { Binding, Scopes } from '../syntax/scopes';
import { arithmeticKind, isPrimitive, join, type StaticKind } from './kind';

const booleanFunctions = new Set(['isNaN', 'isFinite', 'Boolean']);
const booleanMethods: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Array', new Set(['isArray'])],
  ['ArrayBuffer', new Set(['isView'])],
  ['Number', new Set(['isFinite', 'isNaN', 'isInteger', 'isSafeInteger'])],
  ['Object', new Set(['is'])],
]);

/**
 * The kinds of a module's expressions. Variables are followed through all of their assignments, so that loop
 * counters and sizes are known to be plain: their arithmetic stays native.
 */
export class Kinds {
  readonly #scopes: Scopes;
  readonly #lengthsAreCounts: boolean;
  readonly #variables = new Map<Binding, StaticKind>();
  readonly #loopHeads = new Map<Node, 'ForInStatement' | 'ForOfStatement'>();
  #known = new Map<Node, StaticKind>();

  constructor(program: Program, scopes: Scopes, lengthsAreCounts: boolean) {
    this.#scopes = scopes;
    this.#lengthsAreCounts = lengthsAreCounts;
    walk(program, (node) => {
      if (node.type !== 'ForInStatement' && node.type !== 'ForOfStatement') return true;
      if (node.left.type === 'VariableDeclaration')
        for (const each of node.left.declarations) this.#loopHeads.set(each, node.type);
      return true;
    });
    for (const binding of new Set(scopes.bindings.values()))
      if (binding.kind === 'variable') this.#variables.set(binding, 'none');
    for (let changed = true; changed; ) {
      changed = false;
      this.#known = new Map();
      for (const [binding, before] of this.#variables) {
        const kind = join(before, this.#assigned(binding));
        if (kind === before) continue;
        this.#variables.set(binding, kind);
        changed = true;
      }
    }
    this.#known = new Map();
  }

  of(node: Node): StaticKind {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const kind = this.#kindOf(node);
    this.#known.set(node, kind);
    return kind;
  }

  isGlobal(node: Node, name?: string): node is Identifier {
    return (
      node.type === 'Identifier' &&
      (name === undefined || node.name === name) &&
      !this.#scopes.bindings.has(node)
    );
  }

  /** `Name.property` of a global; null if it is anything else. */
  globalMember(node: Node): { readonly object: Identifier; readonly property: string } | null {
    if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null;
    if (!this.isGlobal(node.object)) return null;
    return { object: node.object, property: node.property.name };
  }

  #assigned(binding: Binding): StaticKind {
    let kind = this.#declared(binding.declaration);
    for (const each of binding.assignments) kind = join(kind, this.#assignedBy(each));
    return kind;
  }

  #declared(declaration: Node): StaticKind {
    if (declaration.type !== 'VariableDeclarator' || declaration.id.type !== 'Identifier') return 'unknown';
    const head = this.#loopHeads.get(declaration);
    if (head) return head === 'ForInStatement' ? 'string' : 'unknown';
    // A `var` may be undefined before its initialization, but undefined is plain too.
    return declaration.init ? this.of(declaration.init) : 'nullish';
  }

  #assignedBy(node: Node): StaticKind {
    switch (node.type) {
      case 'AssignmentExpression':
        return bare(node.left).type === 'Identifier' ? this.of(node) : 'unknown';
      case 'UpdateExpression':
        return this.of(node);
      case 'ForInStatement':
        return bare(node.left).type === 'Identifier' ? 'string' : 'unknown';
      case 'VariableDeclarator':
        return this.#declared(node);
      default:
        return 'unknown';
    }
  }

  #kindOf(node: Node): StaticKind {
    switch (node.type) {
      case 'NumericLiteral':
        return 'number';
      case 'StringLiteral':
      case 'TemplateLiteral':
        return 'string';
      case 'BooleanLiteral':
        return 'boolean';
      case 'NullLiteral':
        return 'nullish';
      case 'BigIntLiteral':
        return 'bigint';
      case 'RegExpLiteral':
      case 'ArrayExpression':
      case 'ObjectExpression':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassExpression':
      case 'ImportExpression':
        return 'object';
      case 'NewExpression':
        return this.isGlobal(node.callee) && /^(?:Number|String|Boolean|Object)$/.test(node.callee.name)
          ? 'unknown'
          : 'object';
      case 'MetaProperty':
        return 'untraced';
      case 'Identifier':
        return this.#identifier(node);
      case 'UnaryExpression':
        return this.#unary(node.operator, this.of(node.argument));
      case 'BinaryExpression':
        return /^(?:[<>]=?|[!=]==?|in|instanceof)$/.test(node.operator)
          ? 'boolean'
          : arithmeticKind(node.operator, this.of(node.left), this.of(node.right));
      case 'LogicalExpression':
        return join(this.of(node.left), this.of(node.right));
      case 'ConditionalExpression':
        return join(this.of(node.consequent), this.of(node.alternate));
      case 'SequenceExpression':
        return this.of(node.expressions.at(-1)!);
      case 'AssignmentExpression':
        return this.#assignment(node);
      case 'UpdateExpression': {
        const kind = this.of(node.argument);
        return isPrimitive(kind) ? arithmeticKind('-', kind, kind) : 'unknown';
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#member(node);
      case 'CallExpression':
        return this.#call(node);
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        return this.of(node.expression);
      default:
        return 'unknown';
    }
  }

  #identifier(node: Identifier): StaticKind {
    const binding = this.#scopes.bindings.get(node);
    if (binding) {
      if (binding.kind === 'function' && binding.assignments.length === 0) return 'object';
      return this.#variables.get(binding) ?? 'unknown';
    }
    if (node.name === 'undefined') return 'nullish';
    return node.name === 'NaN' || node.name === 'Infinity' ? 'number' : 'unknown';
  }

  #unary(operator: string, kind: StaticKind): StaticKind {
    switch (operator) {
      case '!':
      case 'delete':
        return 'boolean';
      case 'typeof':
        return 'string';
      case 'void':
        return 'nullish';
      case '~':
        return arithmeticKind('|', kind, kind);
      case '+':
        return kind === 'none' ? 'none' : isPrimitive(kind) ? 'number' : 'unknown';
      default:
        return arithmeticKind('-', kind, kind);
    }
  }

  #assignment(node: AssignmentExpression): StaticKind {
    const right = this.of(node.right);
    if (node.operator === '=') return right;
    const left = this.of(node.left);
    const operator = node.operator.slice(0, -1);
    if (operator === '||' || operator === '&&' || operator === '??') return join(left, right);
    return arithmeticKind(operator as Parameters<typeof arithmeticKind>[0], left, right);
  }

  #member(node: Node & { type: 'MemberExpression' | 'OptionalMemberExpression' }): StaticKind {
    if (node.computed || node.property.type !== 'Identifier') return 'unknown';
    if (node.property.name === 'length' && this.#lengthsAreCounts)
      return node.type === 'MemberExpression' ? 'number' : 'primitive';
    const member = this.globalMember(node);
    const isConstant =
      member && /^(?:Math|Number)$/.test(member.object.name) && /^[A-Z]/.test(member.property);
    return isConstant ? 'number' : 'unknown';
  }

  #call({ callee, arguments: given }: CallExpression): StaticKind {
    const isPlain = given.every((each) => each.type !== 'SpreadElement' && isPrimitive(this.of(each)));
    if (this.isGlobal(callee)) {
      if (booleanFunctions.has(callee.name)) return 'boolean';
      if (callee.name === 'String') return 'string';
      return /^(?:Number|parseFloat|parseInt)$/.test(callee.name) && isPlain ? 'number' : 'unknown';
    }
    const member = this.globalMember(callee);
    if (!member) return 'unknown';
    const { object, property } = member;
    if (booleanMethods.get(object.name)?.has(property)) return 'boolean';
    return object.name === 'Math' && isPlain ? 'number' : 'unknown';
  }
}

/**
 * Whether a module defines a `length` for its objects, whose value may be anything: a property, field or
 * accessor of that name. Lists made by `Array.from({ length: n })` do not count.
 */
export function makesOwnLengths(program: Program): boolean {
  let found = false;
  const allowed = new Set<Node>();
  const isLength = (key: Node, computed: boolean): boolean =>
    (key.type === 'Identifier' && !computed && key.name === 'length') ||
    (key.type === 'StringLiteral' && key.value === 'length');
  walk(program, (node) => {
    switch (node.type) {
      case 'CallExpression': {
        const [first] = node.arguments;
        if (isArrayFrom(node.callee) && first) allowed.add(bare(first));
        break;
      }
      case 'ObjectExpression':
        if (allowed.has(node)) break;
        for (const each of node.properties)
          if (each.type !== 'SpreadElement' && isLength(each.key, each.computed)) found = true;
        break;
      case 'ClassProperty':
      case 'ClassMethod':
        if (isLength(node.key, node.computed === true)) found = true;
        break;
      case 'TSParameterProperty': {
        const name = node.parameter.type === 'AssignmentPattern' ? node.parameter.left : node.parameter;
        if (isLength(name, false)) found = true;
        break;
      }
      case 'AssignmentExpression': {
        const target = bare(node.left);
        if (target.type !== 'MemberExpression' || !isLength(target.property, target.computed)) break;
        if (bare(node.right).type !== 'NumericLiteral') found = true;
        break;
      }
    }
    return !found;
  });
  return found;
}

function isArrayFrom(callee: Node): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Array' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'from'
  );
}
