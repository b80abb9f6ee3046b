import type { CallExpression, Expression, Node } from '@babel/types';
import { bare, evaluatedChildren, isFunction, walk } from '../../../../autodiff/syntax/nodes';
import { type Binding, type Scopes, scopesOf } from '../../../../autodiff/syntax/scopes';
import type { EditMeaning } from '../../../../core/sourceEdit';
import type { ParsedModule } from '../load/parseModule';

/** A new text for an expression. */
export interface Replacement {
  readonly node: Node;
  readonly title: string;
  readonly text: string;
  /** How tightly the new text binds; decides whether it needs parentheses. */
  readonly binds: 'call' | 'unary' | 'loosely';
  readonly meaning: EditMeaning;
}

/** Recognises one kind of expression; null if the expression is none, or cannot be replaced safely. */
export type Recogniser = (node: Node, code: Code) => Replacement | null;

/** At most this many nodes are evaluated more than once. */
const mostRepeated = 12;

/** A parsed module, with the questions that recognisers ask. */
export class Code {
  readonly #module: ParsedModule;
  readonly scopes: Scopes;
  readonly #functions: Node[] = [];
  /** Assignments of members, and calls, which may assign members. Functions of Math are no such calls. */
  readonly #stores: Node[] = [];
  /** The bodies of `for` loops, by the updates in their heads. */
  readonly #bodies = new Map<Node, Node>();

