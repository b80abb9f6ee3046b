import type { Node } from '@babel/types';
import { bare } from '../../../../../autodiff/syntax/nodes';
import type { Binding } from '../../../../../autodiff/syntax/scopes';
import type { Code } from '../code';
import type { Tree } from '../tree';
import { callbacks } from './lossParameters';
import { isFactorOfParameter } from './products';

/** A part of the data: each value of a list, a column of its rows by index or (after a point) by name, or all columns of its rows. */
export type ColumnKey = 'value' | 'all' | number | `.${string}`;

/** What is known about a module as a whole. */
export interface ModuleFacts {
  readonly code: Code;
  readonly tree: Tree;
  /** Whether an expression is a parameter of the loss. */
  readonly isParameter: (node: Node) => boolean;
  /** Whether a node may run while the module is loaded. */
  readonly runsAtLoad: (node: Node) => boolean;
}

/**
 * How functions of a module use a list of data. Followed are elements by index, `for … of`, callbacks of forEach, map and reduce,
 * members and patterns, and constants with such values. Any other use, except of the length, ends the search: then what the data mean
 * is not known. So does a use while the module is loaded, where the data may make other data.
 */
export class DataUses {
  /** The columns whose every use is a factor beside a parameter; null if a use is not known. */
  readonly keys: readonly ColumnKey[] | null;
  /** The uses of the list that iterate over it, in functions. */
  readonly lists: Node[] = [];
  readonly #code: Code;
  readonly #runsAtLoad: (node: Node) => boolean;
  readonly #tree: Tree;
  readonly #uses = new Map<ColumnKey, Node[]>();
  #isKnown = true;

  constructor(binding: Binding, { code, tree, isParameter, runsAtLoad }: ModuleFacts) {
    this.#code = code;
    this.#tree = tree;
    this.#runsAtLoad = runsAtLoad;
    for (const use of this.#referencesOf(binding)) this.#list(use);
    const factors = [...this.#uses].filter(([, nodes]) =>
      nodes.every((node) => isFactorOfParameter(node, isParameter, tree, this.#isDatum)),
    );
    // Rows are used by index, by name or as a whole.
    const kinds = new Set(
      [...this.#uses.keys()].map((key) => (key === 'value' || key === 'all' ? key : typeof key)),
    );
    this.keys = this.#isKnown && kinds.size === 1 ? factors.map(([key]) => key) : null;
  }

  readonly #isDatum = (node: Node): boolean => [...this.#uses.values()].some((nodes) => nodes.includes(node));

  /** The uses of a name after its declaration. */
  #referencesOf(binding: Binding): Node[] {
    return [...this.#code.scopes.bindings].flatMap(([node, each]) =>
      each === binding && !this.#isDeclaration(node) ? [node] : [],
    );
  }

  #isDeclaration(node: Node): boolean {
    const parent = this.#tree.parentOf(node);
    switch (parent?.type) {
      case 'VariableDeclarator':
        return parent.id === node;
      case 'ObjectProperty':
        return parent.value === node && this.#tree.parentOf(parent)?.type === 'ObjectPattern';
      case 'MemberExpression':
      case 'CallExpression':
      case 'BinaryExpression':
      case 'ForOfStatement':
        return false;
      default:
        return (
          parent === null ||
          parent?.type === undefined ||
          parent.type.startsWith('Import') ||
          parent.type === 'ArrayPattern' ||
          parent.type === 'AssignmentPattern' ||
          ('params' in parent && (parent.params as Node[]).includes(node))
        );
    }
  }

  /** The node with the parentheses and assertions around it. */
  #whole(node: Node): Node {
    const parent = this.#tree.parentOf(node);
    return parent && bare(parent) === bare(node) ? this.#whole(parent) : node;
  }

  #list(use: Node): void {
    if (this.#runsAtLoad(use)) {
      this.#fail();
      return;
    }
    const whole = this.#whole(use);
    const parent = this.#tree.parentOf(whole);
    if (parent?.type === 'ForOfStatement' && parent.right === whole) {
      this.lists.push(use);
      const declaration = parent.left.type === 'VariableDeclaration' ? parent.left.declarations[0] : null;
      if (declaration) this.#bound(declaration.id, (node) => this.#element(node));
      else this.#fail();
      return;
    }
    if (parent?.type !== 'MemberExpression' || parent.object !== whole) {
      this.#fail();
      return;
    }
    if (parent.computed) {
      // An index into imported data would be a use of the whole list at every step of a loop.
      this.lists.push(use, use);
      this.#value(parent, (node) => this.#element(node));
      return;
    }
    const name = parent.property.type === 'Identifier' ? parent.property.name : '';
    if (name === 'length') return;
    const element = this.#callbackElement(parent, name);
    if (element === undefined) {
      this.#fail();
      return;
    }
    this.lists.push(use);
    if (element) this.#bound(element, (node) => this.#element(node));
  }

