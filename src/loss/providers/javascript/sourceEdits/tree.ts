import type { Node } from '@babel/types';
import { bare, evaluatedChildren, isFunction } from '../../../../autodiff/syntax/nodes';

/** The nodes of a module with their parents, in the order of the text. Types are left out. */
export class Tree {
  readonly #parents = new Map<Node, Node>();

  constructor(program: Node) {
    const visit = (node: Node) => {
      for (const child of evaluatedChildren(node)) {
        this.#parents.set(child, node);
        visit(child);
      }
    };
    visit(program);
  }

  get nodes(): Iterable<Node> {
    return this.#parents.keys();
  }

  parentOf(node: Node): Node | null {
    return this.#parents.get(node) ?? null;
  }

  /**
   * Whether an expression belongs to a function that the module declares, which may be part of the loss; not to code that runs
   * while the module is loaded, such as a callback that makes data.
   */
  isInFunction(node: Node): boolean {
    let outermost: Node | null = null;
    for (let each: Node | null = node; each; each = this.parentOf(each))
      if (isFunction(each)) outermost = each;
    if (outermost === null) return false;
    let around = this.parentOf(outermost);
    while (around && bare(around) === outermost) around = this.parentOf(around);
    return around?.type !== 'CallExpression' && around?.type !== 'NewExpression';
  }
}