  constructor(module: ParsedModule) {
    this.#module = module;
    this.scopes = scopesOf(module.program);
    walk(module.program, (node) => {
      if (isFunction(node)) this.#functions.push(node);
      if (node.type === 'ForStatement' && node.update) this.#bodies.set(node.update, node.body);
      if (this.#mayStore(node)) this.#stores.push(node);
      return undefined;
    });
  }

  get program(): Node {
    return this.#module.program;
  }

  get isTypeScript(): boolean {
    return this.#module.isTypeScript;
  }

  /** The text of an expression without the parentheses around it. */
  text(node: Node): string {
    const inner = node.type === 'ParenthesizedExpression' ? node.expression : node;
    return inner === node ? this.slice(node.start!, node.end!) : this.text(inner);
  }

  slice(from: number, to: number): string {
    return this.#module.text.slice(from, to);
  }

  /** The text of an operand of `+`, `-` or `>`, in parentheses unless it is a name, a number, a member, a call or a sign. */
  operand(node: Node): string {
    const text = this.text(node);
    switch (stripped(node).type) {
      case 'Identifier':
      case 'NumericLiteral':
      case 'UnaryExpression':
      case 'MemberExpression':
      case 'CallExpression':
      case 'ThisExpression':
      case 'TSNonNullExpression':
        return text;
      default:
        return `(${text})`;
    }
  }

  /** The text of the negative of an expression, which binds as a unary operator. */
  negative(node: Node): string {
    const inner = stripped(node);
    if (inner.type === 'UnaryExpression' && inner.operator === '-') return this.operand(inner.argument);
    return `-${this.operand(node)}`;
  }

  /** The arguments of a call of a global function of Math; null if it is none. Spread arguments are excluded. */
  mathCall(node: Node, name: string): readonly Expression[] | null {
    const call = bare(node);
    return call.type === 'CallExpression' && this.#isMath(call, name) ? plainArguments(call) : null;
  }

  /** The only argument of such a call. */
  mathArgument(node: Node, name: string): Expression | null {
    const given = this.mathCall(node, name);
    return given?.length === 1 ? given[0]! : null;
  }

  /** Whether an expression may be evaluated again: it has no effects and costs little. */
  isRepeatable(node: Node): boolean {
    let count = 0;
    const isCheap = (each: Node): boolean => {
      count++;
      const inner = bare(each);
      switch (inner.type) {
        case 'Identifier':
        case 'NumericLiteral':
          return true;
        case 'MemberExpression':
          return isCheap(inner.object) && (!inner.computed || isCheap(inner.property));
        case 'UnaryExpression':
          return (inner.operator === '-' || inner.operator === '+') && isCheap(inner.argument);
        case 'BinaryExpression':
          return arithmetic.has(inner.operator) && isCheap(inner.left) && isCheap(inner.right);
        default:
          return false;
      }
    };
    return isCheap(node) && count <= mostRepeated;
  }

  /**
   * Whether an expression has the same value at a later place as where a constant was declared with it: in the same
   * function, without assignments to its names or members between, and with the same meaning of its names.
   */
  isUnchanged(value: Node, declaration: Node, later: Node): boolean {
    const owner = this.#functionAround(later);
    if (owner !== this.#functionAround(declaration)) return false;
    const rest = { start: declaration.end!, end: owner?.end ?? this.#module.program.end! };
    let [isSame, hasMembers] = [true, false];
    walk(value, (each) => {
      if (each.type === 'MemberExpression' && !this.#isOfMath(each)) hasMembers = true;
      if (each.type !== 'Identifier') return undefined;
      const binding = this.scopes.bindings.get(each);
      if (binding && (!this.#isSteady(binding, declaration) || this.#isShadowed(binding, rest)))
        isSame = false;
      return undefined;
    });
    return isSame && !(hasMembers && this.#stores.some((store) => isWithin(store, rest)));
  }

  /** Whether a variable is assigned at most in the head of a loop whose body contains the declaration. */
  #isSteady({ assignments }: Binding, declaration: Node): boolean {
    return assignments.every((each) => {
      const body = this.#bodies.get(each);
      return body !== undefined && isWithin(declaration, body);
    });
  }

  #isShadowed(binding: Binding, range: Range): boolean {
    for (const [node, other] of this.scopes.bindings)
      if (other.name === binding.name && other !== binding && isWithin(node, range)) return true;
    return false;
  }

  #functionAround(node: Node): Node | null {
    const around = this.#functions.filter((each) => each !== node && isWithin(node, each));
    return around.reduce<Node | null>((a, b) => (a && isWithin(a, b) ? a : b), null);
  }

  #mayStore(node: Node): boolean {
    if (node.type === 'AssignmentExpression') return bare(node.left).type !== 'Identifier';
    if (node.type === 'UpdateExpression') return bare(node.argument).type !== 'Identifier';
    return node.type === 'CallExpression' && !this.#isOfMath(node.callee);
  }

  /** Whether a name occurs in an expression. */
  mentions(node: Node, name: string): boolean {
    if (node.type === 'Identifier' && node.name === name) return true;
    return evaluatedChildren(node).some((child) => this.mentions(child, name));
  }

  #isMath({ callee }: CallExpression, name: string): boolean {
    const member = bare(callee);
    return (
      this.#isOfMath(member) &&
      member.type === 'MemberExpression' &&
      member.property.type === 'Identifier' &&
      member.property.name === name
    );
  }

  /** Whether an expression is a function or constant of the global Math. */
  #isOfMath(node: Node): boolean {
    const member = bare(node);
    if (member.type !== 'MemberExpression' || member.computed) return false;
    const { object } = member;
    return object.type === 'Identifier' && object.name === 'Math' && !this.scopes.bindings.has(object);
  }
}

interface Range {
  readonly start?: number | null;
  readonly end?: number | null;
}

function isWithin(inner: Range, outer: Range): boolean {
  return outer.start! <= inner.start! && inner.end! <= outer.end!;
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/']);

export function isNumber(node: Node, value: number): boolean {
  const inner = bare(node);
  return inner.type === 'NumericLiteral' && inner.value === value;
}

function plainArguments({ arguments: given }: CallExpression): readonly Expression[] | null {
  const plain = given.filter(
    (each): each is Expression => each.type !== 'SpreadElement' && each.type !== 'ArgumentPlaceholder',
  );
  return plain.length === given.length ? plain : null;
}

function stripped(node: Node): Node {
  return node.type === 'ParenthesizedExpression' ? stripped(node.expression) : node;
}