  /** The parameter for an element, of the callback of a call of a member; null without one, undefined if it is no such call. */
  #callbackElement(member: Node, name: string): Node | null | undefined {
    const call = this.#tree.parentOf(this.#whole(member));
    const place = Object.hasOwn(callbacks, name) ? callbacks[name] : undefined;
    if (call?.type !== 'CallExpression' || place === undefined) return undefined;
    const callback = call.arguments[0];
    if (callback?.type !== 'ArrowFunctionExpression' && callback?.type !== 'FunctionExpression')
      return undefined;
    // The list itself, as the last argument.
    if (callback.params.length > place + 2) return undefined;
    return callback.params[place] ?? null;
  }

  /** A row or a value of the list. */
  #element(node: Node): void {
    const whole = this.#whole(node);
    const parent = this.#tree.parentOf(whole);
    if (parent?.type === 'MemberExpression' && parent.object === whole) {
      const { property } = parent;
      if (parent.computed) {
        const inner = bare(property);
        const key: ColumnKey = inner.type === 'NumericLiteral' ? inner.value : 'all';
        this.#value(parent, (each) => this.#use(key, each));
        return;
      }
      const name = property.type === 'Identifier' ? property.name : '';
      if (name === 'length') return;
      const element = this.#callbackElement(parent, name);
      if (element === null) return;
      if (element) {
        this.#bound(element, (each) => this.#use('all', each));
        return;
      }
      this.#value(parent, (each) => this.#use(`.${name}`, each));
      return;
    }
    this.#use('value', node);
  }

  /** An expression, or the constant that it is the value of. */
  #value(node: Node, then: (node: Node) => void): void {
    const whole = this.#whole(node);
    const parent = this.#tree.parentOf(whole);
    if (parent?.type === 'VariableDeclarator' && parent.init === whole) this.#bound(parent.id, then);
    else then(node);
  }

  /** The uses of what a pattern binds. */
  #bound(pattern: Node, then: (node: Node) => void): void {
    switch (pattern.type) {
      case 'Identifier': {
        const binding = this.#code.scopes.bindings.get(pattern);
        if (!binding || binding.assignments.length > 0) {
          this.#fail();
          return;
        }
        for (const use of this.#referencesOf(binding)) if (use !== pattern) this.#value(use, then);
        return;
      }
      case 'ArrayPattern':
        for (const [k, each] of pattern.elements.entries())
          if (each) this.#bound(each, (node) => this.#use(k, node));
        return;
      case 'ObjectPattern':
        for (const each of pattern.properties) {
          if (each.type === 'ObjectProperty' && !each.computed && each.key.type === 'Identifier') {
            const { name } = each.key;
            this.#bound(each.value, (node) => this.#use(`.${name}`, node));
          } else this.#fail();
        }
        return;
      default:
        this.#fail();
    }
  }

  #use(key: ColumnKey, node: Node): void {
    const known = this.#uses.get(key);
    if (known) known.push(node);
    else this.#uses.set(key, [node]);
  }

  #fail(): void {
    this.#isKnown = false;
  }
}
