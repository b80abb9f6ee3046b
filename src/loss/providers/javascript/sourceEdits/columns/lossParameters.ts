import type { Expression, Node } from '@babel/types';
import { bare, isFunction, walk } from '../../../../../autodiff/syntax/nodes';
import type { Binding } from '../../../../../autodiff/syntax/scopes';
import type { Code } from '../code';

/** The functions of lists that call back with each element, by the place of the element among the parameters. */
export const callbacks: Readonly<Record<string, number>> = { forEach: 0, map: 0, reduce: 1 };

/** Functions of lists that return a part of them. */
const parts: ReadonlySet<string> = new Set(['slice', 'subarray']);

type FunctionNode = Extract<Node, { params: unknown }>;

/**
 * The names that stand for parameters of the loss: its own parameters, what is unpacked from them, and parameters of other functions
 * of the module that are called with such values. An element of the data that a callback gets is none, nor is the context.
 */
export class LossParameters {
  readonly #code: Code;
  readonly #known = new Set<Binding>();

  /** @param patterns  the parameters of functions that stand for the parameters of the loss */
  constructor(patterns: readonly Node[], code: Code) {
    this.#code = code;
    for (const each of patterns) this.#bind(each);
    const calls: Node[] = [];
    walk(code.program, (node) => {
      if (
        node.type === 'CallExpression' ||
        node.type === 'VariableDeclarator' ||
        node.type === 'ForOfStatement'
      )
        calls.push(node);
      return undefined;
    });
    // Until nothing is added: a name may be used before the call that makes it a parameter.
    for (let before = -1; before < this.#known.size; ) {
      before = this.#known.size;
      for (const each of calls) this.#follow(each);
    }
  }

  /** A parameter, a member or a part of one. */
  readonly has = (node: Node): boolean => {
    const inner = bare(node);
    if (inner.type === 'MemberExpression') return this.has(inner.object);
    if (inner.type === 'CallExpression') {
      const callee = bare(inner.callee);
      return (
        callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        parts.has(callee.property.name) &&
        this.has(callee.object)
      );
    }
    const binding = this.#code.scopes.bindings.get(inner);
    return binding !== undefined && this.#known.has(binding);
  };

  #follow(node: Node): void {
    if (node.type === 'VariableDeclarator') {
      if (node.init && this.has(node.init)) this.#bind(node.id);
      return;
    }
    if (node.type === 'ForOfStatement') {
      if (node.left.type === 'VariableDeclaration' && this.has(node.right))
        this.#bind(node.left.declarations[0]!.id);
      return;
    }
    if (node.type !== 'CallExpression') return;
    const callee = bare(node.callee);
    if (callee.type === 'MemberExpression' && this.has(callee.object)) {
      const name = callee.property.type === 'Identifier' ? callee.property.name : '';
      const callback = node.arguments[0];
      const place = Object.hasOwn(callbacks, name) ? callbacks[name]! : null;
      if (callback && isFunction(callback) && place !== null) {
        const element = (callback as FunctionNode).params[place];
        if (element) this.#bind(element);
      }
      return;
    }
    const called = this.#calledBy(callee);
    for (const [i, each] of node.arguments.entries()) {
      const parameter = called?.params[i];
      if (parameter && this.has(each)) this.#bind(parameter);
    }
  }

  #calledBy(callee: Expression | Node): FunctionNode | null {
    if (isFunction(callee)) return callee as FunctionNode;
    const declaration = this.#code.scopes.bindings.get(callee)?.declaration;
    const value = declaration?.type === 'VariableDeclarator' ? declaration.init : declaration;
    const inner = value && bare(value);
    return inner && isFunction(inner) ? (inner as FunctionNode) : null;
  }

  #bind(pattern: Node): void {
    switch (pattern.type) {
      case 'Identifier': {
        const binding = this.#code.scopes.bindings.get(pattern);
        if (binding && !binding.isModule) this.#known.add(binding);
        return;
      }
      case 'AssignmentPattern':
        this.#bind(pattern.left);
        return;
      case 'RestElement':
        this.#bind(pattern.argument);
        return;
      case 'ArrayPattern':
        for (const each of pattern.elements) if (each) this.#bind(each);
        return;
      case 'ObjectPattern':
        for (const each of pattern.properties)
          this.#bind(each.type === 'ObjectProperty' ? each.value : each.argument);
    }
  }
}

/** The parameters of a function. */
export function parametersOf(node: Node): readonly Node[] {
  return (node as FunctionNode).params as Node[];
}

/** The parameters of a loss without its context, which is an object in a later place. */
export function withoutContext(parameters: readonly Node[]): readonly Node[] {
  return parameters.filter((each, i) => i === 0 || each.type !== 'ObjectPattern');
}

/**
 * The functions that an export `fit`, `losses.fit`, `Model.loss` or `default` may name: of its declaration, the one with the last name,
 * or else all that are not nested in others. Without a name, all functions of exports.
 */
export function functionsOf(exportName: string | null, code: Code): Node[] {
  const [first, ...rest] = exportName?.split('.') ?? [];
  const declaration = first === undefined ? undefined : code.scopes.top.get(first)?.declaration;
  const found = outermost(declaration ?? code.program);
  const last = rest.at(-1);
  const named = found.filter((each) => last !== undefined && nameOf(each, code) === last);
  return named.length > 0 ? named : found;
}

function outermost(node: Node): Node[] {
  const found: Node[] = [];
  walk(node, (each) => {
    if (!isFunction(each)) return undefined;
    found.push(each);
    return false;
  });
  return found;
}

/** The name of a method, or of the property whose value a function is. */
function nameOf(node: Node, code: Code): string | null {
  if ('key' in node && (node.key as Node).type === 'Identifier') return (node.key as { name: string }).name;
  const before = /([\w$]+)\s*[:=]\s*$/.exec(code.slice(Math.max(0, node.start! - 100), node.start!));
  return before?.[1] ?? null;
}
